"""The last requests, kept for people and tests to read."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import msgspec

MOST = 2000
BODY_CHARACTERS = 4000


class Seen(msgspec.Struct, frozen=True):
    """A request and how it was answered. `status` is None where the client got no answer, `fault` says why."""

    number: int
    at: str
    method: str
    path: str
    query: str
    status: int | None
    milliseconds: float
    fault: str
    body: str


class RecentRequests:
    """Numbers count from the start of the server or its last reset."""

    def __init__(self) -> None:
        self._seen: deque[Seen] = deque(maxlen=MOST)
        self._count = 0

    def next_number(self) -> int:
        self._count += 1
        return self._count

    def add(self, seen: Seen) -> None:
        self._seen.append(seen)

    def clear(self) -> None:
        self._seen.clear()
        self._count = 0

    def newest_first(self, most: int = MOST) -> Iterator[Seen]:
        for place, seen in enumerate(reversed(self._seen)):
            if place == most:
                return
            yield seen
