"""A metric is divided by one that can be 0: the monitor then says nothing, and keeps the state that it had.

Datadog leaves out points that are no finite number, and skips an evaluation that has no other
(https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/): an alert stays red when the traffic
stops, a problem that stops all traffic is never told. Raise the divisor by `clamp_min(…, 1)`, and the quotient is
small where there is nothing to divide by; or give the quotient a number by `default_zero(…)`. Counts divided by counts
are left alone, and so are limits, capacities and totals, which are not 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.dividing import can_be_zero, divides_metrics
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.inspection import calls, nodes
from generator.query.nodes import Binary, MonitorQuery
from generator.query.printer import print_query

SEVERITY = Severity.NOTICE
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Binary,)

_LONGEST_SHOWN = 60
_FILLING = frozenset({"default", "default_zero"})


def findings(node: Binary, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.operator == "/" else ()


def _complaints(node: Binary, monitor: RenderedMonitor) -> Iterator[Complaint]:
    if divides_metrics(node) and can_be_zero(node.right) and not _is_filled(node, monitor):
        start, end = node.right.span
        text = print_query(node.right)
        shown = text if len(text) <= _LONGEST_SHOWN else "…"
        yield Complaint(
            "the divisor can be 0, and the monitor then keeps the state that it had",
            ("query",),
            hint=f"write `clamp_min({shown}, 1)`, or another number that is small for it",
            start=start,
            end=end,
        )


def _is_filled(division: Binary, monitor: RenderedMonitor) -> bool:
    """Whether the quotient has a number even where it is none."""
    query = monitor.tree
    if not isinstance(query, MonitorQuery):
        return False
    filling = (call for call in calls(query) if call.name in _FILLING)
    return any(division is each for call in filling for each in nodes(call))
