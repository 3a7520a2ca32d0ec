from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.schedule.delivery import Office, Runs, shift_until, tellings, window_of
from generator.schedule.local_time import instant
from generator.schedule.zones import zone

YEARS = (2026, 2027)
CASES = [
    line.split("\t")
    for line in (Path(__file__).parent / "delivery.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def named(name: str) -> ZoneInfo:
    found = zone(name)
    assert isinstance(found, ZoneInfo)
    return found


def hours(text: str) -> timedelta:
    whole, minutes = text.split(":")
    return timedelta(hours=int(whole), minutes=int(minutes))


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_shift_and_a_window_are_as_worked_by_hand(case: list[str]) -> None:
    _, start, end, runs_zone, notify_at, office_zone, days, shift, window, told = case
    runs = Runs(time.fromisoformat(start), time.fromisoformat(end), named(runs_zone))
    office = Office(named(office_zone), tuple(map(int, days)), YEARS)

    found = shift_until(time.fromisoformat(notify_at), runs, office)

    assert found == hours(shift)
    assert window_of(runs, found) == hours(window)
    assert [f"{at:%H:%M}" for at in tellings(found, runs, office)] == told.split()


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    start=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    zones=st.tuples(
        st.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo"]),
        st.sampled_from(["Europe/Berlin", "America/New_York", "Africa/Cairo", "Australia/Lord_Howe"]),
    ),
    days=st.sampled_from([(0, 1, 2, 3, 4), (6, 0, 1, 2, 3), tuple(range(7))]),
)
def test_no_failure_is_told_early_on_any_business_day_of_the_years(
    start: time, zones: tuple[str, str], days: tuple[int, ...]
) -> None:
    notify_at = time(10)
    runs = Runs(start, time(0), named(zones[0]))
    office = Office(named(zones[1]), days, YEARS)
    shift = shift_until(notify_at, runs, office)

    told = [
        (instant(date(YEARS[0], 1, 1) + timedelta(days=day), start, runs.zone) + shift).astimezone(office.zone)
        for day in range(730)
    ]

    assert [at for at in told if at.weekday() in days and not time(10) <= at.time() < time(16)] == []


def test_a_time_that_occurs_twice_is_its_first() -> None:
    assert instant(date(2026, 10, 25), time(2, 30), named("Europe/Berlin")) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_time_that_the_spring_switch_skips_is_an_hour_on() -> None:
    skipped = instant(date(2026, 3, 29), time(2, 30), named("Europe/Berlin"))

    assert skipped.astimezone(named("Europe/Berlin")).time() == time(3, 30)
