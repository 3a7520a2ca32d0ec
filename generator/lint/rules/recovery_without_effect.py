"""A recovery threshold changes nothing: it equals the threshold, or the monitor leaves the alert before it.

A recovery threshold keeps a monitor in its state until a value is well away from the threshold, so that one that
wavers around it does not notify again and again. One that is equal to the threshold does nothing. Nor does a
`critical_recovery` beyond `warning`: monitors were seen to leave the alert at the warning threshold
(https://github.com/DataDog/datadog-agent/issues/11638) and to stay in warning. Put `critical_recovery` between the two,
and give the warning a recovery of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.recovery import BEYOND, Recovery, recoveries, sign
from generator.lint.rendered import RenderedMonitor, number_text
from generator.lint.rule import Complaint
from generator.query.inspection import has_function

SEVERITY = Severity.NOTICE
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterable[Complaint]:
    found = recoveries(monitor)
    # An anomaly recovers by another window than it alerts by.
    return () if not found or has_function(monitor.tree, "anomalies") else _complaints(found, monitor)


def _complaints(found: tuple[Recovery, ...], monitor: RenderedMonitor) -> Iterator[Complaint]:
    warning, compared = monitor.threshold("warning"), sign(monitor)
    for each in found:
        field = ("options", "thresholds", each.name)
        if each.left == each.entered:
            message = f"`{each.name}` is equal to `{each.status}`, as if it were not there"
            yield Complaint(message, field, hint="move it away from the threshold, or leave it out")
        elif _is_beyond_warning(each, warning, compared) and warning is not None:
            told = number_text(warning)
            message = (
                f"`{each.name}` `{number_text(each.left)}` lies beyond `warning` `{told}`, at which the alert ends"
            )
            yield Complaint(
                message,
                field,
                hint=f"put it between the two thresholds; set `warning_recovery` below `{told}`"
                if compared in (">", ">=")
                else f"put it between the two thresholds; set `warning_recovery` above `{told}`",
            )


def _is_beyond_warning(recovery: Recovery, warning: float | None, compared: str) -> bool:
    if recovery.status != "critical" or warning is None or not compared:
        return False
    return BEYOND[compared](warning, recovery.left)
