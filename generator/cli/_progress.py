"""How fast a long run goes now, and how long it will take at that: what went before tells little of parallel bursts."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click

RECENT_SECONDS = 10.0
_SOON = 1.0
"""Before this much has been seen nothing is said: the first answers come all at once."""


class Speed:
    """Of the last seconds; `clock` counts seconds and never goes back."""

    def __init__(self, length: int, clock: Callable[[], float] = monotonic) -> None:
        self._length = length
        self._clock = clock
        self._seen = deque([(clock(), 0)])

    def words(self, done: int) -> str:
        """Such as `12/s, 0:03 left`; nothing at first, and no time where nothing moves."""
        now = self._clock()
        self._seen.append((now, done))
        while len(self._seen) > 2 and self._seen[1][0] <= now - RECENT_SECONDS:
            self._seen.popleft()
        began, before = self._seen[0]
        if now - began < _SOON:
            return ""
        rate = (done - before) / (now - began)
        if not rate:
            return "waiting"
        seconds = round((self._length - done) / rate)
        return f"{rate:.0f}/s, {_clock(seconds)} left" if rate >= 1 else f"{rate * 60:.0f}/min, {_clock(seconds)} left"


@contextmanager
def bar(length: int, label: str) -> Iterator[Callable[[], None]]:
    """At a terminal; call what it gives for each that is done."""
    speed, done = Speed(length), 0
    with click.progressbar(
        length=length,
        file=sys.stderr,
        label=label,
        show_pos=True,
        show_eta=False,
        item_show_func=lambda each: each or "",
    ) as shown:

        def advance() -> None:
            nonlocal done
            done += 1
            shown.update(1, speed.words(done))

        yield advance


def _as_it_is(words: str | None) -> str:
    return words or ""


def _clock(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
