"""A monitor says what to tell again, and nothing ever tells it again.

`escalation_message`, `renotify_statuses` and `renotify_occurrences` take effect with `renotify_interval` only: whoever
reads `@pagerduty` in an escalation message thinks that the second call goes there, and there is no second call. Nor is
there one for a state that the monitor does not have: `warn` without a warning threshold, `no data` where missing data
tells nobody. Set `renotify_interval` (`renotify: {every: 1h}`), or remove the rest.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import MonitorQuery

SEVERITY = Severity.WARNING
REACH = "resource"

_NEEDING = {"escalation_message": str, "renotify_statuses": list, "renotify_occurrences": int}
_HINT = "set `renotify_interval`, or remove it"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    options = monitor.options
    if options.get("renotify_interval"):
        yield from _of_states(monitor)
        return
    for name, of_type in _NEEDING.items():
        if isinstance(options.get(name), of_type) and options[name]:
            yield Complaint(f"`{name}` is never used without `renotify_interval`", ("options", name), hint=_HINT)


def _of_states(monitor: RenderedMonitor) -> Iterator[Complaint]:
    statuses = monitor.options.get("renotify_statuses")
    for index, status in enumerate(statuses if isinstance(statuses, list) else ()):
        field = ("options", "renotify_statuses", index)
        if status == "warn" and isinstance(monitor.tree, MonitorQuery) and monitor.threshold("warning") is None:
            message = "warnings are to be told again, but there is no warning threshold"
            yield Complaint(message, field, hint="set a warning threshold, or remove `warn`")
        elif status == "no data" and not _tells_of_missing_data(monitor):
            message = "missing data is to be told again, but it is not told at first"
            hint = "set `on_missing_data: show_and_notify_no_data`, or remove `no data`"
            yield Complaint(message, field, hint=hint)


def _tells_of_missing_data(monitor: RenderedMonitor) -> bool:
    options = monitor.options
    return options.get("notify_no_data") is True or options.get("on_missing_data") == "show_and_notify_no_data"
