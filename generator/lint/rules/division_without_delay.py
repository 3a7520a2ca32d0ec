"""One metric is divided by another while the newest points of one of them may still be missing.

The two of a quotient do not arrive at the same moment. Where the newest point of one is there and of the other is not,
the quotient is left out, or of half the data. Datadog advises to evaluate a division 60 seconds later
(https://docs.datadoghq.com/monitors/configuration/#evaluation-delay). Set `evaluation_delay` to that. Counts divided by
counts are left alone, and so is what is looked at on a schedule or some time later.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.dividing import divides_metrics
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.timing import delay_seconds, is_scheduled, window_seconds
from generator.query.inspection import leaves
from generator.query.nodes import Binary, MonitorQuery

SEVERITY = Severity.NOTICE
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Binary,)

_ADVISED_SECONDS = 60
# The newest minute is a small part of a window of an hour.
_LONG_WINDOW_SECONDS = 3600


def findings(node: Binary, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.operator == "/" else ()


def _complaints(node: Binary, monitor: RenderedMonitor) -> Iterable[Complaint]:
    query = monitor.tree
    if not isinstance(query, MonitorQuery) or not leaves(node.left) or not divides_metrics(node):
        return
    if delay_seconds(monitor) >= _ADVISED_SECONDS or is_scheduled(monitor):
        return
    if not 0 < window_seconds(query) < _LONG_WINDOW_SECONDS:
        return
    if min(shift for _, shift in monitor.leaf_shifts) >= _ADVISED_SECONDS:
        return
    start, end = node.right.span
    yield Complaint(
        "a quotient of the newest points, of which one side may not be there yet",
        ("query",),
        hint="delay the evaluation by 60 seconds (`evaluation_delay`)",
        start=start,
        end=end,
    )
