"""Local times of a test as instants. A time that the clocks skip, or show twice, is refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from generator.schedule.local_time import is_plain, is_skipped

_YEARS: Final = range(2000, 2100)
_DAY = timedelta(days=1)


class MomentProblem(Struct, frozen=True):
    message: str
    hint: str


def day_of(text: str) -> date | MomentProblem:
    """The day of a DayText."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return MomentProblem(f"there is no day `{text}`", "write a day of the calendar, such as `2027-01-12`")
    if found.year not in _YEARS:
        return MomentProblem(f"the day `{text}` is out of reach", f"write a year from {_YEARS[0]} to {_YEARS[-1]}")
    return found


def moment_of(text: str, day: date, zone: ZoneInfo) -> int | MomentProblem:
    """UNIX seconds of a MomentText; `day` is that of a time without one."""
    named, _, rest = text.rpartition(" ")
    found = day_of(named) if named else day
    if isinstance(found, MomentProblem):
        return found
    clock, offset = _split(rest)
    if clock == "24:00":
        found, clock = found + _DAY, "00:00"
    at = time.fromisoformat(clock)
    if is_skipped(found, at, zone):
        return _skipped(found, at, zone)
    return _of_local(datetime.combine(found, at), offset, zone)


def midnight(day: date, zone: ZoneInfo) -> int:
    """When a day begins, which is later than 00:00 where the clocks skip that."""
    return int(datetime.combine(day, time(), zone).timestamp())


def local(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, zone)


def _of_local(shown: datetime, offset: str, zone: ZoneInfo) -> int | MomentProblem:
    first, second = (shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if offset:
        for each in (first, second):
            if offset_text(each) == offset:
                return int(each.timestamp())
        message = f"the clocks of {zone.key} are not at `{offset}` at {_minute(shown)}"
        return MomentProblem(message, f"write `{offset_text(first)}`, or no offset")
    if not is_plain(first, shown.time(), zone):
        message = f"the clocks of {zone.key} show {_minute(shown)} twice"
        clock = f"{shown:%H:%M}"
        hint = f"write `{clock}{offset_text(first)}` for the first and `{clock}{offset_text(second)}` for the second"
        return MomentProblem(message, hint)
    return int(first.timestamp())


def _skipped(day: date, at: time, zone: ZoneInfo) -> MomentProblem:
    shown = datetime.combine(day, at)
    later = datetime.fromtimestamp(shown.replace(tzinfo=zone).timestamp(), zone)
    message = f"the clocks of {zone.key} skip {_minute(shown)}"
    return MomentProblem(message, f"write a time before they change, or after that, such as `{later:%H:%M}`")


def _split(text: str) -> tuple[str, str]:
    """A clock time and its offset, if it has one."""
    if len(text) > len("04:12:30"):
        return text[:-6], text[-6:]
    return (text[:5], text[5:]) if text[5:6] in ("+", "-") else (text, "")


def offset_text(at: datetime) -> str:
    """`+09:00`."""
    found = at.strftime("%z")
    return f"{found[:3]}:{found[3:5]}"


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
