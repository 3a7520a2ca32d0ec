"""What rules on metrics of clouds share: how late they come, and which are missing when a monitor looks."""

from __future__ import annotations

import functools
from typing import Final, NamedTuple

from generator.lint.rendered import RenderedMonitor
from generator.lint.timing import delay_seconds, is_scheduled, window_seconds
from generator.query.inspection import leaves, nodes
from generator.query.nodes import AsCount, Binary, MetricQuery, MonitorQuery

CLOUDS: Final = ("aws.", "azure.", "gcp.")
# https://docs.datadoghq.com/monitors/configuration/#evaluation-delay
_ADVISED_SECONDS: Final = 900
# Sent by code that runs in the cloud, not read from the cloud's own metrics: `aws.lambda.enhanced.errors`.
_SENT_AT_ONCE: Final = ".enhanced."


class EarlyLeaf(NamedTuple):
    """A metric that comes up to `late_seconds` late; `missing_seconds` of the end of its window are not there yet."""

    leaf: MetricQuery
    late_seconds: float
    missing_seconds: float


def arrival_seconds(metric: str, monitor: RenderedMonitor) -> float:
    """How late a metric comes: what the organisation says of it, else Datadog's advice for metrics of a cloud."""
    if not metric.startswith(CLOUDS) or _SENT_AT_ONCE in metric:
        return 0
    late = monitor.around.arrival_seconds
    fitting = [prefix for prefix in late if f"{metric}.".startswith(f"{prefix.rstrip('.')}.")]
    return late[max(fitting, key=len)] if fitting else _ADVISED_SECONDS


@functools.lru_cache(maxsize=1)
def early_leaves(monitor: RenderedMonitor) -> tuple[EarlyLeaf, ...]:
    """What a monitor with a rolling window that looks all the time reads before it is there. Several rules ask."""
    query = monitor.tree
    if not isinstance(query, MonitorQuery) or not window_seconds(query) or is_scheduled(monitor):
        return ()
    delay = delay_seconds(monitor)
    found = ((leaf, arrival_seconds(leaf.metric, monitor), shift + delay) for leaf, shift in monitor.leaf_shifts)
    return tuple(EarlyLeaf(leaf, late, late - back) for leaf, late, back in found if late > back)


def only_grows(query: MonitorQuery) -> bool:
    """Whether it alerts of too much of what is added up: what comes late can only start the alert, never end it."""
    return (
        query.comparator in (">", ">=")
        and query.aggregation.function == "sum"
        and query.aggregation.change is None
        and all(any(isinstance(each, AsCount) for each in leaf.modifiers) for leaf in leaves(query))
        and not any(isinstance(each, Binary) and each.operator in "-/" for each in nodes(query))
    )
