"""When a batch that has to be done by a deadline is judged, and from when on its results count.

A window is a fixed length, the clocks are not: it starts an hour before the earliest start of a run, whatever the
clocks do in the reference years, and so never reaches into the run before as long as it is shorter than a day.
"""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, time, timedelta

from generator.schedule.delivery import Office, Runs, ordinary_starts, starts_of
from generator.schedule.local_time import instant, is_plain, next_occurrence

_HOUR = timedelta(hours=1)


def later(at: time, by: timedelta) -> time:
    """The wall-clock time so much later, or earlier; over midnight if need be."""
    return (datetime.combine(date(2000, 1, 2), at, tzinfo=UTC) + by).time()


@functools.lru_cache(maxsize=4096)
def window_until(at: time, runs: Runs, office: Office) -> timedelta:
    """From an hour before the earliest start of a run until the first such time after it."""
    return max(next_occurrence(at, office.zone, after=start) - start for start in starts_of(runs, office)) + _HOUR


@functools.lru_cache(maxsize=4096)
def comes_before(first: time, second: time, runs: Runs, office: Office) -> bool:
    """Whether after the start of a run the first of two times comes before the second, as people count hours."""
    return any(
        next_occurrence(first, office.zone, after=start) < next_occurrence(second, office.zone, after=start)
        for start in ordinary_starts(runs, office)
    )


@functools.lru_cache(maxsize=4096)
def day_of_wrong_check(deadline: time, lag: timedelta, runs: Runs, office: Office) -> date | None:
    """A day on which the clocks change at the check, or before it and after the deadline: they are not `lag` apart."""
    check = later(deadline, lag)
    for start in starts_of(runs, office):
        due = next_occurrence(deadline, office.zone, after=start)
        day = due.astimezone(office.zone).date()
        checked = next_occurrence(check, office.zone, after=due) if lag else instant(day, check, office.zone)
        if checked - due != lag or not is_plain(checked, check, office.zone):
            return day
    return None


@functools.lru_cache(maxsize=4096)
def days_due(days: tuple[int, ...], at: time, runs: Runs, office: Office, *, lag: timedelta) -> tuple[int, ...]:
    """The weekdays, on the clocks of the office, `lag` after the first such time after runs that start on `days`."""
    judged = {
        (next_occurrence(at, office.zone, after=start) + lag).astimezone(office.zone).weekday()
        for start in starts_of(runs, office)
        if start.astimezone(runs.zone).weekday() in days
    }
    return tuple(sorted(judged))
