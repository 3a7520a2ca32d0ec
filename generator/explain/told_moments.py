"""The moments at which a monitor tells of what it tells once, as spans of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from generator.explain.arrivals import Reading
from generator.explain.monitor import Hours
from generator.schedule.local_time import instant, length
from generator.schedule.recurrence import occurrences
from generator.schedule.zones import zone

_DAY = timedelta(days=1)
# What is told on a day happened at most so many days before; a longer span holds every day's moments.
_LONGEST = 9 * _DAY


def is_told_once(one: Reading, happens: Hours | None) -> bool:
    """Whether it is later than what it tells of, or tells of what happens at known hours."""
    return one.looks is not None or (not one.expects_events and (bool(one.shift) or happens is not None))


def first_told(one: Reading, happens: Hours | None, *, since: datetime, until: datetime) -> datetime | None:
    """The first moment from `since` to before `until` at which something can be told; None where there is none."""
    if one.looks is not None:
        found = occurrences(one.looks, since=since, until=min(until, since + _LONGEST))
        return next((each for each in found if each < until), None)
    if happens is None:
        return since
    spans = _told_spans(one, happens, since=since, until=min(until, since + _LONGEST))
    return next((max(since, begin) for begin, end in spans if begin < until and end >= since), None)


def _told_spans(
    one: Reading, happens: Hours, *, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    where = zone(happens.zone)
    if not isinstance(where, ZoneInfo):
        return
    day, last = (since - one.lag).astimezone(where).date() - 2 * _DAY, (until - one.lag).astimezone(where).date()
    lasting = length(happens.start, happens.end)
    while day <= last:
        begin = instant(day, happens.start, where) + one.lag
        yield begin, begin + lasting
        day += _DAY
