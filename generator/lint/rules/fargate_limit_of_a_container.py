"""The CPU that a Fargate task uses is divided by a container's limit, which is no limit.

`ecs.fargate.cpu.limit` is a container's weight among its neighbours, in CPU units (1024 a core), and 2 where none is
set; the usage is nanocores. Their quotient means nothing, and a container may use all of its task in any case. Only
the task has a cap: divide by `ecs.fargate.cpu.task.limit`, or write `kind: fargate_cpu`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.fargate import divisions
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import Binary, MetricQuery

SEVERITY = Severity.WARNING
REACH = "resource"
NODES = (Binary,)

_WEIGHT = "ecs.fargate.cpu.limit"


def findings(node: Binary, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node) if _WEIGHT in monitor.text else ()


def _complaints(node: Binary) -> Iterator[Complaint]:
    for used, limit in divisions(node, _is_usage, _is_weight):
        start, end = limit.metric_span
        yield Complaint(
            f"`{_WEIGHT}` is a container's weight in CPU units, 2 by default, and no limit of `{used.metric}`",
            ("query",),
            hint="write `kind: fargate_cpu`, or divide by `ecs.fargate.cpu.task.limit`",
            start=start,
            end=end,
        )


def _is_usage(leaf: MetricQuery) -> bool:
    return leaf.metric.startswith("ecs.fargate.cpu.")


def _is_weight(leaf: MetricQuery) -> bool:
    return leaf.metric == _WEIGHT
