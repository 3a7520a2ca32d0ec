"""The limits of a Fargate task's containers are added up, but each of them is the limit of the whole task.

On Fargate the Agent sends the task's vCPU as `container.cpu.limit` for each container. Their sum is too large by the
number of containers, sidecars included, and the percent too small: a full task of two containers reads 50. Take the
`max` of the limit by task, or write `kind: fargate_cpu` with `source: container`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.fargate import divisions, is_by_container, names_tasks
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import Binary, MetricQuery

SEVERITY = Severity.WARNING
REACH = "resource"
NODES = (Binary,)

_LIMIT = "container.cpu.limit"


def findings(node: Binary, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node) if _LIMIT in monitor.text else ()


def _complaints(node: Binary) -> Iterator[Complaint]:
    for _, limit in divisions(node, _is_usage, _is_added_up):
        start, end = limit.span
        yield Complaint(
            f"on Fargate each container repeats its task's limit as `{_LIMIT}`: the sum is too large",
            ("query",),
            hint="write `max:` for the limit and group by `task_arn`, or write `kind: fargate_cpu`",
            start=start,
            end=end,
        )


def _is_usage(leaf: MetricQuery) -> bool:
    return leaf.metric.startswith("container.cpu.")


def _is_added_up(leaf: MetricQuery) -> bool:
    return leaf.metric == _LIMIT and leaf.space == "sum" and names_tasks(leaf) and not is_by_container(leaf)
