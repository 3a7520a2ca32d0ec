"""The Datadog ids by which what was applied refers to others, as they are on the live resource.

An id changes by a replacement, or where what was deleted is created again: that the live resource still has the former
one is nobody's edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.plan.matching import Matching
from generator.resources.references import TOKEN, resolved
from generator.resources.types import Payload, resource_types

_ID = r"([\w-]+)"


class LiveIds(NamedTuple):
    """Ids by tracking id, and the other way round of all that is live; what bears none is of nobody."""

    by_name: Mapping[str, str]
    names: Mapping[str, str]


NO_IDS = LiveIds({}, {})


def live_ids(matchings: Mapping[str, Matching]) -> LiveIds:
    """Of equal names, that of the type which is created first."""
    by_name: dict[str, str] = {}
    names: dict[str, str] = {}
    for kind, matched in matchings.items():
        tracking_id = resource_types()[kind].tracking_id
        for name, live in _named(matched):
            number = str(live["id"])
            by_name.setdefault(name, number)
            names[number] = tracking_id(live) or name
    return LiveIds(by_name, names)


def _named(matched: Matching) -> Iterator[tuple[str, Payload]]:
    for pair in matched.pairs:
        for live in (pair.live, *pair.leftovers, *pair.clones):
            if live is not None:
                yield pair.desired.tracking_id, live
    yield from (*matched.strays, *matched.held, *matched.foreign.items())
    yield from (("", live) for live in matched.untracked)


def resolved_as_live(applied: Payload, live: Payload | None, ids: LiveIds) -> Payload:
    """Put ids into what was applied: the former ones that the live resource has, where nobody else bears them now."""
    former = {
        name: number
        for name, number in (_pairs(applied, live) if live is not None else ())
        if ids.names.get(number, name) == name
    }
    return resolved(applied, {**ids.by_name, **former})


def _pairs(applied: object, live: object) -> Iterator[tuple[str, str]]:
    """Tracking ids in the one with what stands in their place in the other."""
    pending = [(applied, live)]
    while pending:
        one, other = pending.pop()
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            pending += [(value, other[key]) for key, value in one.items() if key in other]
        elif isinstance(one, list) and isinstance(other, list):
            pending += zip(one, other, strict=False)
        elif isinstance(one, str) and "%{" in one and isinstance(other, str | int):
            pieces = TOKEN.split(one)
            found = re.fullmatch(_ID.join(map(re.escape, pieces[::2])), str(other))
            yield from zip(pieces[1::2], found.groups() if found else (), strict=False)
