from __future__ import annotations

from datetime import date

import pytest

from generator.schedule.public_holidays import Holiday, UnknownCountry, public_holidays


def days(place: str, since: date) -> list[tuple[str, str]]:
    found = public_holidays(place, since=since)
    assert isinstance(found, tuple)
    return [(str(each.day), each.name) for each in found]


def test_holidays_come_in_order_from_the_day_on_to_the_end_of_the_next_year() -> None:
    found = days("JP", date(2027, 1, 1))

    assert found[:2] == [("2027-01-01", "New Year's Day"), ("2027-01-11", "Coming of Age Day")]
    assert [day for day, _ in found] == sorted(day for day, _ in found)
    assert found[-1][0].startswith("2028-11")


def test_a_holiday_of_today_is_among_them_and_one_of_yesterday_is_not() -> None:
    assert days("JP", date(2027, 1, 11))[0][0] == "2027-01-11"
    assert days("JP", date(2027, 1, 12))[0][0] == "2027-02-11"


def test_a_part_of_a_country_has_its_own() -> None:
    assert ("2027-01-06", "Epiphany") in days("DE-BY", date(2027, 1, 1))
    assert ("2027-01-06", "Epiphany") not in days("DE", date(2027, 1, 1))


@pytest.mark.parametrize("since", [date(1, 1, 1), date(2099, 12, 31), date(9999, 12, 31)])
def test_years_that_nobody_knows_have_no_holidays_and_do_no_harm(since: date) -> None:
    found = public_holidays("JP", since=since)

    assert isinstance(found, tuple)
    assert all(isinstance(each, Holiday) and each.day.year <= 2100 for each in found)


@pytest.mark.parametrize(
    ("place", "told"),
    [("XX", "public holidays of `XX` are not known"), ("DE-XX", "`DE` has no part `XX` with holidays of its own")],
)
def test_an_unknown_country_or_part_is_told(place: str, told: str) -> None:
    found = public_holidays(place, since=date(2027, 1, 1))

    assert isinstance(found, UnknownCountry)
    assert found.message == told


def test_the_parts_of_a_country_are_offered() -> None:
    found = public_holidays("DE-XX", since=date(2027, 1, 1))

    assert isinstance(found, UnknownCountry)
    assert "`DE-BY`" in found.hint
