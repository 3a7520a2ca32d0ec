"""What a metric monitor's payload says about its evaluation."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any, Literal

from msgspec import Struct

from generator.query.inspection import calls, group_keys, has_modifier, leaves, nodes
from generator.query.nodes import (
    AsCount,
    Binary,
    Call,
    Expression,
    MonitorQuery,
    Number,
    TimeAggregation,
    Window,
)
from generator.query.parser import parse_metric_monitor
from generator.query.printer import print_query
from generator.simulate.formula import formula_query
from generator.simulate.refusal import NotSimulated

METRIC_TYPES = frozenset({"query alert", "metric alert"})
MissingData = Literal["default", "show_no_data", "show_and_notify_no_data", "resolve"]
Likelihood = Literal["yes", "perhaps", "no"]
_UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 730 * 3600}
_LONGEST_WINDOW = 31 * 86_400
_NEW_HOST_SECONDS = 300


class Thresholds(Struct, frozen=True, kw_only=True):
    critical: float
    warning: float | None = None
    critical_recovery: float | None = None
    warning_recovery: float | None = None


class Renotify(Struct, frozen=True, kw_only=True):
    """Minutes between reminders (0 is never), for which states, how many (None: no limit)."""

    interval: int = 0
    statuses: tuple[str, ...] = ("alert", "no data")
    occurrences: int | None = None


class Monitor(Struct, frozen=True, kw_only=True):
    """Seconds, unless the name says otherwise. `window_seconds` is None for windows such as `current_1d`.

    `missing` is None where only older options say what missing data means. `counts` is whether it counts, so that no
    data is 0: what sums over sources without `.as_count()` perhaps does. `mixes_counts` is whether `totals_first` is
    documented of simpler queries only. `notify_by` is None where each group is told of by itself.
    """

    expression: Expression
    function: str
    window: Window
    window_seconds: int | None
    totals_first: bool
    mixes_counts: bool
    is_formula: bool
    comparator: str
    thresholds: Thresholds
    delay: int
    missing: MissingData | None
    notifies_no_data: bool
    no_data_minutes: int | None
    counts: Likelihood
    full_window: bool
    new_group_delay: int | None
    notify_by: tuple[str, ...] | None
    renotify: Renotify
    resolve_after_hours: int
    scheduling: Mapping[str, Any]

    @property
    def custom_schedule(self) -> Mapping[str, Any] | None:
        recurrences = _mapping(self.scheduling.get("custom_schedule")).get("recurrences")
        return _mapping(recurrences[0]) if isinstance(recurrences, list) and recurrences else None

    @property
    def compares(self) -> Callable[[Any, float], Any]:
        return COMPARISONS[self.comparator]


COMPARISONS: dict[str, Callable[[Any, float], Any]] = {
    ">": lambda value, bound: value > bound,
    ">=": lambda value, bound: value >= bound,
    "<": lambda value, bound: value < bound,
    "<=": lambda value, bound: value <= bound,
    "==": lambda value, bound: value == bound,
    "!=": lambda value, bound: value != bound,
}


def monitor(payload: Mapping[str, Any]) -> Monitor:
    """Read a payload; raises `NotSimulated` for what is no metric monitor."""
    if str(payload.get("type")) not in METRIC_TYPES:
        raise NotSimulated("a monitor of another type: only metric monitors are simulated")
    written = parse_metric_monitor(str(payload.get("query") or ""))
    query = written if isinstance(written, MonitorQuery) else formula_query(payload)
    if query is None:
        raise NotSimulated("its query cannot be read")
    if not leaves(query.expression):
        raise NotSimulated("a query of no metric", query)
    options = _mapping(payload.get("options"))
    window = query.aggregation.window
    return Monitor(
        expression=_expression(query),
        function=_function(query.aggregation),
        window=window,
        window_seconds=_window_seconds(window),
        totals_first=_totals_first(query),
        mixes_counts=_mixes_counts(query),
        is_formula=query is not written,
        comparator=query.comparator,
        thresholds=_thresholds(query, _mapping(options.get("thresholds"))),
        delay=_seconds(options.get("evaluation_delay")) or 0,
        missing=_missing(options),
        notifies_no_data=options.get("notify_no_data") is True,
        no_data_minutes=_seconds(options.get("no_data_timeframe")),
        counts=_counts(query),
        full_window=options.get("require_full_window") is True,
        new_group_delay=_new_group_delay(options, group_keys(query)),
        notify_by=_notify_by(options, group_keys(query)),
        renotify=renotify(options),
        resolve_after_hours=_seconds(options.get("timeout_h")) or 0,
        scheduling=_mapping(options.get("scheduling_options")),
    )


def _expression(query: MonitorQuery) -> Expression:
    """Changes are computed point by point, from the series and itself so long ago
    (https://docs.datadoghq.com/monitors/types/change-alert/).
    """
    change = query.aggregation.change
    if change is None:
        return query.expression
    seconds = _window_seconds(change.shift)
    before = Call("timeshift", (query.expression, Number(-float(seconds or 0))), span=query.expression.span)
    difference = Binary("-", query.expression, before)
    return difference if change.kind == "change" else Binary("*", Binary("/", difference, before), Number(100.0))


def _totals_first(query: MonitorQuery) -> bool:
    """Whether leaves are totalled over the window before any arithmetic
    (https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/).
    """
    change = query.aggregation.change
    if change is not None:
        return change.kind == "pct_change" and has_modifier(query, AsCount)
    is_arithmetic = any(isinstance(node, Binary) for node in nodes(query))
    return is_arithmetic and has_modifier(query, AsCount)


def _mixes_counts(query: MonitorQuery) -> bool:
    is_plain = all(any(isinstance(each, AsCount) for each in leaf.modifiers) for leaf in leaves(query))
    return not is_plain or any(True for _ in calls(query))


def _counts(query: MonitorQuery) -> Likelihood:
    """Counts, says one page, and what is summed or counted, says another
    (https://docs.datadoghq.com/monitors/configuration/#no-data,
    https://docs.datadoghq.com/monitors/guide/on_missing_data/).
    """
    if has_modifier(query, AsCount):
        return "yes"
    return "perhaps" if all(leaf.space in ("sum", "count") for leaf in leaves(query.expression)) else "no"


def _function(aggregation: TimeAggregation) -> str:
    if aggregation.function not in ("avg", "sum", "min", "max"):
        raise NotSimulated(f"`{aggregation.function}` of a distribution over a window", aggregation)
    return aggregation.function


def _window_seconds(window: Window) -> int | None:
    if window.kind == "next":
        raise NotSimulated(f"`{print_query(window)}`: the future is only forecast", window)
    seconds = window.amount * _UNITS[window.unit]
    if seconds > _LONGEST_WINDOW:
        raise NotSimulated(f"`{print_query(window)}`: a window is a month at most", window)
    return None if window.kind == "current" else seconds


def _thresholds(query: MonitorQuery, options: Mapping[str, Any]) -> Thresholds:
    critical = options.get("critical") if isinstance(query.threshold, str) else query.threshold
    found = {name: _number(options.get(name)) for name in ("warning", "critical_recovery", "warning_recovery")}
    number = _number(critical)
    if number is None:
        raise NotSimulated("a threshold that another query computes", query)
    return Thresholds(critical=number, **found)


def _missing(options: Mapping[str, Any]) -> MissingData | None:
    """A custom schedule needs it, and Datadog leaves `default` out of its answers beside it."""
    found = options.get("on_missing_data")
    if found is None and _mapping(options.get("scheduling_options")).get("custom_schedule"):
        return "default"
    return found if found in ("default", "show_no_data", "show_and_notify_no_data", "resolve") else None


def _new_group_delay(options: Mapping[str, Any], keys: tuple[str, ...]) -> int | None:
    """The older delay is one of hosts, and 300 s where Datadog fills it in
    (https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor).
    """
    found = _seconds(options.get("new_group_delay"))
    if found is not None or "host" not in keys:
        return found
    older = _seconds(options.get("new_host_delay"))
    return _NEW_HOST_SECONDS if older is None else older


def _notify_by(options: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[str, ...] | None:
    """The keys of what is told of at once; none for the monitor as a whole
    (https://docs.datadoghq.com/monitors/guide/alert_aggregation/).
    """
    found = options.get("notify_by")
    if not isinstance(found, list) or not found or not keys:
        return None
    wanted = tuple(sorted(key for key in keys if key in found))
    return None if len(wanted) == len(keys) or not (wanted or "*" in found) else wanted


def renotify(options: Mapping[str, Any]) -> Renotify:
    statuses = options.get("renotify_statuses")
    return Renotify(
        interval=_seconds(options.get("renotify_interval")) or 0,
        statuses=tuple(map(str, statuses)) if isinstance(statuses, list) and statuses else ("alert", "no data"),
        occurrences=_seconds(options.get("renotify_occurrences")),
    )


def _seconds(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST_WINDOW else None


def _number(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) <= sys.float_info.max:
        return None
    return float(value)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
