"""By weekday and time of a failure, when it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from generator.explain.arrivals import ORDINARY_WEEKS, Reading, arrivals, reading
from generator.explain.phrases import day_words
from generator.schedule.local_time import clock, instant

_DAY = timedelta(days=1)
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ANY_HOURS = (time(0), time(6), time(12), time(18))


class TellingTable(msgspec.Struct, frozen=True):
    """A column for each time of a failure, a row for weekdays that are alike: their names and when it is told."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    zone: str


def telling_table(
    payloads: Sequence[Mapping[str, Any]], hours: Sequence[time], *, hours_zone: ZoneInfo, zone: ZoneInfo
) -> TellingTable | None:
    """What monitors of one batch tell together; None where none of them delays or schedules what it tells."""
    readings = tuple(found for each in payloads if (found := reading(each)) is not None and not found.expects_events)
    if not any(each.shift or each.looks for each in readings):
        return None
    suffix = "" if hours_zone is zone else f" {hours_zone.key}"
    cells = {day: tuple(_cell(readings, day, at, hours_zone, zone) for at in hours) for day in range(7)}
    rows = tuple((day_words(tuple(days)), same) for same, days in groupby(cells, key=lambda day: cells[day]))
    return TellingTable(tuple(clock(at) + suffix for at in hours), rows, zone.key)


def _cell(readings: tuple[Reading, ...], weekday: int, at: time, hours_zone: ZoneInfo, zone: ZoneInfo) -> str:
    """More than one time where it differs between winter and summer."""
    told = dict.fromkeys(
        _told(readings, instant(_date(week, weekday), at, hours_zone), zone) for week in ORDINARY_WEEKS
    )
    return " or ".join(told)


def _told(readings: tuple[Reading, ...], failure: datetime, zone: ZoneInfo) -> str:
    first = next(iter(arrivals(readings, failure)), None)
    if first is None:
        return "never"
    there, happened = first.astimezone(zone), failure.astimezone(zone)
    day = "" if there.date() == happened.date() else f"{_NAMES[there.weekday()]} "
    return f"{day}{clock(there.time())}"


def _date(week: datetime, weekday: int) -> date:
    return week.astimezone(UTC).date() + weekday * _DAY
