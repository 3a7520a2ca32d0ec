"""Who refers to what would vanish, whosever that is: asked when a plan is made and again while it is carried out."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor

from generator.datadog.client import READERS, Datadog
from generator.datadog.errors import Rejected
from generator.plan.model import Action, Plan
from generator.plan.review import REMOVING, User, removes, users
from generator.resources.references import resolved
from generator.resources.types import Payload, ResourceType, resource_types

LOOK_SECONDS = 10.0
"""So old an answer may be when something is deleted."""

_FORBIDDEN = 403
_REWRITING = frozenset((Action.UPDATE, Action.ADOPT))
_Found = Mapping[str, tuple[User, ...]]
_Place = tuple[str, str | None]
"""Resource type and Datadog id."""


class Uses:
    """The users of `ids`, but for those that are `going`.

    `remaining` are users by what the plan will make of them, which the first look takes for them. What a list shows in
    summaries only is read in full, and again only where it was modified. `known` is what the first look has found,
    `unread` are, by type, the ids of what these keys may not read.
    """

    def __init__(
        self,
        client: Datadog,
        ids: Collection[str],
        going: Iterable[_Place],
        *,
        remaining: _Found | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._ids = frozenset(ids)
        self._going = frozenset(going)
        self._remaining = remaining or {}
        self._clock = clock
        self._looking = threading.Lock()
        self._read: dict[tuple[str, str, str], _Found] = {}
        self._found: _Found = {}
        self._looked_at = float("-inf")
        self._unread: dict[str, dict[str, User]] = {}
        self._told: frozenset[_Place] = frozenset()
        self._is_renewed = False
        self.known: _Found | None = None

    @property
    def unread(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(sorted(found)) for name, found in self._unread.items() if found}

    def look(self) -> _Found:
        """By id: its users, by lists that are at most `LOOK_SECONDS` old."""
        with self._looking:
            if self._clock() - self._looked_at >= LOOK_SECONDS:
                begun = self._clock()
                self._found = self._looked()
                # Not before: a look that failed is none.
                self._looked_at = begun
                if self.known is None:
                    self.known = self._found
                    self._told = frozenset((name, each) for name, found in self.unread.items() for each in found)
            return self._found

    def new(self, resource_id: str) -> tuple[User, ...]:
        """Those who have come to use it since the first look."""
        found = self.look().get(resource_id, ())
        known = {_place(user) for user in (self.known or {}).get(resource_id, ())}
        return tuple(each for each in found if _place(each) not in known and self._still_uses(each, resource_id))

    def is_known_to_be_used(self, resource_id: str) -> bool:
        """Whether the first look has found users."""
        return bool((self.known or {}).get(resource_id))

    def hidden(self) -> tuple[User, ...]:
        """Those who cannot be read any more, or came since and cannot be read, and so may use anything."""
        self.look()
        found = (each for unread in self._unread.values() for each in unread.values())
        return tuple(sorted(each for each in found if _place(each) not in self._told))

    def renew(self, going: AbstractSet[_Place]) -> None:
        """Have the next look be a new one, of all that is not `going` by now, as it is live."""
        with self._looking:
            if not self._is_renewed or self._going != going:
                self._is_renewed = True
                self._going = frozenset(going)
                self._remaining = {}
                self._looked_at = float("-inf")

    def _looked(self) -> _Found:
        found: dict[str, set[User]] = defaultdict(set)
        parts = [self._remaining]
        for kind in resource_types().values() if self._ids else ():
            rows = [row for row in self._client.rows(kind) if (kind.name, str(row["id"])) not in self._going]
            parts += self._of_summaries(kind, rows) if kind.listing.summaries else [self._users(kind, rows)]
        for part in parts:
            for number, used_by in part.items():
                found[number].update(used_by)
        return {number: tuple(sorted(used_by)) for number, used_by in found.items()}

    def _users(self, kind: ResourceType, payloads: Collection[Payload]) -> _Found:
        return users(self._ids, {kind.name: payloads})

    def _of_summaries(self, kind: ResourceType, rows: Collection[Payload]) -> list[_Found]:
        places = {(kind.name, str(row["id"]), str(row.get("modified_at"))): row for row in rows}
        new = sorted(places.keys() - self._read.keys())
        with ThreadPoolExecutor(READERS) as pool:
            read = dict(zip(new, pool.map(lambda place: self._read_users(kind, place[1]), new), strict=True))
        self._read |= {place: found for place, found in read.items() if found is not None}
        self._unread[kind.name] = {place[1]: User(kind.name, place[1]) for place in places if place not in self._read}
        return [self._read[place] for place in places.keys() & self._read.keys()]

    def _read_users(self, kind: ResourceType, resource_id: str) -> _Found | None:
        """None where these keys may not read it."""
        try:
            payload = self._client.read(kind, resource_id)
        except Rejected as refusal:
            if refusal.status != _FORBIDDEN:
                raise
            return None
        return {} if payload is None else self._users(kind, [payload])

    def _still_uses(self, user: User, resource_id: str) -> bool:
        """A list may show it as it was before this run has written it."""
        kind = resource_types()[user.resource]
        if kind.listing.summaries:
            return True
        found = self._read_users(kind, user.id)
        return found is None or resource_id in found


def _place(user: User) -> _Place:
    return user.resource, user.id


def uses_of(client: Datadog, plan: Plan) -> Uses | None:
    """Whoever uses what would vanish; only for that the resources of others are read that a list does not show.

    What the plan itself writes counts by what it will be then.
    """
    if not removes(plan.changes):
        return None
    ids = {str(change.id) for change in plan.changes if change.action in REMOVING}
    after: dict[str, list[Payload]] = defaultdict(list)
    for change in plan.changes:
        if change.action in _REWRITING:
            after[change.resource].append({**resolved(change.after or {}, plan.references), "id": change.id})
    apart = ((change.resource, change.id) for change in plan.changes if change.id is not None)
    return Uses(client, ids, apart, remaining=users(ids, after))
