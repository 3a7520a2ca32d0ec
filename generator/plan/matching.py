"""Which live resource is which desired one."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from generator.plan.adoption import adopted
from generator.plan.holding import is_held
from generator.plan.live import indexed
from generator.plan.live_counts import lasting
from generator.plan.model import Obstacle
from generator.plan.options import PlanOptions
from generator.render.model import Resource
from generator.resources.types import Payload, ResourceType


class Match(enum.Enum):
    NEW = "new"
    TRACKED = "tracked"
    RENAMED = "renamed"
    ADOPTED = "adopted"
    REFUSED = "refused"


class Pair(NamedTuple):
    """A desired resource with its live one, what an interrupted replace left of it, and copies made by hand."""

    desired: Resource
    match: Match
    live: Payload | None = None
    leftovers: tuple[Payload, ...] = ()
    clones: tuple[Payload, ...] = ()


class Matching(NamedTuple):
    """Pairs in the order of the desired resources.

    `strays` are live and ours but no longer desired, by tracking id; `untracked` bear no id of anybody and are not
    adopted; `foreign` are of other workspaces; `held` are ours and left alone, because their YAML has errors. Of the
    `own_count` that are ours, `lasting_count` do not end by themselves.
    """

    pairs: tuple[Pair, ...]
    strays: tuple[tuple[str, Payload], ...]
    untracked: tuple[Payload, ...]
    foreign: Mapping[str, Payload]
    own_count: int
    obstacles: tuple[Obstacle, ...]
    held: tuple[tuple[str, Payload], ...] = ()
    lasting_count: int = 0


def matching(
    resource_type: ResourceType, desired: Sequence[Resource], live: Sequence[Payload], *, options: PlanOptions
) -> Matching:
    """Pair by the id that `adopt` names, else by tracking id, else by the ids of `was`."""
    found = indexed(resource_type, live, options.workspace)
    held = _held(found.own, options)
    wanted = held | {resource.tracking_id for resource in desired}
    heirs = _heirs(desired, found.own, wanted)
    adoptions = adopted(found, desired, heirs, options=options)
    pairs: list[Pair] = []
    obstacles = [*adoptions.obstacles, *_contested(desired, found.own, wanted)]
    for resource in desired:
        if resource.tracking_id in adoptions.refused:
            pairs.append(Pair(resource, Match.REFUSED))
            continue
        pair = _paired(resource_type, resource, found.own, heirs)
        if resource.tracking_id in held and _loses_a_live_one(resource_type, pair):
            pairs.append(Pair(resource, Match.REFUSED))
            continue
        if pair.match is Match.NEW and resource.tracking_id in adoptions.found:
            pair = Pair(resource, Match.ADOPTED, adoptions.found[resource.tracking_id])
        pairs.append(pair)
        if pair.clones:
            obstacles.append(_duplicate(resource_type, pair))
    matched = {pair.desired.tracking_id for pair in pairs if pair.match is not Match.REFUSED}
    strays = _strays(resource_type, found.own, pairs, heirs)
    return Matching(
        pairs=tuple(pairs),
        strays=tuple(stray for stray in strays if stray[0] not in held) if held else strays,
        untracked=_unclaimed(found.untracked, pairs),
        foreign=found.foreign,
        own_count=sum(map(len, found.own.values())),
        obstacles=tuple(obstacles),
        held=tuple((name, payload) for name in sorted(held - matched) for payload in found.own[name]),
        lasting_count=lasting(resource_type, chain.from_iterable(found.own.values())),
    )


def _held(own: Iterable[str], options: PlanOptions) -> set[str]:
    if not (options.held or options.held_services):
        return set()
    return {name for name in own if is_held(name, options)}


def _loses_a_live_one(resource_type: ResourceType, pair: Pair) -> bool:
    """Say whether the pair would be replaced, or what a replace has left of it deleted."""
    if pair.live is None:
        return False
    is_replaced = resource_type.identity(pair.live) != resource_type.identity(pair.desired.payload)
    return is_replaced or bool(pair.leftovers)


def _heirs(desired: Iterable[Resource], own: Mapping[str, list[Payload]], wanted: set[str]) -> dict[str, str]:
    """Tracking id → the one that its live resource bears until now; what is still desired is not inherited."""
    heirs: dict[str, str] = {}
    taken: set[str] = set()
    for resource in desired:
        for previous in resource.previous_ids:
            if previous in own and previous not in wanted and previous not in taken:
                heirs[resource.tracking_id] = previous
                taken.add(previous)
                break
    return heirs


def _contested(desired: Iterable[Resource], own: Mapping[str, list[Payload]], wanted: set[str]) -> Iterable[Obstacle]:
    first: dict[str, Resource] = {}
    for resource in desired:
        for previous in resource.previous_ids:
            rival = first.setdefault(previous, resource)
            if rival is not resource and previous in own and previous not in wanted:
                yield Obstacle(
                    "contested-rename",
                    f"`{rival.tracking_id}` and `{resource.tracking_id}` both say that they were `{previous}`",
                    "leave `was` with the one that continues it",
                    tracking_id=resource.tracking_id,
                    path=resource.path,
                    line=resource.line,
                )


def _paired(
    resource_type: ResourceType, resource: Resource, own: Mapping[str, list[Payload]], heirs: Mapping[str, str]
) -> Pair:
    current = own.get(resource.tracking_id, ())
    inherited = own.get(heirs[resource.tracking_id], ()) if resource.tracking_id in heirs else ()
    if len(current) == 1 and not inherited:
        return Pair(resource, Match.TRACKED, current[0])
    candidates = current or inherited
    if not candidates:
        return Pair(resource, Match.NEW)
    chosen = _chosen(resource_type, resource, candidates)
    others = [each for each in (*current, *inherited) if each is not chosen]
    leftovers = tuple(each for each in others if _is_leftover(resource_type, resource, each, chosen=chosen))
    clones = tuple(each for each in candidates if each is not chosen and each not in leftovers)
    return Pair(resource, Match.TRACKED if current else Match.RENAMED, chosen, leftovers, clones)


def _chosen(resource_type: ResourceType, resource: Resource, candidates: Sequence[Payload]) -> Payload:
    """Choose the oldest, because a clone is younger; but a replacement is younger than what it replaces."""
    identity = resource_type.identity(resource.payload)
    named = [each for each in candidates if str(each.get("id")) == resource.adopt]
    fitting = [each for each in candidates if resource_type.identity(each) == identity]
    return min(named or fitting or candidates, key=resource_type.age)


def _is_leftover(resource_type: ResourceType, resource: Resource, other: Payload, *, chosen: Payload) -> bool:
    identity = resource_type.identity(resource.payload)
    return (
        resource_type.identity(chosen) == identity
        and resource_type.identity(other) != identity
        and resource_type.age(other) < resource_type.age(chosen)
    )


def _duplicate(resource_type: ResourceType, pair: Pair) -> Obstacle:
    ids = ", ".join(str(each.get("id")) for each in pair.clones)
    kept = pair.live.get("id") if pair.live else None
    return Obstacle(
        "duplicate-live",
        f"{resource_type.name} {ids} bears the id of `{pair.desired.tracking_id}` too; {kept} is the one managed here",
        f"delete {ids} in Datadog, or take its toban mark away to keep it: toban leaves it alone",
        blocks=False,
        tracking_id=pair.desired.tracking_id,
        id=str(pair.clones[0].get("id")),
        path=pair.desired.path,
        line=pair.desired.line,
    )


def _strays(
    resource_type: ResourceType, own: Mapping[str, list[Payload]], pairs: Sequence[Pair], heirs: Mapping[str, str]
) -> tuple[tuple[str, Payload], ...]:
    wanted = {pair.desired.tracking_id for pair in pairs}
    refused = {heirs.get(pair.desired.tracking_id) for pair in pairs if pair.match is Match.REFUSED}
    taken = {id(live) for pair in pairs for live in (pair.live, *pair.leftovers, *pair.clones)}
    return tuple(
        (name, payload)
        for name in sorted(own.keys() - wanted - refused)
        for payload in sorted(own[name], key=resource_type.age)
        if id(payload) not in taken
    )


def _unclaimed(untracked: tuple[Payload, ...], pairs: Iterable[Pair]) -> tuple[Payload, ...]:
    """What bears no id and is not adopted either."""
    adopted_ones = {id(pair.live) for pair in pairs if pair.match is Match.ADOPTED}
    return tuple(payload for payload in untracked if id(payload) not in adopted_ones) if adopted_ones else untracked
