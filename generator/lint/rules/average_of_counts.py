"""`avg`, `min` or `max` over time of a count: its size depends on how Datadog cuts the window into points.

`.as_count()` gives how many there were in each interval, and Datadog chooses the interval. `sum` over the window does
not depend on it, any other aggregation does, and Datadog's own editor offers nothing else
(https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/). The API takes it all the same. Write `sum`
and a threshold for the whole window, `.as_rate()` for a number a second, or fix the interval by `.rollup(sum, 60)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.inspection import calls, leaves
from generator.query.nodes import AsCount, Binary, MetricQuery, MonitorQuery, Rollup
from generator.query.printer import print_query

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (AsCount,)

_DEPENDING = frozenset({"avg", "max", "min"})
_OF_OTHER_POINTS = frozenset({"anomalies", "forecast", "moving_rollup", "outliers"})


def findings(node: AsCount, monitor: RenderedMonitor) -> Iterable[Complaint]:  # noqa: ARG001 - the signature of every rule of nodes
    query = monitor.tree
    if isinstance(query, MonitorQuery) and query.aggregation.function in _DEPENDING:
        return _complaints(query)
    return ()


def _complaints(query: MonitorQuery) -> Iterator[Complaint]:
    if query.aggregation.change or any(call.name in _OF_OTHER_POINTS for call in calls(query)):
        return
    if not any(map(_has_open_interval, leaves(query))):
        return
    start, end = query.aggregation.span
    yield Complaint(
        f"`{query.aggregation.function}` of a count depends on how Datadog cuts the window into points",
        ("query",),
        hint=_hint(query),
        start=start,
        end=end,
    )


def _hint(query: MonitorQuery) -> str:
    whole = f"`sum({print_query(query.aggregation.window)})`"
    if isinstance(query.expression, Binary) and query.expression.operator == "/":
        return f"write {whole}, which divides all by all"
    if query.aggregation.function == "avg":
        return f"write {whole} and a threshold for the whole window, or `.as_rate()` for a number a second"
    return f"fix the interval by `.rollup(sum, 60)`, or write {whole} and a threshold for the whole window"


def _has_open_interval(leaf: MetricQuery) -> bool:
    """Whether it is a count over intervals that Datadog chooses."""
    kinds = {type(each) for each in leaf.modifiers}
    return AsCount in kinds and not any(isinstance(each, Rollup) and each.interval for each in leaf.modifiers)
