"""The windows of an anomaly monitor's options and of its query do not go together.

An anomaly monitor needs `threshold_windows` with a `trigger_window` and a `recovery_window`; the first must be the
query's `alert_window` (https://docs.datadoghq.com/monitors/types/anomaly/#api). A recovery window must not be longer
than that, nor so short that it can be normal while the whole is not, which Datadog refuses ("alert and alert recovery
criteria are such that the monitor can be simultaneously in alert and alert recovery states"). A monitor without
`anomalies` has no use for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.algorithms import duration_seconds, keyword, text_seconds
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor, number_text
from generator.lint.rule import Complaint, Elsewhere, Replacement
from generator.query.inspection import calls, threshold
from generator.query.nodes import MonitorQuery, StringLiteral

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (MonitorQuery,)

_FIELD = ("options", "threshold_windows")
_MINUTE = 60


def findings(node: MonitorQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if "threshold_windows" in monitor.options or "anomalies(" in monitor.text:
        return _complaints(node, monitor)
    return ()


def _complaints(node: MonitorQuery, monitor: RenderedMonitor) -> Iterator[Complaint]:
    windows = monitor.options.get("threshold_windows")
    named = {name: text for name, text in windows.items() if text} if isinstance(windows, Mapping) else {}
    call = next((each for each in calls(node) if each.name == "anomalies"), None)
    if call is None:
        if named:
            hint = "leave the option out, or wrap the query in `anomalies(…)`"
            yield Complaint("`threshold_windows` is for `anomalies`, which the query does not have", _FIELD, hint=hint)
        return
    alert = keyword(call, "alert_window")
    if isinstance(alert, StringLiteral):
        missing = [name for name in ("trigger_window", "recovery_window") if name not in named]
        if missing:
            yield _missing(missing[0], alert)
        else:
            yield from _mismatches(named, alert, monitor)


def _missing(name: str, alert: StringLiteral) -> Complaint:
    windows = f"{{trigger_window: {alert.text}, recovery_window: {alert.text}}}"
    return Complaint(
        f"an anomaly monitor lacks its `{name}`",
        ("query",),
        hint=f"set the option `threshold_windows: {windows}`",
        start=alert.span[0],
        end=alert.span[1],
    )


def _mismatches(named: Mapping[str, object], alert: StringLiteral, monitor: RenderedMonitor) -> Iterator[Complaint]:
    trigger, recovery = text_seconds(named["trigger_window"]), text_seconds(named["recovery_window"])
    asked = duration_seconds(alert)
    if trigger != asked:
        yield Complaint(
            f"`trigger_window` is `{named['trigger_window']}`, and the query's `alert_window` is `{alert.text}`",
            (*_FIELD, "trigger_window"),
            hint=f"write `{alert.text}`",
            related=(Elsewhere("the query", ("query",)),),
            fix=Replacement(alert.text, (*_FIELD, "trigger_window")),
        )
    elif recovery > trigger:
        message = f"`recovery_window` `{named['recovery_window']}` is longer than the window that alerts"
        yield Complaint(message, (*_FIELD, "recovery_window"), hint=f"write `{alert.text}` or less")
    elif 0 < recovery < (least := trigger * (1 - _share(monitor)) + _MINUTE):
        message = f"`recovery_window` `{named['recovery_window']}` can be normal while the monitor still alerts"
        hint = (
            f"with a threshold of `{number_text(_share(monitor))}` it is from {duration_text(least)} to `{alert.text}`"
        )
        yield Complaint(message, (*_FIELD, "recovery_window"), hint=hint)


def _share(monitor: RenderedMonitor) -> float:
    """The share of points that must be anomalous, between 0 and 1."""
    share = threshold(monitor.tree)
    return min(max(1 if share is None else share, 0), 1)
