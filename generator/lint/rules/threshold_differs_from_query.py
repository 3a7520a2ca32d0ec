"""The critical threshold is another number than the one at the end of the query.

Datadog refuses such a monitor ("Alert threshold (90.0) does not match that used in the query (80.0)."), and where it
did not, one could not tell which of the two wakes somebody. Give both the same number, or leave the threshold out.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor, number_text
from generator.lint.rule import Complaint
from generator.query.inspection import threshold

SEVERITY = Severity.ERROR
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    critical, compared = monitor.threshold("critical"), threshold(monitor.tree)
    if critical is None or compared is None or critical == compared:
        return
    yield Complaint(
        f"the critical threshold is `{number_text(critical)}`, but the query compares with `{number_text(compared)}`",
        ("options", "thresholds", "critical"),
        hint="give both the same number; Datadog refuses the monitor otherwise",
    )
