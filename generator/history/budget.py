"""How many requests a run may send: what is sent is counted on its way out, repeats too."""

from __future__ import annotations

import threading
from collections.abc import Mapping

from generator.datadog.transport import Answer, Sender


class BudgetSpent(Exception):  # noqa: N818 - says what is known, as the errors of the client do
    """The run has sent as many requests as it may; this one was not sent."""


class Metered:
    """A sender that lets at most so many requests through, whatever threads they come from."""

    def __init__(self, sender: Sender, most: int) -> None:
        self._sender = sender
        self._left = most
        self._lock = threading.Lock()
        self.sent = 0

    def send(
        self, method: str, path: str, *, parameters: Mapping[str, str] | None = None, payload: object = None
    ) -> Answer:
        """Send once, or raise BudgetSpent."""
        with self._lock:
            if not self._left:
                raise BudgetSpent
            self._left -= 1
            self.sent += 1
        return self._sender.send(method, path, parameters=parameters, payload=payload)

    def close(self) -> None:
        self._sender.close()
