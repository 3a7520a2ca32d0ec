"""The CPU of a Fargate task is averaged over its containers: a quiet sidecar halves it.

`avg:` of `ecs.fargate.cpu.percent` or `.usage` takes the mean of the application, the Agent and every other container
of the task, of which most do nothing. Write `sum:` by task, which is what the task uses, or write `kind: fargate_cpu`.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.fargate import is_by_container
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import MetricQuery

SEVERITY = Severity.WARNING
REACH = "resource"
NODES = (MetricQuery,)

_OF_CONTAINERS = frozenset(f"ecs.fargate.cpu.{each}" for each in ("percent", "usage", "user", "system"))


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:  # noqa: ARG001 - the signature of every rule of nodes
    if node.metric not in _OF_CONTAINERS or node.space != "avg" or is_by_container(node):
        return ()
    start, end = node.span
    return (
        Complaint(
            f"`avg:{node.metric}` is the mean of a task's containers: a quiet sidecar halves it",
            ("query",),
            hint="write `sum:` and group by `task_arn`, or write `kind: fargate_cpu`",
            start=start,
            end=end,
        ),
    )
