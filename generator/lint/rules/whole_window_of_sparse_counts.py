"""`require_full_window` on a count: a window without events is not full, so the alert is late or never comes.

A count (`.as_count()`) has points only where something happened. With `require_full_window: true` Datadog skips the
evaluation unless the first and nearly all other parts of the window have points, which errors, jobs and deployments
seldom give. Set it to false, or fill the gaps with `default_zero()`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Replacement
from generator.query.inspection import has_function
from generator.query.nodes import AsCount

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (AsCount,)


def findings(node: AsCount, monitor: RenderedMonitor) -> Iterator[Complaint]:
    if monitor.options.get("require_full_window") is not True or has_function(monitor.tree, "default_zero"):
        return
    start, end = node.span
    yield Complaint(
        "`require_full_window` skips evaluations of a count, which has points only where something happened",
        ("query",),
        hint="set `require_full_window: false`, or wrap the count in `default_zero()`",
        start=start,
        end=end,
        fix=Replacement("false", ("options", "require_full_window")),
    )
