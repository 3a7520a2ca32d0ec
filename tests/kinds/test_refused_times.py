"""No ordinary times are refused: what people write by the hours of their clocks is judged by them.

The nights in which clocks change must not make a night's batch impossible to write down, in any zone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from generator.explain.monitor import KindProblem
from generator.kinds import batch_delay, batch_failure
from generator.schedule.zones import zone_names
from tests.kinds.rendering import CONTEXT

IS_WHOLE = bool(os.environ.get("TOBAN_EXHAUST"))
DAY = 24 * 60
QUARTERS = range(0, DAY, 15)
LENGTHS = range(15, 121, 15)
# Each takes every quarter of an hour and every length in turn.
STRIDE = 13 if IS_WHOLE else 211
BY_CLOCKS_THAT_CHANGE = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Antarctica/Troll")


@cache
def zones() -> tuple[str, ...]:
    """One of all zones whose clocks change alike in the reference years."""
    alike = {_offsets(name): name for name in sorted(zone_names(), reverse=True)}
    return tuple(sorted({*alike.values(), *BY_CLOCKS_THAT_CHANGE}))


def _offsets(name: str) -> tuple[timedelta | None, ...]:
    found, first = ZoneInfo(name), datetime(2026, 1, 1, tzinfo=UTC)
    return tuple((first + timedelta(hours=6 * step)).astimezone(found).utcoffset() for step in range(4 * 730))


def text(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def nights() -> Iterator[tuple[str, int, int]]:
    """Zone, start and length in minutes."""
    every = ((name, start, length) for name in zones() for start in QUARTERS for length in LENGTHS)
    yield from (each for place, each in enumerate(every) if place % STRIDE == 0)
    if not IS_WHOLE:
        yield from ((name, start, 60) for name in BY_CLOCKS_THAT_CHANGE for start in range(0, 4 * 60, 15))


def problems(kind: Any, zone: str, **parameters: Any) -> list[KindProblem]:
    written = msgspec.convert({"state_machine": "nightly", **parameters}, kind.Parameters)
    found = kind.monitors(written, msgspec.structs.replace(CONTEXT, timezone=zone))
    return [each for each in found if isinstance(each, KindProblem)]


@pytest.mark.parametrize("delivery", ["timeshift", "schedule"])
@pytest.mark.parametrize("until", [30, 90, 7 * 60])
def test_a_run_that_is_over_before_notify_at_is_never_refused(delivery: str, until: int) -> None:
    """By as much as metrics take and more; at a time that a schedule can have in every zone."""
    refused, judged = [], 0
    for zone, start, length in nights():
        runs = {"from": text(start), "to": text(start + length)}
        notify_at = (start + length + until) % DAY
        if delivery == "schedule" and (notify_at < 4 * 60 or notify_at >= 20 * 60):
            continue
        found = problems(batch_failure, zone, delivery=delivery, runs=runs, notify_at=text(notify_at))
        refused += [(zone, runs, text(notify_at), each.message) for each in found]
        judged += 1

    assert refused == []
    assert judged > 100


@pytest.mark.parametrize("until", [15, 5 * 60])
def test_a_run_that_is_over_before_its_deadline_is_never_refused(until: int) -> None:
    """Where the clocks change neither at the deadline nor until its metrics have come."""
    refused, judged = [], 0
    for zone, start, length in nights():
        deadline = (start + length + until) % DAY
        if deadline < 4 * 60 or deadline >= 20 * 60:
            continue
        runs = {"from": text(start), "to": text(start + length)}
        found = problems(batch_delay, zone, runs=runs, deadline=text(deadline))
        refused += [(zone, runs, text(deadline), each.message) for each in found]
        judged += 1

    assert refused == []
    assert judged > 100


@pytest.mark.parametrize("zone", BY_CLOCKS_THAT_CHANGE)
def test_a_warning_between_start_and_deadline_is_never_refused(zone: str) -> None:
    refused = [
        (text(start), before, found)
        for start in range(0, 4 * 60, 15)
        for before in (15, 8 * 60 - start - 15)
        if 8 * 60 - before >= 4 * 60
        for found in problems(batch_delay, zone, runs={"from": text(start)}, deadline="08:00", warn_before=f"{before}m")
    ]

    assert refused == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"runs": {"from": "02:30", "to": "03:30"}, "notify_at": "02:45"},
        {"runs": {"from": "04:00", "to": "05:30"}, "notify_at": "05:15"},
        {"runs": {"from": "04:00", "to": "05:30"}, "notify_at": "04:00"},
        {"runs": {"from": "04:00", "to": "05:30"}, "notify_at": "05:45", "delivery": "schedule"},
        {"runs": {"from": "04:00", "to": "05:30"}, "notify_at": "10:00", "deadline": "11:29"},
        {"runs": {"from": "04:00", "to": "05:30"}, "notify_at": "10:00", "deadline": "09:59", "delivery": "schedule"},
        {"runs": {"from": "04:00", "to": "05:30"}, "deadline": "05:49", "delivery": "at_once"},
    ],
)
@pytest.mark.parametrize("zone", BY_CLOCKS_THAT_CHANGE)
def test_what_is_told_in_a_run_or_after_its_deadline_is_refused(zone: str, parameters: dict[str, Any]) -> None:
    """But for a schedule whose metrics come later than it looks: that is for 05:45 and 20 minutes."""
    assert problems(batch_failure, zone, **parameters) != []
