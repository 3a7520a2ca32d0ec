"""A metric of a cloud comes minutes late, and the monitor looks before all of it is there.

Datadog reads the metrics of AWS, Azure and Google Cloud from their APIs, some minutes after the fact. Without an
evaluation delay the newest points of a window are missing: an average is of the past, a sum is too low, `<` alerts for
nothing. Datadog recommends 15 minutes (https://docs.datadoghq.com/monitors/configuration/#evaluation-delay); where the
organisation says `metrics_arrive_within: {aws: 5m}`, as metric streams do, that holds. Left alone are windows that are
shifted further back, what is looked at on a schedule, and counts that are too high, which is told as soon as they come.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.arriving import CLOUDS, early_leaves, only_grows
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Replacement
from generator.lint.timing import delay_seconds, window_seconds
from generator.query.nodes import MetricQuery, MonitorQuery

SEVERITY = Severity.NOTICE
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (MetricQuery,)

_DELAY = ("options", "evaluation_delay")


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.metric.startswith(CLOUDS) else ()


def _complaints(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    query, early = monitor.tree, early_leaves(monitor)
    if not early or early[0].leaf is not node or not isinstance(query, MonitorQuery):
        return
    missing = max(each.missing_seconds for each in early)
    if missing >= window_seconds(query) or (only_grows(query) and missing * 2 <= window_seconds(query)):
        return
    delay = delay_seconds(monitor)
    words = duration_text(early[0].late_seconds)
    start, end = node.metric_span
    yield Complaint(
        f"`{node.metric}` comes up to {words} late, and "
        + (f"the evaluation is delayed by {duration_text(delay)}" if delay else "there is no evaluation delay"),
        ("query",),
        hint=f"delay the evaluation by {duration_text(delay + missing)} (`evaluation_delay`)",
        start=start,
        end=end,
        fix=Replacement(str(int(delay + missing)), _DELAY) if delay else None,
    )
