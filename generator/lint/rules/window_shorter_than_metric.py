"""The window of a metric of a cloud is shorter than the time between two of its points.

AWS, Azure and Google Cloud give most metrics a point every one to five minutes. A window below five minutes often
holds none: the evaluation is left out, or no data is told. Look at the last five minutes or more.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.arriving import CLOUDS, arrival_seconds
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.timing import window_seconds
from generator.query.inspection import leaves
from generator.query.nodes import MetricQuery, MonitorQuery
from generator.query.printer import print_query

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (MetricQuery,)

_LONGEST_GAP_SECONDS = 300


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.metric.startswith(CLOUDS) else ()


def _complaints(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    query = monitor.tree
    if not isinstance(query, MonitorQuery) or not 0 < window_seconds(query) < _LONGEST_GAP_SECONDS:
        return
    slow = [leaf for leaf in leaves(query) if leaf.metric.startswith(CLOUDS) and arrival_seconds(leaf.metric, monitor)]
    if not slow or slow[0] is not node:
        return
    start, end = query.aggregation.window.span
    yield Complaint(
        f"`{print_query(query.aggregation.window)}` is shorter than the time between two points of `{node.metric}`",
        ("query",),
        hint="look at `last_5m` or longer",
        start=start,
        end=end,
    )
