"""Two revisions of a project → what becomes of each resource, matched as a plan matches what is live."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import NamedTuple

import msgspec

from generator.plan.changes import is_past, is_replaced
from generator.plan.comparison import Comparison, Difference, Fate
from generator.plan.desired import Prepared, in_scope, prepared
from generator.plan.diff import field_changes
from generator.plan.digest import desired_digest
from generator.plan.holding import is_held
from generator.plan.matching import Match, Matching, Pair, matching
from generator.plan.model import Obstacle
from generator.plan.options import PlanOptions
from generator.plan.order import Key
from generator.plan.planner import plan
from generator.plan.uses import Users, users
from generator.render.model import Rendering, Resource
from generator.resources.references import resolved
from generator.resources.types import Payload, ResourceType, resource_types

UNKNOWN_BEFORE = "What it was before is not known, because its YAML had errors."


class _Compared(NamedTuple):
    """What each resource is compared with; `renames` are new ids by those until now."""

    earlier: Mapping[Key, Resource]
    renames: Mapping[str, str]
    tokens: Mapping[str, str]
    siblings: Mapping[Key, frozenset[str]]
    adoptions: Mapping[Key, str]
    options: PlanOptions
    unknown: PlanOptions


def compare(
    base: Rendering, head: Rendering, *, only: frozenset[str] = frozenset(), now: datetime | None = None
) -> Comparison:
    """Compare `head` with `base` as if exactly `base` were live. `now` tells which new downtimes are over."""
    options = PlanOptions(
        workspace=head.workspace,
        only=only,
        prune=True,
        held=frozenset(head.broken),
        held_services=frozenset(head.broken_services),
        now=now,
        pages={page: frozenset(teams) for page, teams in head.pages.items()},
    )
    before, after = prepared(base.resources, _of_base(base, only)), _not_adopting(head.resources)
    live = {kind: tuple(map(_as_live, found)) for kind, found in before.by_type.items()}
    made = plan(after, live, options)
    ready = prepared(after, options)
    matchings = {
        kind: matching(found, ready.by_type[kind], live[kind], options=options)
        for kind, found in resource_types().items()
    }
    earlier = {_key(each): each for each in _all(before)}
    renames = _renames(matchings)
    tokens = {old: f"%{{{new}}}" for old, new in renames.items()}
    adoptions = {_key(each): each.adopt for each in head.resources if each.adopt is not None}
    siblings = _siblings(earlier, renames)
    compared = _Compared(earlier, renames, tokens, siblings, adoptions, options, _of_base(base, only))
    differences = tuple(
        sorted(_differences(matchings, ready, compared), key=lambda each: (each.tracking_id, each.resource))
    )
    pairs = sum(_is_shown(pair, options) for found in matchings.values() for pair in found.pairs)
    return Comparison(
        head.workspace,
        differences,
        pairs - sum(each.fate is not Fate.REMOVED for each in differences),
        (*_other_workspace(base, head), *map(_without_id, made.obstacles)),
        made.desired_digest,
        desired_digest(before.canonical),
    )


def _of_base(base: Rendering, only: frozenset[str]) -> PlanOptions:
    return PlanOptions(
        workspace=base.workspace,
        only=only,
        held=frozenset(base.broken),
        held_services=frozenset(base.broken_services),
    )


def _not_adopting(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Nothing is known of what would be adopted: each is told as what it is to the YAML."""
    return tuple(each if each.adopt is None else msgspec.structs.replace(each, adopt=None) for each in resources)


def _key(resource: Resource) -> Key:
    return resource.resource, resource.tracking_id


def _all(ready: Prepared) -> Iterator[Resource]:
    return chain.from_iterable(ready.by_type.values())


def _as_live(resource: Resource) -> Payload:
    """As Datadog would list it, under a made-up id: references to it stay as they are written."""
    return {**resource.payload, "id": f"%{{{resource.tracking_id}}}"}


def _without_id(obstacle: Obstacle) -> Obstacle:
    return msgspec.structs.replace(obstacle, id=None) if obstacle.id else obstacle


def _is_shown(pair: Pair, options: PlanOptions) -> bool:
    is_ready = pair.match is not Match.REFUSED and not is_past(pair, options)
    return is_ready and in_scope(pair.desired.tracking_id, options)


def _differences(matchings: Mapping[str, Matching], ready: Prepared, compared: _Compared) -> Iterator[Difference]:
    options = compared.options
    found = [
        difference
        for kind, each in matchings.items()
        for pair in each.pairs
        if _is_shown(pair, options) and (difference := _difference(resource_types()[kind], pair, compared)) is not None
    ]
    used = users(compared.earlier.values(), tuple(_all(ready))) if _loses(found, matchings) else None
    heirs = {(each.resource, each.previous_id): (each.resource, each.tracking_id) for each in found if each.previous_id}
    for each in found:
        if used is not None and each.fate is Fate.REPLACED:
            yield _with_uses(each, used, heirs)
        else:
            yield each
    after = _siblings(map(_key, _all(ready)), {})
    for kind, matched in matchings.items():
        for name, payload in matched.strays:
            if in_scope(name, options) and used is not None:
                yield _with_uses(_removed((kind, name), payload, compared.earlier, after), used, heirs)


def _loses(found: Iterable[Difference], matchings: Mapping[str, Matching]) -> bool:
    return any(each.strays for each in matchings.values()) or any(each.fate is Fate.REPLACED for each in found)


def _with_uses(difference: Difference, used: Users, heirs: Mapping[Key, Key]) -> Difference:
    key = (difference.resource, difference.previous_id or difference.tracking_id)
    return msgspec.structs.replace(difference, uses=used.of(key, difference.before or {}, heirs))


def _difference(resource_type: ResourceType, pair: Pair, compared: _Compared) -> Difference | None:
    """None where nothing is to be told."""
    desired = pair.desired
    if pair.live is None:
        return _created(resource_type, desired, compared)
    borne = resource_type.tracking_id(pair.live) or desired.tracking_id
    before = compared.earlier[desired.resource, borne]
    moved = before.path if before.path != desired.path else None
    if before.payload == desired.payload:
        return _kept(resource_type, desired, Fate.MOVED, moved=moved) if moved else None
    payload = before.payload
    until_now = resolved(payload, compared.tokens) if resource_type.may_refer(payload) else payload
    old = resource_type.comparable(until_now, until_now)
    new = resource_type.comparable(desired.payload, desired.payload)
    if old == new:
        return _kept(resource_type, desired, Fate.MOVED, moved=moved) if moved else None
    fate = Fate.REPLACED if is_replaced(pair) else Fate.CHANGED
    return msgspec.structs.replace(
        _kept(resource_type, desired, fate, moved=moved),
        before=old,
        after=new,
        fields=field_changes(old, new, resource_type.unordered),
        previous_id=borne if borne != desired.tracking_id else None,
        notes=_new_notes(before.notes, desired.notes),
    )


def _kept(resource_type: ResourceType, desired: Resource, fate: Fate, *, moved: str | None) -> Difference:
    title = resource_type.title(desired.payload)
    return Difference(
        fate, desired.resource, desired.tracking_id, title, desired.path, desired.line, previous_path=moved
    )


def _new_notes(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in after if each not in before)


def _created(resource_type: ResourceType, desired: Resource, compared: _Compared) -> Difference:
    known = (UNKNOWN_BEFORE,) if is_held(desired.tracking_id, compared.unknown) else ()
    adopted = compared.adoptions.get(_key(desired))
    taken = () if adopted is None else (f"It takes over the {desired.resource} {adopted} that Datadog has already.",)
    return Difference(
        Fate.CREATED,
        desired.resource,
        desired.tracking_id,
        resource_type.title(desired.payload),
        desired.path,
        desired.line,
        after=resource_type.comparable(desired.payload, desired.payload),
        siblings=_others(desired.resource, desired.tracking_id, compared.siblings),
        notes=(*known, *taken, *desired.notes),
    )


def _removed(
    key: Key, payload: Payload, earlier: Mapping[Key, Resource], after: Mapping[Key, frozenset[str]]
) -> Difference:
    kind, name = key
    resource_type, was = resource_types()[kind], earlier[key]
    return Difference(
        Fate.REMOVED,
        kind,
        name,
        resource_type.title(payload),
        was.path,
        was.line,
        before=resource_type.comparable(was.payload, was.payload),
        siblings=_others(kind, name, after),
    )


def _renames(matchings: Mapping[str, Matching]) -> dict[str, str]:
    return {
        borne: pair.desired.tracking_id
        for kind, found in matchings.items()
        for pair in found.pairs
        if pair.match is Match.RENAMED and (borne := resource_types()[kind].tracking_id(pair.live or {})) is not None
    }


def _siblings(keys: Iterable[Key], renames: Mapping[str, str]) -> Mapping[Key, frozenset[str]]:
    """Environments by resource type and tracking id without environment."""
    found: dict[Key, set[str]] = defaultdict(set)
    for kind, name in keys:
        entry, _, environment = renames.get(name, name).rpartition("/")
        found[kind, entry].add(environment)
    return {key: frozenset(environments) for key, environments in found.items()}


def _others(kind: str, tracking_id: str, siblings: Mapping[Key, frozenset[str]]) -> tuple[str, ...]:
    entry, _, environment = tracking_id.rpartition("/")
    return tuple(sorted(siblings.get((kind, entry), frozenset()) - {environment}))


def _other_workspace(base: Rendering, head: Rendering) -> Iterator[Obstacle]:
    if base.workspace and head.workspace and base.workspace != head.workspace:
        yield Obstacle(
            "other-workspace",
            f"the workspace was `{base.workspace}` and is `{head.workspace}`: everything would be created again, and "
            "what is live of the old one left alone",
            "keep the name, unless this is a copy of the repository",
        )
