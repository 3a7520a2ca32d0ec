"""`ecs.fargate.cpu.percent` is compared with a number, but it is percent of a core and not of the task.

Datadog counts 100 for each core, as `docker stats` does. So a full task of 4 vCPU reads 400, and a threshold of 80
alerts when it is a fifth full; a full task of 0.25 vCPU reads 25, and the same threshold never alerts. Write `kind:
fargate_cpu`, which is percent of what a task of any size may use, or divide by the task's vCPU.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.inspection import calls, nodes
from generator.query.nodes import Binary, MetricQuery, MonitorQuery

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (MetricQuery,)

_PERCENT = "ecs.fargate.cpu.percent"
# These compare a task with itself or its like.
_RELATIVE = frozenset({"anomalies", "forecast", "outliers"})


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if node.metric != _PERCENT or not isinstance(monitor.tree, MonitorQuery) or not _is_bare(monitor.tree):
        return ()
    start, end = node.metric_span
    complaint = Complaint(
        f"`{_PERCENT}` is percent of a core: a full task of 4 vCPU reads 400, one of 0.25 vCPU 25",
        ("query",),
        hint="write `kind: fargate_cpu`, or divide by the task's vCPU",
        start=start,
        end=end,
    )
    return (complaint,)


def _is_bare(query: MonitorQuery) -> bool:
    """Whether it is compared with a number as it is, undivided."""
    if query.aggregation.change is not None or any(call.name in _RELATIVE for call in calls(query)):
        return False
    return not any(isinstance(each, Binary) and each.operator in "*/" for each in nodes(query))
