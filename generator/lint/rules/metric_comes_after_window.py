"""A metric of a cloud comes when the window is over: the monitor hardly ever sees a point of it.

Datadog reads the metrics of AWS, Azure and Google Cloud from their APIs, some minutes after the fact: 15 minutes by its
own advice (https://docs.datadoghq.com/monitors/configuration/#evaluation-delay), or what the organisation says under
`metrics_arrive_within`. A window of the last five minutes is over by then, and what it held is never judged. Delay the
evaluation, which then looks at the five minutes before that.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.arriving import CLOUDS, early_leaves
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Replacement
from generator.lint.timing import delay_seconds, window_seconds
from generator.query.nodes import MetricQuery, MonitorQuery
from generator.query.printer import print_query

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (MetricQuery,)

_DELAY = ("options", "evaluation_delay")


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.metric.startswith(CLOUDS) else ()


def _complaints(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    query, early = monitor.tree, early_leaves(monitor)
    if not isinstance(query, MonitorQuery) or not early:
        return
    worst = max(early, key=lambda each: each.missing_seconds)
    if worst.leaf is not node or worst.missing_seconds < window_seconds(query):
        return
    delay = delay_seconds(monitor)
    start, end = query.aggregation.window.span
    yield Complaint(
        f"`{print_query(query.aggregation.window)}` is over when `{node.metric}` comes, "
        f"up to {duration_text(worst.late_seconds)} late",
        ("query",),
        hint=f"delay the evaluation by {duration_text(delay + worst.missing_seconds)} (`evaluation_delay`)",
        start=start,
        end=end,
        fix=Replacement(str(int(delay + worst.missing_seconds)), _DELAY) if delay else None,
    )
