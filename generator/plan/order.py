"""The order in which changes are carried out: what is referred to comes first, deletes come last."""

from __future__ import annotations

import graphlib
import re
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

import msgspec

from generator.plan.model import Action, Change
from generator.resources.types import resource_types

Key = tuple[str, str]
"""Resource type and tracking id."""

Links = Mapping[Key, tuple[Key, ...]]
"""What each desired resource refers to, where it refers to anything."""

_Node = TypeVar("_Node", bound=Hashable)
_ID = re.compile(r"[\w-]+")


def key_of(change: Change) -> Key:
    return change.resource, change.tracking_id


def cycle_in(links: Links) -> tuple[Key, ...]:
    """Give the resources that refer to each other in a circle, the first of them again at the end."""
    try:
        graphlib.TopologicalSorter(links).prepare()
    except graphlib.CycleError as error:
        # graphlib names each node before the one that depends on it
        return tuple(reversed(error.args[1]))
    return ()


def levels(links: Mapping[_Node, tuple[_Node, ...]], ranks: Mapping[_Node, int]) -> dict[_Node, int]:
    """Give each resource that refers or is referred to its place: after what it refers to; `links` hold no cycle."""
    found: dict[_Node, int] = {}
    for key in graphlib.TopologicalSorter(links).static_order():
        above = max((found[linked] + 1 for linked in links.get(key, ())), default=0)
        found[key] = max(ranks[key], above)
    return found


def in_order(changes: Iterable[Change], places: Mapping[Key, int]) -> tuple[Change, ...]:
    """Sort by place, else by the order of the type; deletes come last, the other way round."""
    written: list[Change] = []
    deletes: list[Change] = []
    for change in changes:
        (deletes if change.action is Action.DELETE else written).append(change)
    written.sort(key=lambda change: (places.get(key_of(change), _rank(change)), *key_of(change)))
    live = live_places(dict(enumerate(deletes)))
    deleted = sorted(live, key=lambda number: (-live[number], *key_of(deletes[number]), deletes[number].id or ""))
    return (*written, *(deletes[number] for number in deleted))


def live_places(doomed: Mapping[int, Change]) -> dict[int, int]:
    """Likewise of what is live and shall go, by number; only by type where it refers to each other in a circle."""
    numbers = {str(change.id): number for number, change in doomed.items()}
    ranks = {number: resource_types()[each.resource].order(each.before or {}) for number, each in doomed.items()}
    links = {
        number: tuple({numbers[word] for word in words_of(change) if numbers.get(word, number) != number})
        for number, change in doomed.items()
    }
    try:
        return levels(links, ranks)
    except graphlib.CycleError:
        return ranks


def words_of(change: Change) -> frozenset[str]:
    """All that may be a Datadog id in what is live; none where its type refers to nothing."""
    before = change.before
    if before is None or not resource_types()[change.resource].may_refer(before):
        return frozenset()
    return frozenset(_ID.findall(msgspec.json.encode(before).decode()))


def _rank(change: Change) -> int:
    return resource_types()[change.resource].order(change.after or change.before or {})
