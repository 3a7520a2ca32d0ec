"""How far a batch's metrics are shifted, so that a failure at night is told in working hours.

A time shift is a fixed number of seconds, the clocks are not: the shift is the smallest with which a run that fails as
it starts is never told before `notify_at` on a business day, whatever the clocks do in the reference years.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from generator.schedule.local_time import instant, is_plain, is_skipped, last_occurrence, length, next_occurrence

_DAY = timedelta(days=1)
_TWO_DAYS = timedelta(days=2)
_HOUR = timedelta(hours=1)
_NO_TIME = timedelta(0)
# The clocks of two zones drift apart by less than this; a telling that is later than this after `notify_at` is one
# that comes too early for the next.
_MOST_LATE = timedelta(hours=6)


class Runs(msgspec.Struct, frozen=True):
    """When a batch runs, on the clocks of its own zone."""

    start: time
    end: time
    zone: ZoneInfo


class Office(msgspec.Struct, frozen=True):
    """Where alerts are read: the zone, its business days (0 is Monday, none means all), the years to be right in."""

    zone: ZoneInfo
    business_days: tuple[int, ...]
    years: tuple[int, ...]


@functools.lru_cache(maxsize=4096)
def shift_until(notify_at: time, runs: Runs, office: Office) -> timedelta:
    """The smallest shift that tells a run's first failure at or after `notify_at` on every business day."""
    starts = starts_of(runs, office)
    gaps = sorted({next_occurrence(notify_at, office.zone, after=start) - start for start in starts})
    return next((gap for gap in gaps if _is_in_time(gap, notify_at, starts, office)), gaps[-1])


def window_of(runs: Runs, shift: timedelta) -> timedelta:
    """One evaluation window for all failures of a run: its length in whole hours, at most the shift."""
    hours = -(-length(runs.start, runs.end) // _HOUR)
    return min(hours * _HOUR, shift)


@functools.lru_cache(maxsize=4096)
def tellings(shift: timedelta, runs: Runs, office: Office) -> tuple[time, ...]:
    """The local times at which a failure at the start of a run is told; more than one with daylight saving."""
    starts = starts_of(runs, office)
    told = [(start + shift).astimezone(office.zone) for start in starts]
    return tuple(sorted({at.time() for at in told if _is_read(at, office)} or {at.time() for at in told}))


@functools.lru_cache(maxsize=4096)
def starts_at(notify_at: time, runs: Runs, office: Office) -> bool:
    """Whether a run ever starts at the very moment of `notify_at`, so that nothing is left to shift."""
    starts = starts_of(runs, office)
    return any(last_occurrence(notify_at, office.zone, until=start) == start for start in starts)


@functools.lru_cache(maxsize=4096)
def is_inside(at: time, lag: timedelta, runs: Runs, office: Office) -> bool:
    """Whether the time falls into a run, or comes before what fails at its end can be seen, as people count hours.

    In the night of a change a run that is over by the clocks may last an hour longer: that is told late, not lost.
    """
    return any(
        next_occurrence(at, office.zone, after=start) < end_of(start, runs) + lag
        for start in ordinary_starts(runs, office)
    )


@functools.lru_cache(maxsize=4096)
def day_of_odd_time(at: time, office: Office) -> date | None:
    """A day on which the clocks of the office skip the time or show it twice."""
    days = sorted(_days_of_interest(office.zone, office.years))
    return next((day for day in days if not is_plain(instant(day, at, office.zone), at, office.zone)), None)


def starts_of(runs: Runs, office: Office) -> tuple[datetime, ...]:
    """The starts of the runs on all days that differ by what the clocks do.

    There is none on a day whose clocks skip it: EventBridge Scheduler leaves such a run out
    (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
    """
    return _starts(runs.start, runs.zone, office.zone, office.years)


def ordinary_starts(runs: Runs, office: Office) -> tuple[datetime, ...]:
    """Those after which no clock changes for two days."""
    zones = {runs.zone, office.zone}
    return tuple(start for start in starts_of(runs, office) if all(_is_ordinary(start, zone) for zone in zones))


def end_of(start: datetime, runs: Runs) -> datetime:
    """By when the run from `start` has ended."""
    return next_occurrence(runs.end, runs.zone, after=start)


@functools.cache
def largest_change(zone: ZoneInfo, years: tuple[int, ...]) -> timedelta:
    """By how much the clocks of the zone are put on or back; nothing where they never are."""
    return max((abs(_offset(day + _DAY, zone) - _offset(day, zone)) for day in _changes(zone, years)), default=_NO_TIME)


def _is_in_time(shift: timedelta, notify_at: time, starts: tuple[datetime, ...], office: Office) -> bool:
    told = (start + shift for start in starts)
    return all(
        at - last_occurrence(notify_at, office.zone, until=at) < _MOST_LATE
        for at in told
        if _is_read(at.astimezone(office.zone), office)
    )


def _is_read(at: datetime, office: Office) -> bool:
    return not office.business_days or at.weekday() in office.business_days


@functools.lru_cache(maxsize=4096)
def _starts(start: time, runs_zone: ZoneInfo, office_zone: ZoneInfo, years: tuple[int, ...]) -> tuple[datetime, ...]:
    days = sorted(_days_of_interest(runs_zone, years) | _days_of_interest(office_zone, years))
    return tuple(instant(day, start, runs_zone) for day in days if not is_skipped(day, start, runs_zone))


def _is_ordinary(start: datetime, zone: ZoneInfo) -> bool:
    return start.astimezone(zone).utcoffset() == (start + _TWO_DAYS).astimezone(zone).utcoffset()


@functools.cache
def _days_of_interest(zone: ZoneInfo, years: tuple[int, ...]) -> frozenset[date]:
    """The days around each change of the clocks, and a week after it for all that follow until the next."""
    around = {change + offset * _DAY for change in _changes(zone, years) for offset in range(-3, 9)}
    return frozenset(around | {date(year, 1, 1) + offset * _DAY for year in years for offset in range(7)})


@functools.cache
def days_of_change(zone: ZoneInfo, years: tuple[int, ...]) -> tuple[date, ...]:
    """The local days on which the clocks of the zone are put on or back."""
    near = (change + offset * _DAY for change in _changes(zone, years) for offset in (-1, 0, 1))
    return tuple(day for day in near if instant(day + _DAY, time(0), zone) - instant(day, time(0), zone) != _DAY)


def _changes(zone: ZoneInfo, years: tuple[int, ...]) -> Iterator[date]:
    for year in years:
        first = date(year, 1, 1)
        for day in (first + offset * _DAY for offset in range(366)):
            if _offset(day, zone) != _offset(day + _DAY, zone):
                yield day


def _offset(day: date, zone: ZoneInfo) -> timedelta:
    """From UTC, at midnight of UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC).astimezone(zone).utcoffset() or _NO_TIME
