"""What a kind may know of the surroundings of a monitor."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import time
from typing import Any

import msgspec
from msgspec import UNSET

from generator.explain.monitor import Context
from generator.render.entries import Entry
from generator.render.surroundings import Surroundings, arrival, timezone_of
from generator.schedule.delivery_days import parse_days
from generator.schedule.fields import parse_local_time

REFERENCE_YEARS = (2026, 2027, 2028)
"""Shifts are right in these years; a constant, since a payload must not change with the day it is rendered on."""


def context_of(entry: Entry) -> Context:
    return msgspec.structs.replace(_shared_context(_ContextKey(entry.around, entry.environment)), name=entry.name)


@dataclass(frozen=True, slots=True, eq=False)
class _ContextKey:
    around: Surroundings
    environment: str

    def __hash__(self) -> int:
        return hash((id(self.around), self.environment))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ContextKey) and self.around is other.around and self.environment == other.environment


@functools.lru_cache(maxsize=256)
def _shared_context(key: _ContextKey) -> Context:
    organization = key.around.project.organization
    environment = key.around.environments[key.environment]
    aws = environment.aws
    days, hours = business_times(organization.business_hours)
    late = () if organization.metrics_arrive_within is UNSET else tuple(organization.metrics_arrive_within.items())
    return Context(
        service=key.around.service, name="", environment=key.environment, scope=environment.scope,
        timezone=timezone_of(key.around), aws_account=None if aws is UNSET else aws.account,
        aws_region=None if aws is UNSET else aws.region, metrics_arrive_within=arrival(late),
        business_days=days, business_hours=hours, reference_years=REFERENCE_YEARS,
    )  # fmt: skip


def business_times(hours: Any) -> tuple[tuple[int, ...], tuple[time, time]]:
    if hours is UNSET:
        return (0, 1, 2, 3, 4), (time(9), time(18))
    return parse_days(hours.days), (_time(hours.from_), _time(hours.to))


def _time(text: str) -> time:
    hours, minutes = divmod(parse_local_time(text), 60)
    return time(hours % 24, minutes)
