"""What a service level objective takes in YAML."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.render.downtime_fields import MonitorToken
from generator.render.fields import Text

Percent = Annotated[float, Meta(gt=0, lt=100)]
QUERY_PLACES: Final = (("metric", "numerator"), ("metric", "denominator"), ("time_slice", "query"))
"""Where queries are written."""


class Metric(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A share of events."""

    numerator: Annotated[Text, Meta(description="The good events: `sum:…{…}.as_count()`.")]
    denominator: Annotated[Text, Meta(description="All events.")]


class OfMonitors(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The time in which monitors are OK."""

    monitors: Annotated[list[MonitorToken], Meta(description="The monitors: `%{latency}`.", min_length=1)]
    groups: Annotated[
        Annotated[list[Text], Meta(min_length=1, max_length=100)] | UnsetType,
        Meta(description="Only these groups of the one monitor."),
    ] = UNSET


class TimeSlice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The time in which a metric is as it should be."""

    query: Annotated[Text, Meta(description="The metric query.")]
    comparator: Annotated[
        Literal["<", "<=", ">", ">="], Meta(description="How the metric compares to the threshold in good time.")
    ]
    threshold: Annotated[float, Meta(description="What it is compared to.")]
    interval: Annotated[Literal["1m", "5m"], Meta(description="The length of a slice.")] = "5m"


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What is aimed at over a time frame."""

    target: Annotated[Percent, Meta(description="Percent that must be good.")]
    warning: Annotated[Percent | UnsetType, Meta(description="Percent below which it is close.")] = UNSET


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Targets by time frame."""

    week: Annotated[Target | UnsetType, Meta(description="Over the last 7 days.")] = msgspec.field(
        name="7d", default=UNSET
    )
    month: Annotated[Target | UnsetType, Meta(description="Over the last 30 days.")] = msgspec.field(
        name="30d", default=UNSET
    )
    quarter: Annotated[Target | UnsetType, Meta(description="Over the last 90 days.")] = msgspec.field(
        name="90d", default=UNSET
    )

    def by_timeframe(self) -> dict[str, Target]:
        """Those that there are, the shortest first."""
        every = {"7d": self.week, "30d": self.month, "90d": self.quarter}
        return {timeframe: target for timeframe, target in every.items() if target is not UNSET}


class Slo(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A service level objective: made of a share of events, of monitors or of time slices."""

    metric: Annotated[Metric | UnsetType, Meta(description="The share of good events.")] = UNSET
    monitor: Annotated[OfMonitors | UnsetType, Meta(description="The time in which monitors are OK.")] = UNSET
    time_slice: Annotated[TimeSlice | UnsetType, Meta(description="The time in which a metric is as it should be.")] = (
        UNSET
    )
    thresholds: Annotated[
        Thresholds, Meta(description="By time frame: `{30d: {target: 99.9, warning: 99.95}}`, at least one.")
    ]
    name: Annotated[
        Text | UnsetType, Meta(description="Title in Datadog; without it environment, service and name.")
    ] = UNSET
    description: Annotated[str | UnsetType, Meta(description="What it promises to whom.")] = UNSET
    tags: Annotated[list[str] | UnsetType, Meta(description="Tags; they add up over the layers.")] = UNSET
