"""A recovery threshold belongs to nothing: there is no such threshold, or the type of the monitor knows no recovery.

Datadog refuses both ("Invalid threshold statuses found: warning_recovery."). A `warning_recovery` needs a `warning`;
an event monitor takes neither `critical_recovery` nor `warning_recovery`
(https://github.com/DataDog/terraform-provider-datadog/issues/1401). Leave it out, or set the threshold that it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.recovery import Recovery, recoveries
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint

SEVERITY = Severity.ERROR
REACH = "resource"

_NEVER_RECOVER = frozenset({"event-v2 alert"})


def findings(monitor: RenderedMonitor) -> Iterable[Complaint]:
    found = recoveries(monitor)
    return _complaints(found, monitor) if found else ()


def _complaints(found: tuple[Recovery, ...], monitor: RenderedMonitor) -> Iterator[Complaint]:
    for each in found:
        field = ("options", "thresholds", each.name)
        if monitor.type in _NEVER_RECOVER:
            yield Complaint(f"a monitor of type `{monitor.type}` takes no `{each.name}`", field, hint="leave it out")
        elif each.status == "warning" and each.entered is None:
            yield Complaint(
                "`warning_recovery` is set and `warning` is not", field, hint="set `warning`, or leave it out"
            )
