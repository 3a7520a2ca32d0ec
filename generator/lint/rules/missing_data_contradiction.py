"""Two options say different things about missing data, and one of them is without effect.

`on_missing_data` replaces `notify_no_data` and `no_data_timeframe`; beside it Datadog refuses or ignores these. With
`on_missing_data: resolve` an alert ends with the data, before any `timeout_h`. A monitor with a custom schedule needs
`on_missing_data`, and has no `no_data_timeframe`; nor has a log monitor. Keep the one that says what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Elsewhere
from generator.message.problem import shown

SEVERITY = Severity.WARNING
REACH = "resource"

_FIELD = ("options", "on_missing_data")
_MODERN = (Elsewhere("this says what missing data means", _FIELD),)


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    options = monitor.options
    found = options.get("on_missing_data")
    if found is not None:
        yield from _beside(monitor, str(found))
    timeframe = ("options", "no_data_timeframe")
    is_scheduled = _has_schedule(monitor)
    if found is None and options.get("no_data_timeframe") and (monitor.type == "log alert" or is_scheduled):
        what = "with a custom schedule" if is_scheduled else "of type `log alert`"
        yield Complaint(f"a monitor {what} has no `no_data_timeframe`", timeframe, hint="use `on_missing_data`")
    elif found is None and is_scheduled and monitor.type in METRIC_TYPES:
        message = "a monitor with a custom schedule needs `on_missing_data`"
        hint = "add `on_missing_data: default`, or what missing data means"
        yield Complaint(message, ("options", "scheduling_options"), hint=hint)


def _beside(monitor: RenderedMonitor, found: str) -> Iterator[Complaint]:
    options = monitor.options
    if options.get("notify_no_data") is True:
        what = f"`notify_no_data` stands beside `on_missing_data: {found}`"
        yield Complaint(what, ("options", "notify_no_data"), hint="remove one of the two", related=_MODERN)
    elif options.get("no_data_timeframe"):
        what = f"`no_data_timeframe` stands beside `on_missing_data: {found}`"
        hint = "remove it: with `on_missing_data` the query's window says how long data must be missing"
        yield Complaint(what, ("options", "no_data_timeframe"), hint=hint, related=_MODERN)
    if found == "resolve" and options.get("timeout_h"):
        message = f"`timeout_h` of {shown(str(options['timeout_h']))} never passes: `resolve` ends the alert before"
        yield Complaint(message, ("options", "timeout_h"), hint="remove one of the two", related=_MODERN)


def _has_schedule(monitor: RenderedMonitor) -> bool:
    scheduling = monitor.options.get("scheduling_options")
    return isinstance(scheduling, dict) and bool(scheduling.get("custom_schedule"))
