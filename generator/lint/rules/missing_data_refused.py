"""`on_missing_data` stands where Datadog refuses it.

Composite monitors, service checks and SLO alerts are not told by it what a window without data means, nor are usage
monitors (`Invalid monitor option: on_missing_data`). With `default_zero()` in the query data is never missing, and
Datadog takes `default` only (`Invalid on_missing_data value: resolve; valid value is: default`). Remove it; where
somebody must hear of missing data, a service check and a composite have `notify_no_data`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.problem import shown
from generator.query.inspection import has_function

SEVERITY = Severity.ERROR
REACH = "resource"

_REFUSING = frozenset({"composite", "datadog-usage alert", "service check", "slo alert"})
_FIELD = ("options", "on_missing_data")


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    found = monitor.options.get("on_missing_data")
    if found is None:
        return
    if monitor.type in _REFUSING:
        message = f"a monitor of type `{monitor.type}` takes no `on_missing_data`"
        yield Complaint(message, _FIELD, hint="remove it")
    elif found != "default" and "default_zero(" in monitor.text and _fills(monitor):
        message = f"`on_missing_data` is {shown(str(found))}, but with `default_zero()` no data is missing"
        yield Complaint(message, _FIELD, hint="remove one of the two")


def _fills(monitor: RenderedMonitor) -> bool:
    return monitor.type in METRIC_TYPES and has_function(monitor.tree, "default_zero")
