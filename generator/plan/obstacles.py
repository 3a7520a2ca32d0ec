"""What of a situation, and of what was decided about it, stops a plan or needs a second look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from generator.plan import growth, guards, review
from generator.plan.decision import Decision
from generator.plan.desired import in_scope
from generator.plan.holding import held
from generator.plan.matching import Match
from generator.plan.model import Action, Obstacle
from generator.plan.options import PlanOptions
from generator.plan.order import key_of
from generator.plan.situation import Situation
from generator.resources.types import resource_types


def obstacles(found: Situation, decided: Decision, options: PlanOptions) -> Iterator[Obstacle]:
    yield from found.ready.obstacles
    for matching in found.scope.values():
        yield from matching.obstacles
    yield from guards.circular(decided.cycle, found.linked.desired)
    yield from decided.alike
    yield from _unresolvable(found, decided, options)
    yield from _losses(found, decided, options)
    yield from _reviews(found, decided, options)
    yield from guards.past_resources([pair.desired for pair in found.past])
    yield from held([name for matching in found.scope.values() for name, _ in matching.held])
    created = {each.resource for each in decided.writes if each.action is Action.CREATE}
    yield from guards.live_loss(found.live_counts, created, options)


def _reviews(found: Situation, decided: Decision, options: PlanOptions) -> Iterator[Obstacle]:
    yield from review.mass_updates(decided.writes, found.own_count, options)
    yield from growth.grown_scopes(decided.writes, options)
    yield from review.pages_of_others(decided.writes, found.desired(), options.pages)


def _unresolvable(found: Situation, decided: Decision, options: PlanOptions) -> Iterator[Obstacle]:
    changes, linked = (*decided.writes, *decided.deletes), found.linked
    written = {key_of(change) for change in changes}
    aside = {(each.resource, each.tracking_id) for each in decided.kept_drift}
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


def _losses(found: Situation, decided: Decision, options: PlanOptions) -> Iterator[Obstacle]:
    lost = Counter((each.resource, each.action) for each in (*decided.writes, *decided.deletes))
    losses = [
        guards.Loss(
            kind,
            deletes=lost[kind, Action.DELETE],
            replaces=lost[kind, Action.REPLACE],
            own=matching.own_count - len(matching.held),
            desired=len(matching.pairs) + len(matching.held),
        )
        for kind, matching in found.matchings.items()
    ]
    yield from guards.mass_deletes(losses, options)
    for kind, scope in found.scope.items() if not options.prune else ():
        yield from guards.leftover_resources(resource_types()[kind], [name for name, _ in scope.strays])
