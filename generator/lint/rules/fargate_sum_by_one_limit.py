"""What all Fargate tasks use together is divided by the limit of one of them.

`sum:` adds up the tasks of a group, `avg:`, `max:` and `min:` of the limit do not: three half-full tasks read 150 %.
Sum both, which weighs tasks by their size, or group both by `task_arn`, so that each task is judged by its own limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.fargate import divisions, is_by_task
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import Binary, MetricQuery

SEVERITY = Severity.WARNING
REACH = "resource"
NODES = (Binary,)

_LIMITS = frozenset({"ecs.fargate.cpu.task.limit", "ecs.fargate.mem.task.limit"})


def findings(node: Binary, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node) if "ecs.fargate." in monitor.text else ()


def _complaints(node: Binary) -> Iterator[Complaint]:
    for used, limit in divisions(node, _is_of_all, _is_of_one):
        start, end = limit.span
        yield Complaint(
            f"`sum:{used.metric}` is of all tasks, `{limit.space}:{limit.metric}` of one: too high by their number",
            ("query",),
            hint="write `sum:` for the limit too, or group both by `task_arn`",
            start=start,
            end=end,
        )


def _is_of_all(leaf: MetricQuery) -> bool:
    return leaf.metric.startswith("ecs.fargate.") and leaf.space == "sum"


def _is_of_one(leaf: MetricQuery) -> bool:
    return leaf.metric in _LIMITS and leaf.space in ("avg", "max", "min") and not is_by_task(leaf)
