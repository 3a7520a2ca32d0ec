"""Failures that are told only when the result was needed already."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

import msgspec

from generator.schedule.delivery import Office, Runs, end_of, ordinary_starts, starts_of
from generator.schedule.local_time import next_occurrence

_DAY = timedelta(days=1)
_WEEK = 7


class TooLate(msgspec.Struct, frozen=True):
    """When a run failed, when that is told, and by when its result was needed.

    `on_odd_days` says that it is so only where the clocks change.
    """

    failed: datetime
    told: datetime
    needed: datetime
    on_odd_days: bool


@functools.lru_cache(maxsize=4096)
def shifted_too_late(deadline: time, shift: timedelta, runs: Runs, office: Office) -> TooLate | None:
    """A failure, of any minute of a run, that is told a fixed time later and after the deadline of the run."""
    return next(_too_late(deadline, lambda failed: failed + shift, runs, office), None)


@functools.lru_cache(maxsize=4096)
def scheduled_too_late(
    deadline: time, notify_at: time, runs: Runs, office: Office, *, lag: timedelta
) -> TooLate | None:
    """A failure that is told at a time of business days, after the deadline of a run that is due on one of them.

    What is due on a day off is told after it by intent.
    """

    def told(failed: datetime) -> datetime:
        at = next_occurrence(notify_at, office.zone, after=failed + lag)
        days = (next_occurrence(notify_at, office.zone, after=at + offset * _DAY / 2) for offset in range(2 * _WEEK))
        return next(each for each in (at, *days) if _is_business_day(each, office))

    found = _too_late(deadline, told, runs, office)
    return next((each for each in found if _is_business_day(each.needed, office)), None)


def _too_late(deadline: time, told: Callable[[datetime], datetime], runs: Runs, office: Office) -> Iterator[TooLate]:
    """The days on which the clocks do not change first, and of a run its start first."""
    ordinary = ordinary_starts(runs, office)
    for start in (*ordinary, *starts_of(runs, office)):
        needed = next_occurrence(deadline, office.zone, after=start)
        for failed in (start, end_of(start, runs)):
            if told(failed) > needed:
                yield TooLate(failed, told(failed), needed, on_odd_days=start not in ordinary)


def _is_business_day(at: datetime, office: Office) -> bool:
    return not office.business_days or at.astimezone(office.zone).weekday() in office.business_days
