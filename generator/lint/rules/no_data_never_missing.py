"""A monitor is to tell of missing data, and fills in zeros so that none is ever missing.

`default_zero()` gives a 0 where there is no data, so the monitor is never without, and `notify_no_data` never tells
(https://docs.datadoghq.com/dashboards/functions/interpolation/#default-zero). Remove one of the two: `default_zero()`
where nothing means a problem, `notify_no_data` where it means that nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Elsewhere, Replacement
from generator.lint.walk import parts
from generator.query.nodes import Call, Expression, MetricQuery, MonitorQuery, Node

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call,)

_FIELD = ("options", "notify_no_data")


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.name == "default_zero" else ()


def _complaints(node: Call, monitor: RenderedMonitor) -> Iterator[Complaint]:
    query = monitor.tree
    if not isinstance(query, MonitorQuery) or monitor.options.get("notify_no_data") is not True:
        return
    if not _has_unfilled(query.expression) and node is _first_filling(query.expression):
        yield Complaint(
            "no data is ever missing from `default_zero()`, and `notify_no_data` never tells",
            ("query",),
            hint="remove one of the two",
            start=node.span[0],
            end=node.span[1],
            related=(Elsewhere("it is to tell here", _FIELD),),
            fix=Replacement("false", _FIELD),
        )


def _has_unfilled(expression: Expression) -> bool:
    """Whether a metric stands outside of any `default_zero`."""
    waiting: list[Node] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, MetricQuery):
            return True
        if not (isinstance(node, Call) and node.name == "default_zero"):
            waiting.extend(parts(node))
    return False


def _first_filling(expression: Expression) -> Node | None:
    waiting: list[Node] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and node.name == "default_zero":
            return node
        waiting.extend(reversed(parts(node)))
    return None
