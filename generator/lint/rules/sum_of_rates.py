"""`sum` over time of a rate adds up a number a second as many times as the window happens to have points.

`.as_rate()` is how many there were a second. Added up over five minutes it is neither a count nor a rate, and changes
when Datadog chooses another interval. Write `.as_count()` for how many there were in the window, or `avg` for how many
a second.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.inspection import calls
from generator.query.nodes import AsRate, MonitorQuery
from generator.query.printer import print_query

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (AsRate,)

_OF_OTHER_POINTS = frozenset({"anomalies", "forecast", "moving_rollup", "outliers"})


def findings(node: AsRate, monitor: RenderedMonitor) -> Iterable[Complaint]:
    query = monitor.tree
    if not isinstance(query, MonitorQuery) or query.aggregation.function != "sum":
        return
    if any(call.name in _OF_OTHER_POINTS for call in calls(query)):
        return
    yield Complaint(
        "`sum` adds up rates: the number depends on how many points the window has",
        ("query",),
        hint=f"write `.as_count()` to count, or `avg({print_query(query.aggregation.window)})` for how many a second",
        start=node.span[0],
        end=node.span[1],
    )
