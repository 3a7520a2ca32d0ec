"""A monitor is grouped by ECS task, and says nothing good of a task that has stopped.

Each deployment and each run makes new tasks; the old ones stop sending. By default Datadog keeps the last state of a
group without data, so that a task that was stopped while it alerted stays red; and one that notifies of missing data
tells of each task that ends as it should. Set `on_missing_data: resolve`, or group by what stays, such as
`task_family`.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.inspection import has_modifier, leaves
from generator.query.nodes import AsCount, MetricQuery, MonitorQuery

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (MetricQuery,)

_TASK = "task_arn"
_HINT = "set `on_missing_data: resolve`, or group by what stays, such as `task_family`"


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if _TASK not in node.group_by or not isinstance(monitor.tree, MonitorQuery):
        return ()
    if node is not next(leaf for leaf in leaves(monitor.tree) if _TASK in leaf.group_by):
        return ()
    message = _wrong_without_data(monitor, monitor.tree)
    start, end = node.group_by_span
    return (Complaint(message, ("query",), hint=_HINT, start=start, end=end),) if message else ()


def _wrong_without_data(monitor: RenderedMonitor, query: MonitorQuery) -> str:
    policy = monitor.options.get("on_missing_data")
    if policy == "show_and_notify_no_data" or (policy is None and monitor.options.get("notify_no_data") is True):
        return f"grouped by `{_TASK}`, it notifies of each task that has stopped"
    is_count = query.aggregation.function == "sum" or has_modifier(query, AsCount)
    if policy in (None, "default") and not is_count and not monitor.options.get("timeout_h"):
        return f"grouped by `{_TASK}`, it stays red for a task that was stopped while it alerted"
    return ""
