"""Local times as instants, on the days when clocks change too."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.schedule.zones import zone
from generator.testing.moments import MomentProblem, day_of, local, moment_of

DAY = date(2027, 1, 12)
BERLIN = zone("Europe/Berlin")
INSTANTS = {
    "04:12": "2027-01-12T04:12:00+01:00",
    "04:12:30": "2027-01-12T04:12:30+01:00",
    "24:00": "2027-01-13T00:00:00+01:00",
    "2027-12-31 24:00": "2028-01-01T00:00:00+01:00",
    "2027-03-28 03:00": "2027-03-28T03:00:00+02:00",
    "2027-10-31 03:00": "2027-10-31T03:00:00+01:00",
    "2027-10-31 02:30+02:00": "2027-10-31T02:30:00+02:00",
    "2027-10-31 02:30+01:00": "2027-10-31T02:30:00+01:00",
    "04:12:30+01:00": "2027-01-12T04:12:30+01:00",
}
REFUSED = {
    "2027-03-28 02:30": "skip",
    "2027-10-31 02:30": "twice",
    "2027-10-31 02:30+05:00": "not at `+05:00`",
    "04:12+02:00": "not at `+02:00`",
    "2027-02-29 04:12": "no day",
    "0001-01-01 04:12": "out of reach",
    "9999-12-31 24:00": "out of reach",
}


@pytest.mark.parametrize(("text", "instant"), INSTANTS.items())
def test_a_time_is_that_of_the_zone_s_clocks(text: str, instant: str) -> None:
    assert isinstance(BERLIN, ZoneInfo)
    assert moment_of(text, DAY, BERLIN) == int(datetime.fromisoformat(instant).timestamp())


@pytest.mark.parametrize(("text", "words"), REFUSED.items())
def test_what_is_no_one_moment_is_refused(text: str, words: str) -> None:
    assert isinstance(BERLIN, ZoneInfo)
    found = moment_of(text, DAY, BERLIN)
    assert isinstance(found, MomentProblem)
    assert words in found.message


@given(
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Africa/Casablanca"]),
    st.integers(0, 365),
    st.integers(0, 1439),
)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_what_is_taken_is_shown_by_the_clocks_again(name: str, days: int, minutes: int) -> None:
    where = zone(name)
    assert isinstance(where, ZoneInfo)
    shown = datetime(2027, 1, 1) + timedelta(days=days, minutes=minutes)  # noqa: DTZ001 - the clocks' own time
    found = moment_of(f"{shown:%H:%M}", shown.date(), where)
    if isinstance(found, int):
        assert local(found, where).replace(tzinfo=None) == shown


def test_a_day_is_one_of_the_calendar() -> None:
    assert day_of("2027-01-12") == DAY
    assert isinstance(day_of("2027-13-01"), MomentProblem)
