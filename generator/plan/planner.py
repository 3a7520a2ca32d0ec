"""Makes the plan: prepare, match, compare, order, guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from generator.plan import guards, lookalikes, review
from generator.plan.changes import change_of, deletions, is_past, leftover_deletions
from generator.plan.desired import in_scope, prepared
from generator.plan.digest import desired_digest, signed
from generator.plan.drift import Step, step_of, without_drift
from generator.plan.holding import held
from generator.plan.links import Graph, graph, ranks_of
from generator.plan.live_ids import NO_IDS, live_ids
from generator.plan.matching import Match, Matching, matching
from generator.plan.model import Action, Change, Drift, Obstacle, Plan
from generator.plan.options import PlanOptions
from generator.plan.order import cycle_in, in_order, key_of, levels
from generator.render.model import Resource
from generator.resources.references import references
from generator.resources.tracking import service_of
from generator.resources.types import Payload, resource_types

__all__ = ["PlanOptions", "plan"]


def plan(desired: Sequence[Resource], live: Mapping[str, Sequence[Payload]], options: PlanOptions) -> Plan:
    """Plan what makes `live`, by resource type, equal `desired`. Both are complete: `options.only` narrows the plan."""
    ready = prepared(desired, options)
    matchings = {
        kind: _held(matching(found, ready.by_type[kind], live.get(kind, ()), options=options), ready.refused)
        for kind, found in resource_types().items()
    }
    linked = graph(matchings)
    scope = {kind: _scope(found, options) for kind, found in matchings.items()}
    pairs = [pair for found in scope.values() for pair in found.pairs]
    past = [pair for pair in pairs if is_past(pair, options)]
    pairs = [pair for pair in pairs if pair not in past] if past else pairs
    steps = [step_of(pair, change) for pair in pairs if (change := change_of(pair, linked.ids)) is not None]
    alike = tuple(_lookalikes(scope, matchings, linked.ids, options=options))
    ids = live_ids(matchings) if options.applied else NO_IDS
    apart = without_drift(steps, ids, _not_for(alike, options))
    doomed = without_drift(_deletions(scope, options), ids, options)
    writes, drift = apart.changes, (*apart.drift, *doomed.drift)
    cycle = cycle_in(linked.links)
    changes = in_order(
        chain(writes, doomed.changes, chain.from_iterable(map(leftover_deletions, pairs))),
        {} if cycle else levels(linked.links, ranks_of(linked)),
    )
    own_count = sum(found.own_count for found in matchings.values())
    obstacles = chain(
        ready.obstacles,
        *(found.obstacles for found in scope.values()),
        guards.circular(cycle, linked.desired),
        alike,
        _unresolvable(linked, (*writes, *doomed.changes), apart.drift, options=options),
        *(
            _losses(kind, scope[kind], found, changes=(*writes, *doomed.changes), options=options)
            for kind, found in matchings.items()
        ),
        review.mass_updates(writes, own_count, options),
        review.grown_scopes(writes),
        review.pages_of_others(writes, chain.from_iterable(ready.by_type.values()), options.pages),
        guards.past_resources([pair.desired for pair in past]),
        held([name for found in scope.values() for name, _ in found.held]),
        guards.live_loss(own_count, options),
    )
    return signed(
        Plan(
            workspace=options.workspace,
            changes=changes,
            unchanged=sum(pair.match is not Match.REFUSED for pair in (*pairs, *past)) - len(steps),
            obstacles=tuple(obstacles),
            digest="",
            desired_digest=desired_digest(ready.canonical),
            references=_referred(writes, linked.ids),
            drift=tuple(sorted(drift, key=lambda each: (each.tracking_id, each.resource, each.id or ""))),
        )
    )


def _held(found: Matching, refused: frozenset[str]) -> Matching:
    """Keep what stands for a desired resource that cannot be planned from being taken for undesired."""
    if not refused:
        return found
    return found._replace(strays=tuple(stray for stray in found.strays if stray[0] not in refused))


def _scope(found: Matching, options: PlanOptions) -> Matching:
    if not options.only:
        return found
    return found._replace(
        pairs=tuple(pair for pair in found.pairs if in_scope(pair.desired.tracking_id, options)),
        strays=tuple(stray for stray in found.strays if in_scope(stray[0], options)),
        held=tuple(each for each in found.held if in_scope(each[0], options)),
        obstacles=tuple(each for each in found.obstacles if in_scope(each.tracking_id, options)),
    )


def _deletions(scope: Mapping[str, Matching], options: PlanOptions) -> Iterator[Step]:
    if options.prune:
        for kind, found in scope.items():
            for change, (name, live) in zip(deletions(kind, found.strays), found.strays, strict=True):
                yield Step(change, live, (name,))


def _not_for(alike: Iterable[Obstacle], options: PlanOptions) -> PlanOptions:
    """What only seems to be gone is told as that."""
    return replace(options, reverted=options.reverted | {each.tracking_id for each in alike})


def _lookalikes(
    scope: Mapping[str, Matching], matchings: Mapping[str, Matching], ids: Mapping[str, str], *, options: PlanOptions
) -> Iterator[Obstacle]:
    services = _services(matchings.values())
    for kind, found in scope.items():
        created = [pair.desired for pair in found.pairs if pair.match is Match.NEW and not is_past(pair, options)]
        yield from lookalikes.lost_tags(resource_types()[kind], created, found.untracked, ids)
        if not options.replace:
            yield from lookalikes.probable_renames(
                resource_types()[kind], created, matchings[kind].strays, services=services, ids=ids
            )


def _services(matchings: Iterable[Matching]) -> set[str]:
    """Services of the YAML, those with errors included."""
    return {
        service_of(name)
        for found in matchings
        for name in (*(pair.desired.tracking_id for pair in found.pairs), *(name for name, _ in found.held))
    }


def _unresolvable(
    linked: Graph, changes: Sequence[Change], drift: Sequence[Drift], *, options: PlanOptions
) -> Iterator[Obstacle]:
    written = {key_of(change) for change in changes}
    aside = {(each.resource, each.tracking_id) for each in drift}
    return guards.unresolvable(
        (
            each
            for each in linked.references
            if in_scope(each.source.tracking_id, options)
            and (each.source.resource, each.source.tracking_id) not in aside
        ),
        deleted={key_of(change) for change in changes if change.action is Action.DELETE},
        gone=aside,
        pending={key for key, match in linked.matches.items() if match is Match.NEW} - written,
        known={name for _, name in linked.matches},
        options=options,
    )


def _losses(
    kind: str, scope: Matching, found: Matching, *, changes: Iterable[Change], options: PlanOptions
) -> Iterator[Obstacle]:
    resource_type = resource_types()[kind]
    actions = [change.action for change in changes if change.resource == kind]
    yield from guards.mass_deletes(
        resource_type,
        deletes=actions.count(Action.DELETE),
        replaces=actions.count(Action.REPLACE),
        own=found.own_count - len(found.held),
        desired=len(found.pairs) + len(found.held),
        options=options,
    )
    if not options.prune:
        yield from guards.leftover_resources(resource_type, [name for name, _ in scope.strays])


def _referred(writes: Sequence[Change], ids: Mapping[str, str]) -> dict[str, str]:
    types = resource_types()
    referring = (each.after for each in writes if each.after is not None and types[each.resource].may_refer(each.after))
    names = {name for after in referring for name in references(after)} if ids else set()
    return {name: ids[name] for name in sorted(names & ids.keys())}
