"""Ctrl-C: the first ends a command in order and waits for hardly any answer, a second ends it at once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from generator.cli._exits import INTERRUPTED

_stops: list[Callable[[], object]] = []
_came: list[int] = []


def end_in_order() -> None:
    """From here on the first Ctrl-C stops what is open and raises KeyboardInterrupt."""
    _answered_by(_first)


def end_at_once() -> None:
    """From here on nothing is left that could be put in order."""
    _answered_by(leave)


def has_come() -> bool:
    return bool(_came)


@contextmanager
def stopping(stop: Callable[[], object]) -> Iterator[None]:
    """Call `stop` at Ctrl-C: threads that wait for answers are joined before anybody hears of a KeyboardInterrupt."""
    _stops.append(stop)
    try:
        yield
    finally:
        _stops.remove(stop)


def leave(*_: object) -> NoReturn:
    """Without any tidying, as if killed: the state on disk bears that at every moment."""
    if os.isatty(2):
        # A bar may have hidden the cursor.
        os.write(2, b"\x1b[?25h\n")
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)


def _first(number: int, _: FrameType | None) -> NoReturn:
    if _came:
        leave()
    _came.append(number)
    for stop in tuple(_stops):
        stop()
    raise KeyboardInterrupt


def _answered_by(handler: Callable[[int, FrameType | None], object]) -> None:
    """Left alone where whoever started us has turned it off, such as a shell for what runs in the background."""
    if signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, None):
        signal.signal(signal.SIGINT, handler)
