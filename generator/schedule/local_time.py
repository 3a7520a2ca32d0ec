"""Wall-clock times and the instants they name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def of_minutes(minutes: int) -> time:
    """The time so many minutes after midnight; 24:00 is midnight."""
    return time(*divmod(minutes % 1440, 60))


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The instant of a local time: the first if it occurs twice, an hour on if the spring switch skips it."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def is_skipped(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether the clocks of the zone never show the time on the day."""
    return instant(day, at, zone).astimezone(zone).time() != at


def is_plain(at: datetime, shown: time, zone: ZoneInfo) -> bool:
    """Whether the clocks of the zone show the time at the instant, and show it once on that day."""
    local = at.astimezone(zone)
    return local.time() == shown and local.replace(fold=1).utcoffset() == local.replace(fold=0).utcoffset()


def next_occurrence(at: time, zone: ZoneInfo, *, after: datetime) -> datetime:
    """The first instant later than `after` at which the clocks of the zone show the time."""
    day = after.astimezone(zone).date()
    return min(found for offset in (-1, 0, 1, 2) if (found := instant(day + offset * _DAY, at, zone)) > after)


def last_occurrence(at: time, zone: ZoneInfo, *, until: datetime) -> datetime:
    """The last instant not later than `until` at which the clocks of the zone show the time."""
    day = until.astimezone(zone).date()
    return max(found for offset in (-2, -1, 0, 1) if (found := instant(day + offset * _DAY, at, zone)) <= until)


def length(start: time, end: time) -> timedelta:
    """Wall-clock time from start to end, over midnight if need be; equal times are a whole day apart."""
    seconds = _seconds(end) - _seconds(start)
    return timedelta(seconds=seconds if seconds > 0 else seconds + 86400)


def is_between(at: time, start: time, end: time) -> bool:
    """Whether the clocks show a time not before the start, and before the end, which may be on the next day."""
    return length(start, at) % _DAY < length(start, end)


def clock(at: time) -> str:
    return f"{at:%H:%M}"


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second
