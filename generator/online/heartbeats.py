"""Which metric queries must have points if a monitor is to fire at all."""

from __future__ import annotations

from generator.query.inspection import calls, leaves
from generator.query.nodes import AsCount, AsRate, Fill, MetricQuery, MonitorQuery
from generator.query.parser import parse_metric_monitor
from generator.query.printer import print_query
from generator.render.model import Resource

_METRIC_TYPES = frozenset(("metric alert", "query alert"))
_SPARSE = (AsCount, AsRate, Fill)
"""Counts have points only where something happened, and a filled query needs none."""


def heartbeats(resource: Resource) -> tuple[tuple[str, ...], ...]:
    """Groups of queries; of each group one must have had points. None where nothing is known of that."""
    if resource.heartbeats is not None:
        return resource.heartbeats
    query = resource.payload.get("query")
    if resource.payload.get("type") not in _METRIC_TYPES or not isinstance(query, str):
        return ()
    tree = parse_metric_monitor(query)
    return _of_query(tree) if isinstance(tree, MonitorQuery) else ()


def _of_query(tree: MonitorQuery) -> tuple[tuple[str, ...], ...]:
    """Each gauge, since arithmetic without one of its values has none; without gauges any of the counts."""
    defaulted = {leaf for call in calls(tree) if call.name == "default_zero" for leaf in leaves(call)}
    steady = [leaf for leaf in leaves(tree) if leaf not in defaulted and not _is_sparse(leaf)]
    if steady:
        return tuple((text,) for text in dict.fromkeys(map(_text, steady)))
    sparse = tuple(dict.fromkeys(map(_text, leaves(tree))))
    return (sparse,) if sparse else ()


def _is_sparse(leaf: MetricQuery) -> bool:
    return any(isinstance(each, _SPARSE) for each in leaf.modifiers)


def _text(leaf: MetricQuery) -> str:
    """The metric in its scope, all groups together: a point of any of them is a sign of life."""
    return print_query(MetricQuery(leaf.metric, leaf.space, leaf.scope))
