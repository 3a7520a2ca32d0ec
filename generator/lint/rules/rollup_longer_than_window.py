"""The points of a query are further apart than its window is long: it sees one unfinished point, or none.

Points of a rollup start at whole multiples of its interval since 1970, a window does not. Datadog leaves out a point
that starts before the window, and takes the last one however little of it has passed. A window no longer than the
interval holds one that has just begun, or nothing. Make the window at least twice as long, or delay the evaluation by
the interval, so that the point is finished when it is read
(https://docs.datadoghq.com/dashboards/functions/rollup/#rollups-in-monitors).
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.timing import delay_seconds, is_scheduled, rollup_seconds, window_seconds
from generator.query.nodes import MonitorQuery, Rollup
from generator.query.printer import print_query

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Rollup,)


def findings(node: Rollup, monitor: RenderedMonitor) -> Iterator[Complaint]:
    query, interval = monitor.tree, rollup_seconds(node)
    if not isinstance(query, MonitorQuery) or not interval:
        return
    window, words = window_seconds(query), duration_text(interval)
    written = print_query(query.aggregation.window)
    if not window or window > interval:
        return
    if window < interval:
        message = f"the points are {words} apart, and `{written}` is shorter: most evaluations see none"
    elif delay_seconds(monitor) < interval and not is_scheduled(monitor):
        message = f"`{written}` holds one point of {words}, of which only a part has passed"
    else:
        return
    hint = "look at twice as long a window, or roll up more finely"
    yield Complaint(message, ("query",), hint=hint, start=node.span[0], end=node.span[1])
