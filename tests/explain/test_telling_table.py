"""The table of `toban explain`: by weekday and hour, when a failure is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.explain.arrivals import ORDINARY_WEEKS, arrivals, reading, told_late
from generator.explain.telling_table import Happenings, TellingTable, failure_table, lateness_table
from generator.schedule.zones import zone

COUNT = "sum:jobs.failed{env:production}.as_count()"


def named(name: str) -> ZoneInfo:
    found = zone(name)
    assert isinstance(found, ZoneInfo)
    return found


def shifted(seconds: int) -> dict[str, Any]:
    return {"query": f"sum(last_2h):timeshift({COUNT}, -{seconds}) > 0", "options": {}}


def scheduled(hours: int, days: str, *, comparator: str = "> 0") -> dict[str, Any]:
    rule = f"FREQ=WEEKLY;INTERVAL=1;BYDAY={days}"
    recurrence = {"rrule": rule, "start": "2024-01-01T10:00:00", "timezone": "Europe/Berlin"}
    options = {"scheduling_options": {"custom_schedule": {"recurrences": [recurrence]}}}
    return {"query": f"sum(last_{hours}h):{COUNT} {comparator}", "options": options}


def happenings(*hours: int, zone_name: str = "Europe/Berlin", days: dict[date, str] | None = None) -> Happenings:
    return Happenings(tuple(map(time, hours)), named(zone_name), named("Europe/Berlin"), days or {})


def grid(table: TellingTable | None) -> list[tuple[str, ...]] | None:
    return None if table is None else [table.columns, *((days, *cells) for days, cells in table.rows)]


def rows(payloads: list[dict[str, Any]], *hours: int, zone_name: str = "Europe/Berlin") -> list[tuple[str, ...]] | None:
    return grid(failure_table(payloads, happenings(*hours, zone_name=zone_name)))


def test_a_shift_is_the_same_on_every_day() -> None:
    assert rows([shifted(21600)], 4, 5) == [("04:00", "05:00"), ("every day", "10:00", "11:00")]


def test_a_shift_over_midnight_names_the_day() -> None:
    found = rows([shifted(21600)], 20)

    assert found is not None
    assert [row[1] for row in found[1:8]] == [
        f"{day} 02:00" for day in ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Mon")
    ]


def test_nights_in_which_the_clocks_change_have_rows_of_their_own() -> None:
    assert rows([shifted(30600)], 1) == [
        ("01:00",),
        ("every day", "09:30"),
        ("Sun 2027-03-28, the clocks change", "10:30"),
        ("Sun 2027-10-31, the clocks change", "08:30"),
    ]


def test_the_evening_before_clocks_change_is_another_day_too() -> None:
    found = rows([shifted(21600)], 20)

    assert found is not None
    assert found[8:] == [("Sat 2027-03-27, the clocks change", "Sun 03:00")]


def test_clocks_of_two_zones_that_change_in_different_weeks_are_all_told() -> None:
    """22:00 in New York is 04:00 in Berlin, and 03:00 in three weeks of spring."""
    found = rows([shifted(25200)], 22, zone_name="America/New_York")

    assert found is not None
    assert found[1] == ("every day", "10:00 or 11:00")


def test_a_schedule_on_one_day_a_week_tells_the_next_week() -> None:
    assert rows([scheduled(170, "MO")], 4, 12) == [
        ("04:00", "12:00"),
        ("Monday", "10:00", "next Mon 10:00"),
        ("Tuesday to Sunday", "Mon 10:00", "Mon 10:00"),
    ]


def test_what_is_told_at_once_waits_for_its_metrics() -> None:
    at_once = {"query": f"sum(last_2h):{COUNT} > 0", "options": {}}
    table = failure_table([at_once], happenings(4), arrives_within=timedelta(minutes=20))

    assert grid(table) == [("04:00",), ("every day", "04:20")]


def test_monitors_of_one_batch_tell_together() -> None:
    monitors = [scheduled(26, "TU,WE,TH,FR"), scheduled(74, "MO")]

    assert rows(monitors, 4, 12) == [
        ("04:00", "12:00"),
        ("Monday", "10:00", "Tue 10:00"),
        ("Tuesday", "10:00", "Wed 10:00"),
        ("Wednesday", "10:00", "Thu 10:00"),
        ("Thursday", "10:00", "Fri 10:00"),
        ("Friday", "10:00", "Mon 10:00"),
        ("Saturday and Sunday", "Mon 10:00", "Mon 10:00"),
    ]


def test_a_day_that_no_monitor_reads_is_never_told() -> None:
    assert rows([scheduled(26, "TU,WE,TH,FR")], 4) == [
        ("04:00",),
        ("Monday", "never"),
        ("Tuesday to Friday", "10:00"),
        ("Saturday and Sunday", "never"),
    ]


def test_winter_and_summer_are_both_told() -> None:
    assert rows([shifted(25200)], 2, zone_name="UTC") == [("02:00 UTC",), ("every day", "10:00 or 11:00")]


def test_days_are_those_of_the_readers_also_where_hours_are_not() -> None:
    assert rows([shifted(36000)], 23, zone_name="UTC") == [("23:00 UTC",), ("every day", "10:00 or 11:00")]
    assert rows([scheduled(26, "TU")], 23, zone_name="UTC") == [
        ("23:00 UTC",),
        ("Monday", "never"),
        ("Tuesday", "10:00"),
        ("Wednesday to Sunday", "never"),
    ]


@pytest.mark.parametrize("zone_name", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 1)])
def test_every_hour_of_every_zone_falls_on_a_day(zone_name: str, day: date) -> None:
    hours = happenings(*range(24), zone_name=zone_name, days={day: "a day"})
    table = failure_table([shifted(3600)], hours)

    assert table is not None
    assert "never" not in table.rows[-1][1]


def test_what_is_told_as_it_happens_needs_no_table() -> None:
    assert rows([{"query": f"sum(last_2h):{COUNT} > 0", "options": {}}], 4) is None


def test_lateness_is_no_failure() -> None:
    assert rows([scheduled(7, "MO", comparator="< 1")], 4) is None


def test_a_late_run_is_told_at_the_looks_that_can_see_when_it_started() -> None:
    monitors = [scheduled(7, "MO,TU,WE,TH,FR", comparator="< 1"), scheduled(26, "MO", comparator="< 1")]

    assert grid(lateness_table(monitors, happenings(4, 11))) == [
        ("04:00", "11:00"),
        ("Monday to Friday", "10:00", "never"),
        ("Saturday", "never", "never"),
        ("Sunday", "never", "Mon 10:00"),
    ]


def test_a_run_is_judged_before_and_after_its_deadline() -> None:
    early = scheduled(6, "TU", comparator="< 0")
    early["options"]["scheduling_options"]["custom_schedule"]["recurrences"][0]["start"] = "2024-01-01T09:15:00"
    table = lateness_table([early, scheduled(7, "TU", comparator="< 1")], happenings(4))

    assert table is not None
    assert table.rows[1] == ("Tuesday", ("09:15 and 10:00",))


def test_failures_have_no_table_of_late_runs() -> None:
    assert lateness_table([shifted(21600), scheduled(26, "TU,WE,TH,FR")], happenings(4)) is None


def test_certain_days_have_a_row_of_their_own() -> None:
    new_year = {date(2027, 1, 1): "New Year's Day"}
    table = failure_table([scheduled(26, "TU,WE,TH,FR"), scheduled(74, "MO")], happenings(4, 12, days=new_year))

    assert table is not None
    assert table.rows[-1] == ("Fri 2027-01-01, New Year's Day", ("10:00", "Mon 10:00"))


@pytest.mark.parametrize(
    "query",
    [
        f"sum(last_2h):timeshift({COUNT}, -3600) + timeshift({COUNT}, -7200) > 0",
        f"sum(last_2h):timeshift({COUNT}, -3600) + {COUNT} > 0",
        f"sum(last_2h):moving_rollup({COUNT}, 60, 'sum') > 0",
        f"sum(last_2h):timeshift({COUNT}, 3600) > 0",
        f"sum(current_1d):{COUNT} > 0",
        f"change(sum(last_2h),last_1h):{COUNT} > 0",
        f"avg(last_2h):{COUNT} > 0",
        'logs("x").index("*").rollup("count").last("5m") > 5',
        "",
    ],
)
def test_what_reads_otherwise_is_not_guessed_at(query: str) -> None:
    assert reading({"query": query, "options": {}}) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
RECURRENCE = st.fixed_dictionaries(
    {
        "rrule": st.sampled_from(["FREQ=DAILY;INTERVAL=1", "FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY="]) | JSON,
        "start": st.sampled_from(["2024-01-01T10:00:00", "2024-01-01T10:00:00+09:00", "x"]) | JSON,
        "timezone": st.sampled_from(["Asia/Tokyo", "nowhere"]) | JSON,
    }
)
SCHEDULES = JSON | st.fixed_dictionaries(
    {"custom_schedule": JSON | st.fixed_dictionaries({"recurrences": JSON | st.lists(RECURRENCE, max_size=2)})}
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    window=st.sampled_from(["last_5m", "last_99999999999w", "last_1mo", "last_0h"]),
    shift=st.sampled_from(["-60", "-0.5", "-1e300", "0", "-99999999999999"]),
    delay=JSON,
    schedule=SCHEDULES,
)
def test_no_payload_makes_the_telling_fail(window: str, shift: str, delay: Any, schedule: Any) -> None:
    query = f"sum({window}):timeshift({COUNT}, {shift}) > 0"
    found = reading({"query": query, "options": {"evaluation_delay": delay, "scheduling_options": schedule}})

    if found is not None:
        event = ORDINARY_WEEKS[0]
        assert all(event <= at <= event + timedelta(days=70) for at in arrivals((found,), event))
        assert told_late(found, event, None) is None or found.looks is not None


def test_a_monitor_that_looks_every_minute_is_never_late() -> None:
    found = reading(shifted(60))

    assert found is not None
    assert told_late(found, datetime(2026, 1, 5, tzinfo=UTC), None) is None
