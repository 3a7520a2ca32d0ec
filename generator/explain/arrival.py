"""How late metrics come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from generator.explain.durations import duration_words
from generator.query.inspection import leaves
from generator.query.nodes import MonitorQuery
from generator.query.parser import parse_metric_monitor

_AT_ONCE = timedelta(0)
_CLOUDS = ("aws", "azure", "gcp")
_CLOUDS_ARRIVE_WITHIN = timedelta(minutes=20)
"""Datadog asks clouds for their metrics every ten minutes or so, and these are minutes late themselves: of CloudWatch
they are there after 15 to 20 minutes (https://docs.datadoghq.com/integrations/guide/cloud-metric-delay/)."""


def arrives_within(metric: str, known: Mapping[str, timedelta]) -> timedelta:
    """How long after an event its metric can be seen, by the longest prefix that the organisation names."""
    fitting = [prefix for prefix in known if f"{metric}.".startswith(f"{prefix.rstrip('.')}.")]
    return known[max(fitting, key=len)] if fitting else _by_default(metric)


def last_arrival(query: str, known: Mapping[str, timedelta]) -> timedelta:
    """How long after an event all metrics of a monitor's query can be seen."""
    parsed = parse_metric_monitor(query)
    found = leaves(parsed) if isinstance(parsed, MonitorQuery) else ()
    return max((arrives_within(leaf.metric, known) for leaf in found), default=_AT_ONCE)


def arrival_notes(metrics: Sequence[str], known: Mapping[str, timedelta]) -> tuple[str, ...]:
    """What is taken for granted because nobody says how late the metrics of a cloud come."""
    clouds = dict.fromkeys(metric.partition(".")[0] for metric in metrics if _by_default(metric))
    unknown = [each for each in clouds if not any(prefix.partition(".")[0] == each for prefix in known)]
    return tuple(
        f"Metrics of `{each}` are taken to come within {duration_words(_CLOUDS_ARRIVE_WITHIN)}, since "
        "`metrics_arrive_within` in organization.yaml says nothing of them."
        for each in unknown
    )


def _by_default(metric: str) -> timedelta:
    return _CLOUDS_ARRIVE_WITHIN if metric.partition(".")[0] in _CLOUDS else _AT_ONCE
