"""The parts of a monitor that counts the ends of runs: its query and its options."""

from __future__ import annotations

import functools
from datetime import timedelta
from typing import Any, Literal

import msgspec

from generator.explain.batch_source import Counts
from generator.explain.durations import window_lasting
from generator.query.nodes import (
    AsCount,
    Binary,
    Call,
    Expression,
    MetricQuery,
    MonitorQuery,
    Number,
    TimeAggregation,
)
from generator.schedule.recurrence import Recurrence, rrule

# Any date will do, as long as it never changes: a payload holds no time of its own.
_FIRST_DAY = "2024-01-01"
_COUNT = (AsCount(),)


class MetricsSum(msgspec.Struct, frozen=True):
    """The sum of counts, each of them shifted: whether a shift may stand around a sum is not known."""

    counts: Counts
    group_by: tuple[str, ...] = ()
    shift: timedelta = timedelta(0)

    def query(self, window: timedelta, comparator: str, threshold: float) -> MonitorQuery:
        added = functools.reduce(functools.partial(Binary, "+"), map(self._leaf, self.counts.metrics))
        expression = functools.reduce(functools.partial(Binary, "-"), map(self._leaf, self.counts.less), added)
        return MonitorQuery(TimeAggregation("sum", window_lasting(window)), expression, comparator, threshold)

    def _leaf(self, metric: str) -> Expression:
        leaf = MetricQuery(metric, "sum", self.counts.scope, self.group_by, _COUNT)
        return Call("timeshift", (leaf, Number(-int(self.shift.total_seconds())))) if self.shift else leaf


def counting_options(
    thresholds: dict[str, float], missing: Literal["resolve", "default", "show_and_notify_no_data"]
) -> dict[str, Any]:
    """For sparse counts: a half-empty window is read."""
    return {
        "thresholds": thresholds,
        "on_missing_data": missing,
        "require_full_window": False,
        "include_tags": True,
    }


def scheduled(looks: Recurrence | None) -> dict[str, Any]:
    """The option that makes a monitor look on some days at one time only."""
    if looks is None:
        return {}
    recurrence = {
        "rrule": rrule(looks.days),
        "start": f"{_FIRST_DAY}T{looks.at:%H:%M}:00",
        "timezone": looks.zone.key,
    }
    return {"scheduling_options": {"custom_schedule": {"recurrences": [recurrence]}}}
