"""Days of delivery, recurrences and deadlines."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from generator.schedule.delivery import Office, Runs
from generator.schedule.delivery_days import DeliveryDays, days_name, delivery_days, parse_days
from generator.schedule.lateness import day_of_wrong_check, days_due, later, window_until
from generator.schedule.recurrence import Recurrence, occurrences, rrule, rule_days
from generator.schedule.zones import zone

HOUR = timedelta(hours=1)


def named(name: str) -> ZoneInfo:
    found = zone(name)
    assert isinstance(found, ZoneInfo)
    return found


BERLIN = Office(named("Europe/Berlin"), (0, 1, 2, 3, 4), (2026, 2027))


@pytest.mark.parametrize(
    ("business_days", "expected"),
    [
        ("mon-fri", [("tue-fri", 1), ("mon", 3)]),
        ("sun-thu", [("mon-thu", 1), ("sun", 3)]),
        ("mon-sun", [("mon-sun", 1)]),
        ("mon,wed,fri", [("wed_fri", 2), ("mon", 3)]),
        ("mon,thu", [("thu", 3), ("mon", 4)]),
        ("wed", [("wed", 7)]),
        ("sat,sun", [("sun", 1), ("sat", 6)]),
    ],
)
def test_days_with_equal_gaps_before_them_share_a_delivery(business_days: str, expected: list[tuple[str, int]]) -> None:
    found = delivery_days(parse_days(business_days))

    assert [(days_name(each.days), each.gap_days) for each in found] == expected


def test_without_business_days_alerts_are_delivered_every_day() -> None:
    assert delivery_days(()) == (DeliveryDays((0, 1, 2, 3, 4, 5, 6), 1),)


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon-fri", (0, 1, 2, 3, 4)), ("sat-mon", (0, 5, 6)), ("mon, wed-thu", (0, 2, 3)), ("sun,sun", (6,))],
)
def test_days_are_read_as_people_write_them(text: str, days: tuple[int, ...]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("days", [(0,), (1, 2, 3, 4), (5, 6)])
def test_a_rule_of_some_days_is_read_back(days: tuple[int, ...]) -> None:
    assert rule_days(rrule(days)) == days


@pytest.mark.parametrize("days", [(), (0, 1, 2, 3, 4, 5, 6)])
def test_every_day_is_a_daily_rule(days: tuple[int, ...]) -> None:
    assert rrule(days) == "FREQ=DAILY;INTERVAL=1"
    assert rule_days(rrule(days)) == ()


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;COUNT=3",
        "FREQ=WEEKLY;BYDAY=" + "MO," * 100_000,
    ],
)
def test_other_rules_are_not_guessed_at(rule: str) -> None:
    assert rule_days(rule) is None


def test_occurrences_keep_the_local_time_over_a_change_of_the_clocks() -> None:
    looks = Recurrence((0, 5, 6), time(10), named("Europe/Berlin"))
    found = occurrences(looks, since=datetime(2026, 10, 24, tzinfo=UTC), until=datetime(2026, 10, 26, 9, tzinfo=UTC))

    assert [f"{at:%d %H:%M}" for at in found] == ["24 08:00", "25 09:00", "26 09:00"]


@pytest.mark.parametrize(
    ("start", "zone_name", "deadline", "hours"),
    [
        ("04:00", "Europe/Berlin", "08:00", 5),
        ("01:30", "Europe/Berlin", "08:00", 8.5),
        ("02:00", "UTC", "08:00", 6),
        ("22:30", "Europe/Berlin", "06:00", 9.5),
    ],
)
def test_a_window_starts_an_hour_before_the_earliest_start(
    start: str, zone_name: str, deadline: str, hours: float
) -> None:
    runs = Runs(time.fromisoformat(start), time(0), named(zone_name))

    assert window_until(time.fromisoformat(deadline), runs, BERLIN) == hours * HOUR


@pytest.mark.parametrize(
    ("deadline", "lag_minutes", "day"),
    [
        ("08:00", 20, None),
        ("01:39", 20, None),
        ("01:50", 20, date(2026, 3, 29)),
        ("01:30", 90, date(2026, 3, 29)),
        ("02:50", 20, date(2026, 3, 29)),
        ("02:50", 0, date(2026, 3, 29)),
        ("03:10", 0, None),
    ],
)
def test_a_check_over_a_change_of_the_clocks_is_found(deadline: str, lag_minutes: int, day: date | None) -> None:
    runs = Runs(time(0, 30), time(1), named("Europe/Berlin"))

    assert day_of_wrong_check(time.fromisoformat(deadline), timedelta(minutes=lag_minutes), runs, BERLIN) == day


@pytest.mark.parametrize(
    ("days", "start", "deadline", "lag", "due"),
    [
        ((0, 4), "04:00", "08:00", 0, (0, 4)),
        ((0, 4), "22:30", "06:00", 0, (1, 5)),
        ((6,), "22:30", "23:50", 20, (0,)),
        ((), "04:00", "08:00", 0, ()),
    ],
)
def test_runs_are_due_on_the_day_of_their_check(
    days: tuple[int, ...], start: str, deadline: str, lag: int, due: tuple[int, ...]
) -> None:
    runs = Runs(time.fromisoformat(start), time(0), named("Europe/Berlin"))

    assert days_due(days, time.fromisoformat(deadline), runs, BERLIN, lag=timedelta(minutes=lag)) == due


@pytest.mark.parametrize(("at", "minutes", "expected"), [("23:50", 20, "00:10"), ("00:10", -20, "23:50")])
def test_wall_clock_time_passes_midnight(at: str, minutes: int, expected: str) -> None:
    assert later(time.fromisoformat(at), timedelta(minutes=minutes)) == time.fromisoformat(expected)
