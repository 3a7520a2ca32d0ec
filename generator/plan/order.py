"""The order in which changes are carried out: what is referred to comes first, deletes come last."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping

from generator.plan.model import Action, Change
from generator.resources.types import resource_types

Key = tuple[str, str]
"""Resource type and tracking id."""

Links = Mapping[Key, tuple[Key, ...]]
"""What each desired resource refers to, where it refers to anything."""


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


def levels(links: Links, ranks: Mapping[Key, int]) -> dict[Key, int]:
    """Give each resource that refers or is referred to its place: after what it refers to; `links` hold no cycle."""
    found: dict[Key, int] = {}
    for key in graphlib.TopologicalSorter(links).static_order():
        above = max((found[linked] + 1 for linked in links.get(key, ())), default=0)
        found[key] = max(ranks[key], above)
    return found


def in_order(changes: Iterable[Change], places: Mapping[Key, int]) -> tuple[Change, ...]:
    """Sort by place, else by the order of the type; deletes come last, the other way round."""
    written: list[Change] = []
    deleted: list[Change] = []
    for change in changes:
        (deleted if change.action is Action.DELETE else written).append(change)
    written.sort(key=lambda change: (places.get(key_of(change), _rank(change)), *key_of(change)))
    deleted.sort(key=lambda change: (-_rank(change), *key_of(change), change.id or ""))
    return (*written, *deleted)


def _rank(change: Change) -> int:
    return resource_types()[change.resource].order(change.after or change.before or {})
