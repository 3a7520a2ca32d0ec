"""Any metric query: https://docs.datadoghq.com/monitors/types/metric/.

The query says what is compared with what; the other fields are Datadog's options, with durations for bare numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from generator.explain.durations import window_lasting
from generator.explain.monitor import Context, KindProblem, Monitor
from generator.explain.office import zone_of
from generator.explain.thresholds import Thresholds, number_words, threshold_options, threshold_problems
from generator.explain.written_options import written_options
from generator.query.inspection import group_keys, has_function
from generator.query.nodes import MonitorQuery
from generator.query.parser import parse_metric_monitor
from generator.query.printer import print_query
from generator.query.problem import SyntaxProblem
from generator.schedule.fields import DurationText, LocalTimeText, parse_duration

MissingData = Literal["default", "resolve", "show_and_notify_no_data", "show_no_data"]
RenotifyState = Literal["alert", "no data", "warn"]
Preset = Literal[
    "hide_all",
    "hide_handles",
    "hide_handles_and_footer",
    "hide_query",
    "hide_query_and_handles",
    "show_all",
    "show_only_snapshot",
]
Times = Annotated[int, Meta(ge=1)]
Hours = Annotated[int, Meta(ge=0, le=24)]
MinuteOfHour = Annotated[int, Meta(ge=0, le=59)]
Start = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$(?!\n)")]

DATADOG_NAMES: Mapping[str, str] = {
    "options": "Datadog's `options` stand beside `query` here, without `options`",
    "notify_no_data": "Datadog's `notify_no_data` is `on_missing_data: show_and_notify_no_data` here",
    "no_data_timeframe": "with `on_missing_data` the query's window says how long data must be missing",
    "renotify_interval": "Datadog's `renotify_interval` is `renotify: {every: 1h}` here",
    "renotify_occurrences": "Datadog's `renotify_occurrences` is `renotify: {every: 1h, times: 3}` here",
    "renotify_statuses": "Datadog's `renotify_statuses` is `renotify: {every: 1h, for: [alert, no data]}` here",
    "new_host_delay": "Datadog replaced `new_host_delay` by `new_group_delay`, such as `5m`",
    "scheduling_options": "Datadog's `scheduling_options` are `evaluation_window` or `custom_schedule` here",
    "group_retention_duration": "write `kind: raw`, which takes `group_retention_duration` among its `options`",
}
"""What to write for a field that Datadog has and we have not under that name."""
_LONGEST_DELAY = timedelta(hours=24)
_NO_THRESHOLDS = Thresholds()
# These bear Datadog's own name and unit.
_PLAIN_OPTIONS = (
    "require_full_window",
    "on_missing_data",
    "notify_by",
    "include_tags",
    "timeout_h",
    "notify_audit",
    "escalation_message",
    "notification_preset_name",
)


class Renotify(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Tells again what nobody has mended."""

    every: Annotated[DurationText, Meta(description="How long after the last notification, in whole minutes.")]
    times: Annotated[Times | UnsetType, Meta(description="How often at most.")] = UNSET
    states: Annotated[
        list[RenotifyState] | UnsetType, Meta(description="In which states; alert and no data by default.")
    ] = field(name="for", default=UNSET)


class ThresholdWindows(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How long a value must be anomalous, and how long normal again; only with `anomalies(…)`."""

    trigger: Annotated[DurationText, Meta(description="Anomalous for this long alerts.")]
    recovery: Annotated[DurationText, Meta(description="Normal for this long recovers.")]


class EvaluationWindow(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a `current_…` window of the query starts."""

    hour_starts: Annotated[MinuteOfHour | UnsetType, Meta(description="Minute at which `current_1h` starts.")] = UNSET
    day_starts: Annotated[LocalTimeText | UnsetType, Meta(description="Time at which `current_1d` starts.")] = UNSET
    month_starts: Annotated[Literal[1] | UnsetType, Meta(description="Day on which `current_1mo` starts.")] = UNSET
    timezone: Annotated[str | UnsetType, Meta(description="The organisation's zone by default.")] = UNSET


class CustomSchedule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Evaluates at set times instead of every minute."""

    rrule: Annotated[str, Meta(description="Such as `FREQ=WEEKLY;INTERVAL=1;BYDAY=MO`; at most once a day.")]
    start: Annotated[Start, Meta(description="The first evaluation in local time: `2024-01-01T10:00:00`.")]
    timezone: Annotated[str | UnsetType, Meta(description="The organisation's zone by default.")] = UNSET


class Parameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A metric query with its comparator and number, and what Datadog does about it."""

    query: Annotated[str, Meta(description="Such as `avg(last_5m):avg:system.load.1{env:prod} by {host} > 4`.")]
    thresholds: Annotated[
        Thresholds | UnsetType, Meta(description="Beside the critical one, which is the query's number.")
    ] = UNSET
    evaluation_delay: Annotated[
        DurationText | UnsetType, Meta(description="Reads so long ago, for metrics that come late; at most `24h`.")
    ] = UNSET
    require_full_window: Annotated[
        bool | UnsetType, Meta(description="Skips evaluations of a window that has gaps; not for sparse metrics.")
    ] = UNSET
    on_missing_data: Annotated[MissingData | UnsetType, Meta(description="What a window without data means.")] = UNSET
    renotify: Annotated[Renotify | UnsetType, Meta(description="Tells again what nobody has mended.")] = UNSET
    new_group_delay: Annotated[
        DurationText | UnsetType, Meta(description="How long a new group is not judged; Datadog's default is `60s`.")
    ] = UNSET
    timeout_h: Annotated[Hours | UnsetType, Meta(description="Hours without data after which an alert ends.")] = UNSET
    notify_by: Annotated[
        list[str] | UnsetType, Meta(description="Fewer group keys to notify by; `*` is one notification for all.")
    ] = UNSET
    include_tags: Annotated[bool | UnsetType, Meta(description="Whether titles name the triggering tags.")] = UNSET
    notify_audit: Annotated[bool | UnsetType, Meta(description="Tells those it notifies of each edit.")] = UNSET
    escalation_message: Annotated[str | UnsetType, Meta(description="The text of a renotification.")] = UNSET
    notification_preset_name: Annotated[Preset | UnsetType, Meta(description="What a notification shows.")] = UNSET
    threshold_windows: Annotated[
        ThresholdWindows | UnsetType, Meta(description="How long a value is anomalous; only with `anomalies(…)`.")
    ] = UNSET
    evaluation_window: Annotated[
        EvaluationWindow | UnsetType, Meta(description="When a `current_…` window starts.")
    ] = UNSET
    custom_schedule: Annotated[
        CustomSchedule | UnsetType, Meta(description="Evaluates at set times instead of every minute.")
    ] = UNSET


def monitors(parameters: Parameters, context: Context) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:
    """One monitor with the query in its canonical form."""
    query = parse_metric_monitor(parameters.query)
    if isinstance(query, SyntaxProblem):
        return (KindProblem(("query",), "query-syntax", query.message, query.hint, start=query.start, end=query.end),)
    problems = tuple(_problems(parameters, query))
    if problems:
        return problems
    return (Monitor(type="query alert", query=print_query(query), options=_options(parameters, query, context)),)


def _options(parameters: Parameters, query: MonitorQuery, context: Context) -> dict[str, Any]:
    plain = {name: value for name in _PLAIN_OPTIONS if (value := getattr(parameters, name)) is not UNSET}
    return {
        "thresholds": threshold_options(parameters.thresholds or _NO_THRESHOLDS, float(query.threshold)),
        **plain,
        **_delays(parameters),
        **_renotification(parameters.renotify),
        **_threshold_windows(parameters.threshold_windows),
        **_scheduling(parameters, context),
    }


def _delays(parameters: Parameters) -> dict[str, int]:
    given = {"evaluation_delay": parameters.evaluation_delay, "new_group_delay": parameters.new_group_delay}
    return {name: _seconds(text) for name, text in given.items() if text is not UNSET}


def _renotification(renotify: Renotify | UnsetType) -> dict[str, Any]:
    if renotify is UNSET:
        return {}
    given = {"renotify_occurrences": renotify.times, "renotify_statuses": renotify.states}
    return {"renotify_interval": _seconds(renotify.every) // 60} | _given(given)


def _threshold_windows(windows: ThresholdWindows | UnsetType) -> dict[str, Any]:
    if windows is UNSET:
        return {}
    return {
        "threshold_windows": {
            "trigger_window": print_query(window_lasting(parse_duration(windows.trigger))),
            "recovery_window": print_query(window_lasting(parse_duration(windows.recovery))),
        }
    }


def _scheduling(parameters: Parameters, context: Context) -> dict[str, Any]:
    window, schedule = parameters.evaluation_window, parameters.custom_schedule
    if window is not UNSET:
        starts = {name: getattr(window, name) for name in ("hour_starts", "day_starts", "month_starts")}
        options = {"evaluation_window": _given(starts) | {"timezone": window.timezone or context.timezone}}
        return {"scheduling_options": options}
    if schedule is not UNSET:
        zone = schedule.timezone or context.timezone
        recurrence = {"rrule": schedule.rrule, "start": schedule.start, "timezone": zone}
        # Datadog refuses a custom schedule that leaves on_missing_data open.
        missing = {} if parameters.on_missing_data else {"on_missing_data": "default"}
        return {**missing, "scheduling_options": {"custom_schedule": {"recurrences": [recurrence]}}}
    return {}


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not UNSET}


def _seconds(text: str) -> int:
    return int(parse_duration(text).total_seconds())


# What Datadog refuses. Judgement is lint's.


def _problems(parameters: Parameters, query: MonitorQuery) -> Iterator[KindProblem]:
    yield from _critical_problems(parameters, query)
    yield from _group_problems(parameters, query)
    yield from _duration_problems(parameters)
    yield from _missing_data_problems(parameters, query)
    yield from _schedule_problems(parameters, query)


def _critical_problems(parameters: Parameters, query: MonitorQuery) -> Iterator[KindProblem]:
    if isinstance(query.threshold, str):
        hint = "write a number, or `kind: raw` with Datadog's `critical_query`"
        message = "the query compares with the word `threshold`, not with a number"
        start, end = query.threshold_span
        yield KindProblem(("query",), "wrong-threshold", message, hint, start=start, end=end)
        return
    thresholds = parameters.thresholds or _NO_THRESHOLDS
    if thresholds.critical is not UNSET and thresholds.critical != query.threshold:
        found, asked = number_words(thresholds.critical), number_words(query.threshold)
        message = f"`critical` is `{found}`, but the query compares with `{asked}`"
        yield KindProblem(("thresholds", "critical"), "wrong-threshold", message, "write the number in the query only")
    yield from threshold_problems(thresholds, query.comparator, query.threshold)


def _group_problems(parameters: Parameters, query: MonitorQuery) -> Iterator[KindProblem]:
    keys = group_keys(query)
    for name in ("new_group_delay", "notify_by"):
        if getattr(parameters, name) is not UNSET and not keys:
            message = f"`{name}` is for a query with groups, and this query has none"
            yield KindProblem((name,), "wrong-value", message, f"add `by {{…}}` to the query, or remove `{name}`")
    unknown = [key for key in parameters.notify_by or () if key not in {*keys, "*"}]
    if keys and unknown:
        message = f"`notify_by` names `{unknown[0]}`, by which the query does not group"
        choices = ", ".join(f"`{key}`" for key in (*keys, "*"))
        yield KindProblem(("notify_by",), "wrong-value", message, f"choose from {choices}")


def _duration_problems(parameters: Parameters) -> Iterator[KindProblem]:
    delay = parameters.evaluation_delay
    if delay is not UNSET and parse_duration(delay) > _LONGEST_DELAY:
        message = f"`evaluation_delay` is `{delay}`, more than Datadog's limit of `24h`"
        yield KindProblem(("evaluation_delay",), "wrong-value", message, "write `24h` or less")
    renotify, windows = parameters.renotify, parameters.threshold_windows
    if renotify is not UNSET:
        yield from _whole_minutes(renotify.every, ("renotify", "every"))
    if windows is not UNSET:
        yield from _whole_minutes(windows.trigger, ("threshold_windows", "trigger"))
        yield from _whole_minutes(windows.recovery, ("threshold_windows", "recovery"))


def _whole_minutes(text: str, where: tuple[str, str]) -> Iterator[KindProblem]:
    if _seconds(text) % 60 or not _seconds(text):
        message = f"`{'.'.join(where)}` is `{text}`, not whole minutes"
        yield KindProblem(where, "wrong-value", message, "write minutes or hours, such as `30m`")


def _missing_data_problems(parameters: Parameters, query: MonitorQuery) -> Iterator[KindProblem]:
    found = parameters.on_missing_data or "default"
    if found != "default" and has_function(query, "default_zero"):
        message = f"`on_missing_data` is `{found}`, but with `default_zero()` no data is missing"
        yield KindProblem(("on_missing_data",), "wrong-value", message, "remove one of the two")


def _schedule_problems(parameters: Parameters, query: MonitorQuery) -> Iterator[KindProblem]:
    window, schedule = parameters.evaluation_window, parameters.custom_schedule
    is_current = query.aggregation.window.kind == "current"
    if is_current and window is UNSET:
        message = "the query reads a `current_…` window, but nothing says when it starts"
        hint = 'add `evaluation_window`, such as `{hour_starts: 0}` or `{day_starts: "00:00"}`'
        yield KindProblem((), "missing-field", message, hint)
    if window is not UNSET and not is_current:
        message = "`evaluation_window` is for a `current_…` window, and the query reads a rolling one"
        yield KindProblem(("evaluation_window",), "wrong-value", message, "remove it, or write `current_1d`")
    if window is not UNSET and schedule is not UNSET:
        message = "`custom_schedule` and `evaluation_window` exclude each other"
        yield KindProblem(("custom_schedule",), "wrong-value", message, "remove one of the two")
    if schedule is not UNSET and parameters.require_full_window is True:
        message = "`require_full_window` is `true`, which Datadog refuses beside `custom_schedule`"
        yield KindProblem(("require_full_window",), "wrong-value", message, "remove it")
    for name, found in (("evaluation_window", window), ("custom_schedule", schedule)):
        if found is not UNSET and found.timezone is not UNSET:
            zone = zone_of(found.timezone, where=(name, "timezone"))
            if isinstance(zone, KindProblem):
                yield zone


def fields_of(monitor: Mapping[str, Any], written: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that give such a monitor, as far as they can be read off it; `written` are those of the YAML."""
    plain = {name: value for name, value in monitor["options"].items() if name in _PLAIN_OPTIONS}
    return {"query": monitor["query"], **plain, **written_options(monitor["options"], written)}
