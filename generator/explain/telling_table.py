"""By weekday and time of a failure or of the start of a late run, when it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from generator.explain.arrivals import ORDINARY_WEEKS, Reading, arrivals, reading, told_late
from generator.explain.phrases import day_words
from generator.schedule.local_time import clock, instant

_DAY = timedelta(days=1)
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


def failure_table(payloads: Sequence[Mapping[str, Any]], happenings: Happenings) -> TellingTable | None:
    """What monitors of one batch tell together; None where none of them delays or schedules what it tells."""
    readings = tuple(each for each in _readings(payloads) if not each.expects_events)
    if not any(each.shift or each.looks for each in readings):
        return None
    return _table("a failure at", lambda failure: arrivals(readings, failure)[:1], happenings)


def lateness_table(payloads: Sequence[Mapping[str, Any]], happenings: Happenings) -> TellingTable | None:
    """What they tell of runs that start at these hours and are not done in time; None where none judges a run."""
    readings = tuple(each for each in _readings(payloads) if each.expects_events and each.looks)
    if not readings:
        return None

    def tellings(start: datetime) -> Sequence[datetime]:
        return sorted({late for each in readings if (late := told_late(each, start, None)) is not None})

    return _table("not done, of a run at", tellings, happenings)


def _readings(payloads: Sequence[Mapping[str, Any]]) -> Iterator[Reading]:
    return (found for each in payloads if (found := reading(each)) is not None)


def _table(what: str, tellings: _Tellings, happenings: Happenings) -> TellingTable:
    suffix = "" if happenings.hours_zone is happenings.zone else f" {happenings.hours_zone.key}"
    cells = {weekday: _ordinary(tellings, weekday, happenings) for weekday in range(7)}
    rows = [(day_words(tuple(alike)), same) for same, alike in groupby(cells, key=lambda day: cells[day])]
    for day, name in happenings.days.items():
        cell = tuple(_told(tellings, day, at, happenings) for at in happenings.hours)
        rows.append((f"{_NAMES[day.weekday()]} {day}, {name}", cell))
    return TellingTable(what, tuple(clock(at) + suffix for at in happenings.hours), tuple(rows), happenings.zone.key)


def _ordinary(tellings: _Tellings, weekday: int, happenings: Happenings) -> tuple[str, ...]:
    """More than one time in a cell where it differs between winter and summer."""
    days = [week.astimezone(UTC).date() + weekday * _DAY for week in ORDINARY_WEEKS]
    return tuple(
        " or ".join(dict.fromkeys(_told(tellings, day, at, happenings) for day in days)) for at in happenings.hours
    )


def _told(tellings: _Tellings, day: date, at: time, happenings: Happenings) -> str:
    told = [each.astimezone(happenings.zone) for each in tellings(_happened(day, at, happenings))]
    texts = ("" if each.date() == day else f"{_NAMES[each.weekday()]} " for each in told)
    return " and ".join(f"{weekday}{clock(each.time())}" for weekday, each in zip(texts, told, strict=True)) or "never"


def _happened(day: date, at: time, happenings: Happenings) -> datetime:
    """The instant of the hour that falls on the day where people read of it; a day of 23 hours may have none."""
    around = [instant(day + offset * _DAY, at, happenings.hours_zone) for offset in (0, -1, 1)]
    return next((each for each in around if each.astimezone(happenings.zone).date() == day), around[0])
