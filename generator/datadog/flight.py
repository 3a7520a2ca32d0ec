"""One request on its way, in a thread of its own: whoever waits for it can leave at any time, and cuts it off then."""

from __future__ import annotations

import contextlib
import math
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

NAP_SECONDS = 0.25
"""How late somebody who waits may notice that there is no time left."""

Answer = TypeVar("Answer")
SecondsLeft = Callable[[], float]

_of_thread = threading.local()


class TooLate(Exception):  # noqa: N818 - the name says what is known
    """No whole answer came in time. Whether the request was on its way by then is known to the flight."""


@contextlib.contextmanager
def allowed(seconds_left: SecondsLeft) -> Iterator[None]:
    """Requests that this thread sends meanwhile take no longer than that; it is asked again and again."""
    _of_thread.seconds_left = seconds_left
    try:
        yield
    finally:
        _of_thread.seconds_left = None


def current() -> Flight | None:
    """The flight that this thread carries a request for."""
    return getattr(_of_thread, "flight", None)


class Flight:
    """`longest` is the time that the whole of it may take, with all that a server lets drip."""

    def __init__(self, longest: float) -> None:
        self._ends_at = time.monotonic() + longest
        self._longest = longest
        self._allowed: SecondsLeft | None = getattr(_of_thread, "seconds_left", None)
        self._boarding = threading.Lock()
        self._is_over = False
        self._socket: socket.socket | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether anything of the request may have been sent."""
        return self._socket is not None

    def seconds_left(self) -> float:
        own = self._ends_at - time.monotonic()
        return max(0.0, min(own, math.inf if self._allowed is None else self._allowed()))

    def board(self, connected: socket.socket) -> bool:
        """Give the connection just before the request is sent on it; False where nobody waits for it any more."""
        with self._boarding:
            if not self._is_over:
                self._socket = connected
            return not self._is_over

    def answer(self, send: Callable[[], Answer]) -> Answer:
        """What `send` gives or raises, from another thread, because looking up a name can be cut off in no other way.

        Raises TooLate.
        """
        landed: queue.SimpleQueue[tuple[Answer | None, BaseException | None]] = queue.SimpleQueue()

        def carry() -> None:
            _of_thread.flight = self
            try:
                landed.put((send(), None))
            except BaseException as error:  # noqa: BLE001 - it is raised again in the thread that waits
                landed.put((None, error))

        threading.Thread(target=carry, name="request to Datadog", daemon=True).start()
        try:
            answer, error = self._awaited(landed)
        except BaseException:
            self._cut()
            raise
        if error is not None:
            raise error
        return answer  # type: ignore[return-value]  # None only beside an error

    def _awaited(
        self, landed: queue.SimpleQueue[tuple[Answer | None, BaseException | None]]
    ) -> tuple[Answer | None, BaseException | None]:
        while (left := self.seconds_left()) > 0:
            with contextlib.suppress(queue.Empty):
                return landed.get(timeout=min(left, NAP_SECONDS))
        raise TooLate(
            f"no whole answer within {self._longest:.0f} s"
            if time.monotonic() >= self._ends_at
            else "no answer in the time that was left"
        )

    def _cut(self) -> None:
        """Nothing more is sent or read."""
        with self._boarding:
            self._is_over = True
        if self._socket is not None:
            # Not the method of a TLS socket, which would end the encryption under the thread that reads.
            with contextlib.suppress(OSError, TypeError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
