"""Proof by exhaustion: when toban says that something is told is when the rendered monitors tell it.

A reader that shares no code with toban evaluates the rendered queries and schedules. `make exhaust` compares every
minute of two years; the usual run takes all minutes around each change of the clocks and a share of the others.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from generator.explain.arrivals import Reading, arrivals, reading, told_late
from tests.kinds import brute_force
from tests.kinds.brute_force import DAY, Clocks, minute
from tests.kinds.rendering import LAG, delay, failure, payloads

IS_WHOLE = bool(os.environ.get("TOBAN_EXHAUST"))
ZONES = ("Asia/Tokyo", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
FIRST, LAST = minute("2026-01-01T00:00Z"), minute("2028-01-01T00:00Z") - 1
# A share that meets every minute of the day and every day of the week.
STRIDE = 1 if IS_WHOLE else 211
AROUND = 8 * 60
LAG_MINUTES = LAG // timedelta(minutes=1)
TEN, NINETEEN = 10 * 60, 19 * 60
BUSINESS_DAYS = range(5)
COARSE_BUCKET = 10


@dataclass(frozen=True)
class Night:
    """Runs on the clocks of a zone, the office's where it is empty."""

    start: str
    end: str
    zone: str = ""
    late_by: int = field(default=0)

    def written(self) -> dict[str, str]:
        return {"from": self.start, "to": self.end, **({"timezone": self.zone} if self.zone else {})}


# On the nights when the clocks change, a shift that is right on business days is up to an hour off on the days after.
NIGHTS = (
    Night("04:00", "05:30"),
    Night("01:30", "05:00", late_by=60),
    Night("02:30", "05:00", late_by=60),
    Night("19:00", "20:30", "UTC", late_by=60),
)


def instant(at: int) -> datetime:
    return datetime.fromtimestamp(at * 60, UTC)


@cache
def clocks(zone: str) -> Clocks:
    return Clocks(zone, FIRST - 8 * DAY, LAST + 8 * DAY)


@cache
def minutes(zone: str) -> tuple[int, ...]:
    """The minutes at which something happens: all around a change of the clocks, some of the others."""
    shown = clocks(zone)
    changes = [at for at in range(FIRST, LAST, 15) if shown.local(at) - shown.local(at - 15) != 15]
    near = {each for at in changes for each in range(at - AROUND, at + AROUND)}
    return tuple(sorted({*range(FIRST, LAST + 1, STRIDE), *(each for each in near if FIRST <= each <= LAST)}))


def readings_of(rendered: list[dict[str, Any]]) -> tuple[Reading, ...]:
    found = tuple(reading(each) for each in rendered)
    assert None not in found
    return tuple(each for each in found if each is not None)


def first_told(rendered: list[dict[str, Any]], zone: str, events: Sequence[int], *, bucket: int = 1) -> dict[int, int]:
    monitors = [brute_force.monitor(each["query"], each["options"]) for each in rendered]
    return brute_force.first_told(monitors, events, clocks(zone), lag=LAG_MINUTES, bucket=bucket)


def differences(rendered: list[dict[str, Any]], told: dict[int, int]) -> list[tuple[datetime, datetime]]:
    """Where explain's first telling is another than the brute-force reading's."""
    readings = readings_of(rendered)
    return [
        (instant(event), instant(at))
        for event, at in told.items()
        if arrivals(readings, instant(event), arrives_within=LAG)[:1] != (instant(at),)
    ]


def assert_all_is_told_as_explained(rendered: list[dict[str, Any]], zone: str) -> dict[int, int]:
    events = minutes(zone)
    told = first_told(rendered, zone, events)

    assert len(told) == len(events), "lost"
    assert all(at >= event + LAG_MINUTES for event, at in told.items()), "told before it can be seen"
    assert first_told(rendered, zone, events, bucket=COARSE_BUCKET) == told, "a dropped bucket changes it"
    assert differences(rendered, told) == []
    return told


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: f"{night.start} {night.zone}")
def test_a_shifted_failure_is_told_in_the_hours_after_notify_at(night: Night, zone: str) -> None:
    rendered = payloads(failure(zone, runs=night.written(), notify_at="10:00"))
    told = assert_all_is_told_as_explained(rendered, zone)

    office, runs = clocks(zone), clocks(night.zone or zone)
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (night.start, night.end))
    at_night = {event: at for event, at in told.items() if start <= runs.time_of_day(event) <= end}
    in_office = {event: at for event, at in at_night.items() if office.weekday(at) in BUSINESS_DAYS}
    assert in_office
    assert all(TEN <= office.time_of_day(at) <= TEN + end - start + night.late_by for at in in_office.values())
    assert all(office.time_of_day(at) < NINETEEN for at in in_office.values())
    assert all(office.local(at) - office.local(event) < DAY for event, at in in_office.items())
    assert len({at - event for event, at in told.items()}) == 1


@pytest.mark.parametrize("zone", ZONES if IS_WHOLE else ZONES[1:2])
@pytest.mark.parametrize("delivery", ["timeshift", "schedule", "at_once"])
def test_groups_change_nothing_of_when_each_is_told(delivery: str, zone: str) -> None:
    """Each group is judged by itself; one that is new has its first failure told as any other."""
    parameters: dict[str, Any] = {"runs": NIGHTS[2].written(), "delivery": delivery}
    grouped = payloads(failure(zone, group_by=["stage", "school"], **parameters))
    monitors = [brute_force.monitor(each["query"], each["options"]) for each in grouped]

    assert {each.group_by for each in monitors} == {("stage", "school")}
    assert {each.new_group_delay for each in monitors} == {0}
    events = minutes(zone)[::7]
    assert first_told(grouped, zone, events) == first_told(payloads(failure(zone, **parameters)), zone, events)


@pytest.mark.parametrize("zone", ZONES)
def test_a_failure_on_a_schedule_is_told_at_the_next_look_that_can_see_it(zone: str) -> None:
    rendered = payloads(failure(zone, delivery="schedule", notify_at="10:00"))
    told = assert_all_is_told_as_explained(rendered, zone)

    looks = clocks(zone).shows(TEN, BUSINESS_DAYS)
    following = iter(looks)
    look = next(following)
    for event, at in told.items():
        while look < event + LAG_MINUTES:
            look = next(following)
        assert at == look


@pytest.mark.parametrize("zone", ZONES)
def test_a_failure_at_once_is_told_as_its_metric_arrives(zone: str) -> None:
    rendered = payloads(failure(zone, delivery="at_once", runs={"from": "04:00", "to": "07:00"}))
    told = assert_all_is_told_as_explained(rendered, zone)

    assert {at - event for event, at in told.items()} == {LAG_MINUTES}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", ["04:00", "01:30", "02:30", "19:00 UTC"])
def test_a_run_is_told_to_be_late_exactly_where_it_is_done_after_the_deadline(start: str, zone: str) -> None:
    of_day, _, runs_zone = start.partition(" ")
    written = {"from": of_day, **({"timezone": runs_zone} if runs_zone else {})}
    (rendered,) = payloads(delay(zone, runs=written, deadline="08:00"))
    monitor = brute_force.monitor(rendered["query"], rendered["options"])
    (explained,) = readings_of([rendered])

    office = clocks(zone)
    starts = started(of_day, runs_zone or zone)
    deadlines, looks = iter(office.shows(8 * 60)), iter(monitor.evaluations(office))
    deadline, look, run = next(deadlines), next(looks), 0
    for finish in minutes(zone):
        while starts[run + 1] <= finish:
            run += 1
        while deadline <= starts[run]:
            deadline = next(deadlines)
        while look < deadline + LAG_MINUTES:
            look = next(looks)
        assert look == deadline + LAG_MINUTES
        for bucket in (1, COARSE_BUCKET):
            is_told = brute_force.told_late(monitor, look, finish, lag=LAG_MINUTES, bucket=bucket)
            assert is_told == (finish > deadline), instant(finish)
        if deadline - starts[run] > DAY:
            # The clocks skip the start: what is done then is done by hand.
            continue
        found = told_late(explained, instant(starts[run]), instant(finish), arrives_within=LAG)
        assert found == (instant(look) if finish > deadline else None), instant(finish)


def started(of_day: str, zone: str) -> list[int]:
    return clocks(zone).shows(int(of_day[:2]) * 60 + int(of_day[3:]))


def looks_at(rendered: dict[str, Any], zone: str) -> tuple[brute_force.Monitor, list[int]]:
    """The monitor, and the minutes of all its looks but the first and last week."""
    one = brute_force.monitor(rendered["query"], rendered["options"])
    return one, [at for at in one.evaluations(clocks(zone)) if FIRST <= at <= LAST]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", ["04:00", "02:30"])
def test_fewer_runs_than_expected_are_late(start: str, zone: str) -> None:
    (rendered,) = payloads(delay(zone, runs={"from": start}, deadline="08:00", expect=3))
    one, looks = looks_at(rendered, zone)

    for look in looks:
        deadline = look - LAG_MINUTES
        in_time = [deadline - 120, deadline - 1, deadline]
        told = [brute_force.told_of_runs(one, look, in_time[:count], lag=LAG_MINUTES) for count in range(4)]
        assert told == ["no data", "alert", "alert", ""]
        assert brute_force.told_of_runs(one, look, [*in_time[:2], deadline + 1], lag=0) == "alert"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", ["04:00", "02:30"])
def test_a_warning_comes_before_the_deadline_and_never_calls(start: str, zone: str) -> None:
    late, early = payloads(delay(zone, runs={"from": start}, deadline="08:00", warn_before="45m", expect=2))
    one, looks = looks_at(early, zone)
    _, judged = looks_at(late, zone)

    assert [at + 45 + LAG_MINUTES for at in looks] == judged
    for look in looks:
        seen = [look - LAG_MINUTES - 60, look - LAG_MINUTES]
        told = [brute_force.told_of_runs(one, look, seen[:count], lag=LAG_MINUTES) for count in range(3)]
        assert told == ["warning", "warning", ""]
        assert brute_force.told_of_runs(one, look, [seen[0], look - LAG_MINUTES + 1], lag=LAG_MINUTES) == "warning"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", ["04:00", "19:00 UTC", "23:30"])
def test_only_runs_of_their_days_are_due(start: str, zone: str) -> None:
    of_day, _, runs_zone = start.partition(" ")
    written = {"from": of_day, "days": "mon-fri", **({"timezone": runs_zone} if runs_zone else {})}
    (rendered,) = payloads(delay(zone, runs=written, deadline="08:00"))
    _, looks = looks_at(rendered, zone)

    runs, office = clocks(runs_zone or zone), clocks(zone)
    deadlines = office.shows(8 * 60)
    due = [next(at for at in deadlines if at > run) for run in started(of_day, runs_zone or zone)[8:-9]
           if runs.weekday(run) in BUSINESS_DAYS]  # fmt: skip
    assert [at + LAG_MINUTES for at in due if FIRST + DAY <= at <= LAST - DAY] == [
        at for at in looks if FIRST + DAY <= at - LAG_MINUTES <= LAST - DAY
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_without_a_delay_what_is_seen_at_the_check_is_in_time(zone: str) -> None:
    (rendered,) = payloads(delay(zone, runs={"from": "02:30"}, deadline="08:00", reads_until="check"))
    one, looks = looks_at(rendered, zone)

    assert one.delay == 0
    for look in looks:
        in_time = (look - LAG_MINUTES, look - LAG_MINUTES - 240)
        assert not any(brute_force.told_late(one, look, done, lag=LAG_MINUTES) for done in in_time)
        assert not brute_force.told_late(one, look, look - 5, lag=5)
        assert brute_force.told_late(one, look, look + 1, lag=0)
        # Yesterday's, done an hour before its next start.
        assert brute_force.told_late(one, look, look - LAG_MINUTES - 8 * 60, lag=LAG_MINUTES)


@pytest.mark.parametrize("zone", ZONES)
def test_a_run_that_takes_too_long_is_told_as_its_length_arrives(zone: str) -> None:
    *_, rendered = payloads(delay(zone, runs={"from": "02:30"}, deadline="08:00", max_duration="90m"))
    one = brute_force.monitor(rendered["query"], rendered["options"])

    assert one.metrics == {"aws.states.execution_time.maximum"}
    assert [one.tells(minutes * 60_000) for minutes in (0, 90, 91)] == ["", "", "alert"]
    assert (one.shift, one.delay, one.time_of_day) == (0, 0, None)
    ends = minutes(zone)[::11]
    assert all(one.reads(end, end + LAG_MINUTES, COARSE_BUCKET) for end in ends)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("start", ["04:00", "01:30", "02:30"])
def test_what_was_done_late_does_not_count_for_the_day_after(start: str, zone: str) -> None:
    """A run that is late by less than the hours until its next start, less one."""
    (rendered,) = payloads(delay(zone, runs={"from": start}, deadline="08:00"))
    monitor = brute_force.monitor(rendered["query"], rendered["options"])
    office = clocks(zone)

    for deadline, look in zip(office.shows(8 * 60)[1:], list(monitor.evaluations(office))[1:], strict=True):
        until_an_hour_before_the_start = range(deadline - DAY + 61, look - LAG_MINUTES - monitor.window, 7)
        assert len(until_an_hour_before_the_start) > 100
        assert not any(monitor.reads(late, look, 1) for late in until_an_hour_before_the_start)
