"""What desired and live make of each other, before anything is decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from generator.plan.changes import is_past
from generator.plan.desired import Prepared, in_scope, prepared
from generator.plan.links import Graph, graph
from generator.plan.live_counts import LiveCounts, counts_of
from generator.plan.matching import Match, Matching, Pair, matching
from generator.plan.options import PlanOptions
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types


class Situation(NamedTuple):
    """`matchings`, by resource type, and `linked` are of all there is; `scope` and its `pairs` of what is planned.

    `past` are pairs of the scope whose time is over; `pairs` are without them.
    """

    ready: Prepared
    matchings: Mapping[str, Matching]
    linked: Graph
    scope: Mapping[str, Matching]
    pairs: Sequence[Pair]
    past: Sequence[Pair]

    @property
    def own_count(self) -> int:
        return sum(found.own_count for found in self.matchings.values())

    @property
    def live_counts(self) -> LiveCounts:
        return counts_of({kind: found.lasting_count for kind, found in self.matchings.items()})

    def desired(self) -> Iterator[Resource]:
        """All that can be planned, marked as ours."""
        for resources in self.ready.by_type.values():
            yield from resources

    def planned_count(self) -> int:
        """How many desired resources of the scope have a change, or need none."""
        return sum(pair.match is not Match.REFUSED for pair in (*self.pairs, *self.past))


def situation(desired: Sequence[Resource], live: Mapping[str, Sequence[Payload]], options: PlanOptions) -> Situation:
    ready = prepared(desired, options)
    matchings = {
        kind: _held(matching(found, ready.by_type[kind], live.get(kind, ()), options=options), ready.refused)
        for kind, found in resource_types().items()
    }
    scope = {kind: _scope(found, options) for kind, found in matchings.items()}
    pairs = [pair for found in scope.values() for pair in found.pairs]
    past = [pair for pair in pairs if is_past(pair, options)]
    return Situation(
        ready=ready,
        matchings=matchings,
        linked=graph(matchings),
        scope=scope,
        pairs=[pair for pair in pairs if pair not in past] if past else pairs,
        past=past,
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
