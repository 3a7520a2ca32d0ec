"""By weekday and time of a failure or of the start of a late run, when it is told."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from generator.explain.arrivals import ORDINARY_WEEKS, Reading, arrivals, reading, told_late
from generator.explain.phrases import day_words
from generator.schedule.delivery import days_of_change
from generator.schedule.local_time import clock, instant
from generator.schedule.recurrence import Recurrence, occurrences

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_NO_TIME = timedelta(0)
_INSTANT = timedelta(microseconds=1)
# Clocks are changed after the same rule each year.
_YEARS = (2026, 2027)
_NO_DAYS: Mapping[date, str] = {}
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ANY_HOURS = (time(0), time(6), time(12), time(18))
_Tellings = Callable[[datetime], Sequence[datetime]]


class Happenings(msgspec.Struct, frozen=True):
    """At which hours, on the clocks of which zone, something happens, and in which zone people read of it.

    `days` are certain ones that get a row of their own, with their names.
    """

    hours: tuple[time, ...]
    hours_zone: ZoneInfo
    zone: ZoneInfo
    days: Mapping[date, str] = _NO_DAYS


class TellingTable(msgspec.Struct, frozen=True):
    """A column for each hour of `what`, a row for weekdays that are alike: their names and when it is told."""

    what: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    zone: str


def failure_table(
    payloads: Sequence[Mapping[str, Any]], happenings: Happenings, *, arrives_within: timedelta = _NO_TIME
) -> TellingTable | None:
    """What monitors of one batch tell together, once their metrics are there.

    None where none of them tells later than these.
    """
    readings = tuple(each for each in _readings(payloads) if not each.expects_events)
    if not arrives_within and not any(each.shift or each.looks for each in readings):
        return None

    def tellings(failure: datetime) -> Sequence[datetime]:
        return arrivals(readings, failure, arrives_within=arrives_within)[:1]

    return _table("a failure at", tellings, happenings) if readings else None


def lateness_table(payloads: Sequence[Mapping[str, Any]], happenings: Happenings) -> TellingTable | None:
    """What they tell of runs that start at these hours and are not done in time; None where none judges a run."""
    readings = tuple(each for each in _readings(payloads) if each.expects_events and each.looks)
    if not readings:
        return None

    def tellings(start: datetime) -> Sequence[datetime]:
        return sorted({late for each in readings if (late := told_late(each, start, None)) is not None})

    return _table("not done, of a run at", tellings, happenings)


def looks_table(looks: Recurrence, where: ZoneInfo, days: Mapping[date, str] = _NO_DAYS) -> TellingTable:
    """When a monitor with a schedule of its own looks, by weekday, whatever it looks at."""

    def tellings(some: datetime) -> Sequence[datetime]:
        day = some.astimezone(where).date()
        first, end = (instant(each, time(0), where) for each in (day, day + _DAY))
        return tuple(occurrences(looks, since=first, until=end - _INSTANT))

    found = _table("it looks", tellings, Happenings((time(0),), looks.zone, where, days))
    return msgspec.structs.replace(found, columns=("at",))


def _readings(payloads: Sequence[Mapping[str, Any]]) -> Iterator[Reading]:
    return (found for each in payloads if (found := reading(each)) is not None)


def _table(what: str, tellings: _Tellings, happenings: Happenings) -> TellingTable:
    suffix = "" if happenings.hours_zone is happenings.zone else f" {happenings.hours_zone.key}"
    cells = {weekday: _ordinary(tellings, weekday, happenings) for weekday in range(7)}
    rows = [(day_words(tuple(alike)), same) for same, alike in groupby(cells, key=lambda day: cells[day])]
    rows += _odd_rows(tellings, cells, happenings)
    for day, name in happenings.days.items():
        rows.append((f"{_NAMES[day.weekday()]} {day}, {name}", _cells(tellings, day, happenings)))
    return TellingTable(what, tuple(clock(at) + suffix for at in happenings.hours), tuple(rows), happenings.zone.key)


def _odd_rows(
    tellings: _Tellings, cells: Mapping[int, tuple[str, ...]], happenings: Happenings
) -> list[tuple[str, tuple[str, ...]]]:
    """The last days of each kind on which it is otherwise, because clocks change then or a day later."""
    changes = {day for zone in (happenings.hours_zone, happenings.zone) for day in days_of_change(zone, _YEARS)}
    latest: dict[tuple[int, tuple[str, ...]], date] = {}
    for day in sorted({change - offset * _DAY for change in changes for offset in (0, 1)}):
        found = _cells(tellings, day, happenings)
        usual = cells[day.weekday()]
        if any(cell not in each.split(" or ") for cell, each in zip(found, usual, strict=True)):
            latest[day.weekday(), found] = day
    return [
        (f"{_NAMES[day.weekday()]} {day}, the clocks change", found)
        for (_, found), day in sorted(latest.items(), key=lambda odd: odd[1])
    ]


def _cells(tellings: _Tellings, day: date, happenings: Happenings) -> tuple[str, ...]:
    return tuple(_told(tellings, day, at, happenings) for at in happenings.hours)


def _ordinary(tellings: _Tellings, weekday: int, happenings: Happenings) -> tuple[str, ...]:
    """More than one time in a cell where it differs by how far the clocks are apart, the earliest first."""
    days = [week + weekday * _DAY for week in _ordinary_weeks(happenings.hours_zone, happenings.zone)]
    rows = ({_told(tellings, day, at, happenings): None for day in days} for at in happenings.hours)
    return tuple(" or ".join(sorted(row, key=_time_of_day)) for row in rows)


def _time_of_day(cell: str) -> str:
    return cell[-5:]


@functools.cache
def _ordinary_weeks(*zones: ZoneInfo) -> tuple[date, ...]:
    """Mondays of weeks in which no clock changes, one for each distance of the zones' clocks."""
    first = ORDINARY_WEEKS[0].date()
    apart: dict[tuple[timedelta | None, ...], date] = {}
    for monday in (first + offset * _WEEK for offset in range(52)):
        offsets = [tuple(_noon(day, zone).utcoffset() for zone in zones) for day in (monday - _DAY, monday + _WEEK)]
        if offsets[0] == offsets[1]:
            apart.setdefault(offsets[0], monday)
    return tuple(apart.values())


def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(12), tzinfo=zone)


def _told(tellings: _Tellings, day: date, at: time, happenings: Happenings) -> str:
    told = [each.astimezone(happenings.zone) for each in tellings(_happened(day, at, happenings))]
    return " and ".join(_day_words(each.date(), day) + clock(each.time()) for each in told) or "never"


def _day_words(told: date, day: date) -> str:
    """Nothing for the same day, and what tells the same weekday of the next week apart from it."""
    if told == day:
        return ""
    return f"{'next ' * (told - day >= _WEEK)}{_NAMES[told.weekday()]} "


def _happened(day: date, at: time, happenings: Happenings) -> datetime:
    """The instant of the hour that falls on the day where people read of it; a day of 23 hours may have none."""
    around = [instant(day + offset * _DAY, at, happenings.hours_zone) for offset in (0, -1, 1)]
    return next((each for each in around if each.astimezone(happenings.zone).date() == day), around[0])
