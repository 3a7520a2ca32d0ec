"""Who refers to what would vanish, whosever that is: asked when a plan is made and again while it is carried out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from generator.datadog.client import READERS, Datadog
from generator.datadog.errors import Rejected
from generator.plan.review import User, users
from generator.resources.types import Payload, ResourceType, resource_types

LOOK_SECONDS = 10.0
"""So old an answer may be when something is deleted."""

_FORBIDDEN = 403
_Found = Mapping[str, tuple[User, ...]]


class Uses:
    """The users of `ids`; `apart` are resources, by type and id, that are written or deleted too.

    What a list shows in summaries only is read in full, and again only where it was modified. `known` is what the first
    look has found; `unread` counts, by type, what these keys may not read.
    """

    def __init__(
        self,
        client: Datadog,
        ids: Collection[str],
        apart: Collection[tuple[str, str | None]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._ids = frozenset(ids)
        self._apart = frozenset(apart)
        self._clock = clock
        self._looking = threading.Lock()
        self._read: dict[tuple[str, str, str], _Found] = {}
        self._found: _Found = {}
        self._looked_at = float("-inf")
        self.known: _Found | None = None
        self.unread: dict[str, int] = {}

    def look(self) -> _Found:
        """By id: its users, by lists that are at most `LOOK_SECONDS` old."""
        with self._looking:
            if self._clock() - self._looked_at >= LOOK_SECONDS:
                self._looked_at = self._clock()
                self._found = self._looked()
                self.known = self._found if self.known is None else self.known
            return self._found

    def new(self, resource_id: str) -> tuple[User, ...]:
        """Those who have come to use it since the first look."""
        found = self.look()
        known = (self.known or {}).get(resource_id, ())
        return tuple(each for each in found.get(resource_id, ()) if each not in known)

    def forget(self) -> None:
        """Have the next look be a new one; what is the same as before is not read again."""
        with self._looking:
            self._looked_at = float("-inf")

    def _looked(self) -> _Found:
        found: dict[str, set[User]] = {}
        for kind in resource_types().values() if self._ids else ():
            rows = [row for row in self._client.rows(kind) if (kind.name, str(row["id"])) not in self._apart]
            each_found = self._of_summaries(kind, rows) if kind.listing.summaries else [self._users(kind, rows)]
            for part in each_found:
                for number, used_by in part.items():
                    found.setdefault(number, set()).update(used_by)
        return {number: tuple(sorted(used_by)) for number, used_by in found.items()}

    def _users(self, kind: ResourceType, payloads: Collection[Payload]) -> _Found:
        return users(self._ids, {kind.name: payloads})

    def _of_summaries(self, kind: ResourceType, rows: Collection[Payload]) -> list[_Found]:
        places = {(kind.name, str(row["id"]), str(row.get("modified_at"))) for row in rows}
        new = sorted(places - self._read.keys())
        with ThreadPoolExecutor(READERS) as pool:
            read = dict(zip(new, pool.map(lambda place: self._read_users(kind, place[1]), new), strict=True))
        self._read |= {place: found for place, found in read.items() if found is not None}
        self.unread[kind.name] = len(places - self._read.keys())
        return [self._read[place] for place in places & self._read.keys()]

    def _read_users(self, kind: ResourceType, resource_id: str) -> _Found | None:
        """None where these keys may not read it."""
        try:
            payload = self._client.read(kind, resource_id)
        except Rejected as refusal:
            if refusal.status != _FORBIDDEN:
                raise
            return None
        return {} if payload is None else self._users(kind, [payload])
