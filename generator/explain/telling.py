"""When a failure at some hour is told: the window and shift of a monitor, and the same in words."""

from __future__ import annotations

import functools
from datetime import time, timedelta

import msgspec

from generator.explain.durations import duration_words
from generator.schedule.delivery import Office, Runs, shift_until, tellings, window_of
from generator.schedule.local_time import clock

_HOUR = timedelta(hours=1)
_TIMES_SHOWN = 2


class Telling(msgspec.Struct, frozen=True):
    """How long and how far back a monitor reads, and what that means to people."""

    window: timedelta
    notes: tuple[str, ...]
    shift: timedelta = timedelta(0)


def told_at_once(run: timedelta, *, lag: timedelta) -> Telling:
    """A window as long as a run, so that a run alerts once, and long enough to meet metrics that come late."""
    window = max(1, -(-max(run, 2 * lag) // _HOUR)) * _HOUR
    within = f"within {duration_words(lag)}, " if lag else ""
    return Telling(
        window=window,
        notes=(
            f"A failure is told as soon as its metric arrives, {within}on any day and at any hour.",
            f"The alert ends {duration_words(window)} after the last failure.",
        ),
    )


@functools.lru_cache(maxsize=4096)
def told_from(notify_at: time, runs: Runs, office: Office) -> Telling:
    """A shift into the working hours, and a window that is one alert for all failures of a run."""
    shift = shift_until(notify_at, runs, office)
    window = window_of(runs, shift)
    return Telling(window=window, notes=_notes(runs, office, shift=shift, window=window), shift=shift)


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
        f"Times are {office.zone.key}; what fails on a day off is told on that day.",
        f"The alert ends {duration_words(window)} after its last failure was told.",
    )
