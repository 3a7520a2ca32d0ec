"""A monitor is grouped by what comes and goes, and judges each new group from its first minute on.

Each deployment makes new pods, tasks and containers. What starts reads its files, compiles and warms up, and looks like
a problem. Without `new_group_delay` Datadog waits 60 seconds
(https://docs.datadoghq.com/monitors/configuration/#new-group-delay). Set `new_group_delay` to 5 minutes, or group by
what stays, such as the service. Counts, of failures for example, are left alone: a new pod that fails is worth telling.
So is what is compared with an earlier time, at which a new group was not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.timing import compares_times
from generator.query.groups import result_groups
from generator.query.inspection import has_modifier, leaves
from generator.query.nodes import AsCount, MetricQuery, MonitorQuery

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (MetricQuery,)

_CHURNING = frozenset(
    {
        "container_id",
        "ecs_task_arn",
        "kube_job",
        "kube_pod",
        "kube_pod_name",
        "kube_replica_set",
        "pod",
        "pod_name",
        "pod_uid",
        "task_arn",
    }
)


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return () if not node.group_by or _CHURNING.isdisjoint(node.group_by) else _complaints(node, monitor)


def _complaints(node: MetricQuery, monitor: RenderedMonitor) -> Iterator[Complaint]:
    query = monitor.tree
    if monitor.options.get("new_group_delay") or not isinstance(query, MonitorQuery) or has_modifier(query, AsCount):
        return
    if query.aggregation.change or compares_times(monitor):
        return
    key = next((each for each in result_groups(query) if each in _CHURNING), "")
    if key and node is next((leaf for leaf in leaves(query) if key in leaf.group_by), None):
        yield Complaint(
            f"grouped by `{key}`, which is new with each start, it judges what has only begun",
            ("query",),
            hint="delay new groups by 5 minutes (`new_group_delay`), or group by what stays",
            start=node.group_by_span[0],
            end=node.group_by_span[1],
        )
