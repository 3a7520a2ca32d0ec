"""Makes the plan: prepare, match, compare, order, guard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from generator.plan import guards, lookalikes
from generator.plan.changes import Ids, change_of, deletions
from generator.plan.desired import Prepared, prepared
from generator.plan.digest import desired_digest, digest
from generator.plan.matching import Match, Matching, Pair, matching
from generator.plan.model import Action, Change, Obstacle, Plan
from generator.plan.options import PlanOptions
from generator.plan.order import Key, Links, cycle_in, in_order
from generator.render.model import Resource
from generator.resources.references import references
from generator.resources.tracking import service_of
from generator.resources.types import Payload, ResourceType, resource_types

__all__ = ["PlanOptions", "plan"]

Matchings = Mapping[str, Matching]


def plan(desired: Sequence[Resource], live: Mapping[str, Sequence[Payload]], options: PlanOptions) -> Plan:
    """Plan what makes `live` (by resource type) equal `desired`; both are complete, the filter is `options.only`."""
    ready = prepared(desired, options)
    matchings = {
        name: matching(found, ready.by_type.get(name, ()), live.get(name, ()), options=options)
        for name, found in resource_types().items()
    }
    pairs = [pair for found in matchings.values() for pair in found.pairs if _in_scope(pair.desired.tracking_id, options)]
    strays = {name: _strays_in_scope(found, options) for name, found in matchings.items()}
    graph = _Graph(ready, matchings)
    changes = [change for pair in pairs if (change := change_of(pair, graph.ids)) is not None]
    if options.prune:
        changes.extend(chain.from_iterable(deletions(name, found) for name, found in strays.items()))
    leftovers = list(chain.from_iterable(map(_leftover_deletions, pairs)))
    cycle = cycle_in(graph.links)
    ordered = in_order([*changes, *leftovers], {} if cycle else graph.links, graph.ranks)
    obstacles = chain(
        ready.obstacles,
        _matching_obstacles(matchings, options),
        guards.circular(cycle, graph.desired),
        _reference_obstacles(graph, changes, pairs),
        _create_obstacles(pairs, matchings, graph.ids, options),
        _delete_obstacles(changes, strays, matchings, options),
        guards.live_loss(sum(found.own_count for found in matchings.values()), options),
    )
    return Plan(
        workspace=options.workspace,
        changes=ordered,
        unchanged=sum(pair.match is not Match.REFUSED for pair in pairs) - _changed(changes),
        obstacles=tuple(obstacles),
        digest=digest(ordered),
        desired_digest=desired_digest(ready.canonical),
        references=_referred(ordered, graph),
    )
