"""What a monitor's payload asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from generator.query.inspection import is_grouped, leaves
from generator.query.nodes import AsCount, MetricQuery, MonitorQuery
from generator.query.parser import parse_metric_monitor
from generator.simulate.formula import formula_query
from generator.simulate.refusal import NotSimulated

Payload = Mapping[str, Any]


def queries_by_metric(payloads: Iterable[Payload]) -> dict[str, tuple[MetricQuery, ...]]:
    """All queries of the payloads, each once."""
    found: dict[str, dict[MetricQuery, None]] = {}
    for payload in payloads:
        query = _query(payload)
        for leaf in leaves(query) if query else ():
            found.setdefault(leaf.metric, {})[leaf] = None
    return {metric: tuple(each) for metric, each in found.items()}


def has_groups(payload: Payload) -> bool:
    query = _query(payload)
    return query is not None and is_grouped(query)


def asks_for_less_than_nothing(payload: Payload) -> bool:
    """Whether it alerts on a count below 0, which there is none of: such a monitor only warns."""
    query = _query(payload)
    if query is None or query.comparator != "<" or not isinstance(query.expression, MetricQuery):
        return False
    counts = any(isinstance(each, AsCount) for each in query.expression.modifiers)
    return counts and query.threshold != "threshold" and query.threshold <= 0


def _query(payload: Payload) -> MonitorQuery | None:
    """None for what is no metric monitor, or none that can be simulated."""
    written = parse_metric_monitor(str(payload.get("query") or ""))
    if isinstance(written, MonitorQuery):
        return written
    try:
        return formula_query(payload)
    except NotSimulated:
        return None
