"""When a failure at some hour is told: how a monitor reads, and the same in words."""

from __future__ import annotations

import functools
from datetime import time, timedelta

import msgspec

from generator.explain.durations import duration_words
from generator.explain.phrases import day_words, on_days
from generator.schedule.deadlines import TooLate
from generator.schedule.delivery import Office, Runs, largest_change, shift_until, tellings, window_of
from generator.schedule.delivery_days import DeliveryDays, days_name, delivery_days
from generator.schedule.local_time import clock, length
from generator.schedule.recurrence import Recurrence

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
# The widest buckets of a window of a day; the first of them is dropped where it is cut.
_BUCKET = timedelta(minutes=10)
_TIMES_SHOWN = 2
_WEEK = 7


class Telling(msgspec.Struct, frozen=True):
    """How a monitor reads, and what that means to people; `element` tells several of one batch apart."""

    window: timedelta
    notes: tuple[str, ...]
    shift: timedelta = timedelta(0)
    looks: Recurrence | None = None
    element: str = ""


def told_at_once(run: timedelta, *, lag: timedelta) -> Telling:
    """A window as long as a run, so that a run alerts once, and long enough to meet metrics that come late."""
    window = window_at_once(run, lag=lag)
    within = f"within {duration_words(lag)}, " if lag else ""
    return Telling(
        window=window,
        notes=(
            f"A failure is told as soon as its metric arrives, {within}on any day and at any hour.",
            f"The alert ends {duration_words(window)} after the last failure.",
        ),
    )


def window_at_once(run: timedelta, *, lag: timedelta) -> timedelta:
    return max(1, -(-max(run, 2 * lag) // _HOUR)) * _HOUR


@functools.lru_cache(maxsize=4096)
def told_from(notify_at: time, runs: Runs, office: Office) -> Telling:
    """A shift into the working hours, and a window that is one alert for all failures of a run."""
    shift = shift_until(notify_at, runs, office)
    window = window_of(runs, shift)
    return Telling(window=window, notes=_notes(runs, office, shift=shift, window=window), shift=shift)


@functools.lru_cache(maxsize=4096)
def told_on_schedule(notify_at: time, office: Office, *, lag: timedelta, run_end: time | None) -> tuple[Telling, ...]:
    """One look on each delivery day, back to the one before: a telling for each distinct gap between them.

    The windows overlap: a bucket on their edge can be dropped by both, and metrics come late. What fails in the overlap
    is told twice rather than lost. `run_end` is a time, on the clocks of the office, after which nothing fails.
    """
    overlap = _whole_hours(lag + _BUCKET) + _whole_hours(largest_change(office.zone, office.years))
    is_told_twice = run_end is None or length(run_end, notify_at) < overlap
    first, *others = (
        _on_days(each, Recurrence(each.days, notify_at, office.zone), overlap, is_told_twice=is_told_twice)
        for each in delivery_days(office.business_days)
    )
    # The first keeps the plain name, so that another `delivery` is a replace and not a delete and a create.
    return (msgspec.structs.replace(first, element=""), *others)


def _whole_hours(duration: timedelta) -> timedelta:
    return -(-duration // _HOUR) * _HOUR


def too_late_words(late: TooLate, runs: Runs, office: Office) -> str:
    """`a failure at 05:30 is told at 11:30`, with the days where they differ."""
    failed, told = late.failed.astimezone(runs.zone), late.told.astimezone(office.zone)
    zone = "" if runs.zone is office.zone else f" {runs.zone.key}"
    texts = [clock(failed.time()) + zone, clock(told.time())]
    if failed.date() != told.date():
        texts = [f"{text} {on_days((at.weekday(),))}" for text, at in zip(texts, (failed, told), strict=True)]
    odd = f" on {told.date()}, when the clocks change" if late.on_odd_days else ""
    return f"a failure at {texts[0]} is told at {texts[1]}{odd}"


def told_words(shift: timedelta, runs: Runs, office: Office) -> str:
    """When a failure at the start of a run is told: `10:00`, or `10:00 or 11:00` where the clocks change."""
    times = [clock(at) for at in tellings(shift, runs, office)]
    return " or ".join(times) if len(times) <= _TIMES_SHOWN else f"{times[0]} to {times[-1]}"


def _notes(runs: Runs, office: Office, *, shift: timedelta, window: timedelta) -> tuple[str, ...]:
    zone = "" if runs.zone is office.zone else f" {runs.zone.key}"
    first = told_words(shift, runs, office)
    last = told_words(shift, Runs(runs.end, runs.end, runs.zone), office)
    told_first = f"A failure at {clock(runs.start)}{zone} is told {duration_words(shift)} later, at {first}"
    return (
        f"{told_first}, one at {clock(runs.end)}{zone} at {last}.",
        f"Times are {office.zone.key}; it tells on days off too.",
        f"The alert ends {duration_words(window)} after its last failure was told.",
    )


def _on_days(each: DeliveryDays, looks: Recurrence, overlap: timedelta, *, is_told_twice: bool) -> Telling:
    window = each.gap_days * _DAY + overlap
    hours, at = window // _HOUR, clock(looks.at)
    since = "the day before" if each.gap_days == 1 else f"{each.gap_days} days before"
    if each.gap_days == _WEEK:
        since = "a week before"
    elif len(each.days) == 1 and each.gap_days > 1:
        since = f"on {day_words(((each.days[0] - each.gap_days) % 7,))}"
    twice = f" What fails {_before(overlap)} before {at} may be told twice." if is_told_twice else ""
    return Telling(
        window=window,
        notes=(
            f"At {at} {on_days(each.days)} it reads {hours} hours: what failed since {at} {since} is told then.",
            f"Times are {looks.zone.key}; it looks on public holidays too.{twice}",
        ),
        looks=looks,
        element=days_name(each.days),
    )


def _before(overlap: timedelta) -> str:
    return f"in the {duration_words(overlap).removeprefix('1 ')}"
