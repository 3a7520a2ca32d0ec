"""One attempt to have an answer: what goes wrong is a value, and a Datadog that is away is not asked again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

import msgspec

from generator.datadog.errors import ApiError, Rejected

Answer = TypeVar("Answer")
_OF_THE_KEYS = frozenset((401, 403))


class Unasked(msgspec.Struct, frozen=True):
    """Why there is no answer."""

    reason: str


class Reach:
    """Many threads may ask. After `until`, or once Datadog did not answer, all get the first reason."""

    def __init__(self, clock: Callable[[], float], until: float) -> None:
        self._clock = clock
        self._until = until
        self._away: Unasked | None = None
        self._lock = threading.Lock()

    def ask(self, question: Callable[[], Answer]) -> Answer | Unasked:
        if self._away is None and self._clock() > self._until:
            self._leave("the time for questions is over")
        if self._away is not None:
            return self._away
        try:
            return question()
        except Rejected as refusal:
            if refusal.status not in _OF_THE_KEYS:
                return Unasked(str(refusal))
            return self._leave(str(refusal))
        except ApiError as error:
            return self._leave(str(error))

    def _leave(self, reason: str) -> Unasked:
        with self._lock:
            self._away = self._away or Unasked(reason)
            return self._away
