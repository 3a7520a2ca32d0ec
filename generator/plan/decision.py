"""What is to be done about a situation: its changes, and what is left aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from generator.plan import lookalikes
from generator.plan.changes import change_of, deletions, is_past, leftover_deletions
from generator.plan.drift import Step, step_of, without_drift
from generator.plan.links import ranks_of
from generator.plan.live_ids import NO_IDS, live_ids
from generator.plan.matching import Match, Matching
from generator.plan.model import Change, Drift, Obstacle
from generator.plan.options import PlanOptions
from generator.plan.order import Key, cycle_in, in_order, levels
from generator.plan.situation import Situation
from generator.resources.tracking import service_of
from generator.resources.types import resource_types


class Decision(NamedTuple):
    """`writes` and `deletes`, the `leftovers` of replacements, and the `drift` that is left alone.

    `kept_drift` is the part of it that would be written, `alike` what would be made a second time, `cycle` what refers
    to each other in a circle; `unchanged` is how many are as they should be.
    """

    writes: Sequence[Change]
    deletes: Sequence[Change]
    leftovers: Sequence[Change]
    kept_drift: Sequence[Drift]
    drift: Sequence[Drift]
    alike: Sequence[Obstacle]
    cycle: tuple[Key, ...]
    unchanged: int

    def in_order(self, found: Situation) -> tuple[Change, ...]:
        places = {} if self.cycle else levels(found.linked.links, ranks_of(found.linked))
        return in_order(chain(self.writes, self.deletes, self.leftovers), places)


def decision(found: Situation, options: PlanOptions) -> Decision:
    steps = list(_writes(found))
    alike = tuple(_lookalikes(found, options))
    ids = live_ids(found.matchings) if options.applied else NO_IDS
    apart = without_drift(steps, ids, _not_for(alike, options))
    doomed = without_drift(_deletions(found.scope, options), ids, options)
    return Decision(
        writes=apart.changes,
        deletes=doomed.changes,
        leftovers=tuple(chain.from_iterable(map(leftover_deletions, found.pairs))),
        kept_drift=apart.drift,
        drift=(*apart.drift, *doomed.drift),
        alike=alike,
        cycle=cycle_in(found.linked.links),
        unchanged=found.planned_count() - len(steps),
    )


def _writes(found: Situation) -> Iterator[Step]:
    for pair in found.pairs:
        change = change_of(pair, found.linked.ids)
        if change is not None:
            yield step_of(pair, change)


def _deletions(scope: Mapping[str, Matching], options: PlanOptions) -> Iterator[Step]:
    if options.prune:
        for kind, found in scope.items():
            for change, (name, live) in zip(deletions(kind, found.strays), found.strays, strict=True):
                yield Step(change, live, (name,))


def _not_for(alike: Iterable[Obstacle], options: PlanOptions) -> PlanOptions:
    """What only seems to be gone is told as that."""
    return replace(options, reverted=options.reverted | {each.tracking_id for each in alike})


def _lookalikes(situation: Situation, options: PlanOptions) -> Iterator[Obstacle]:
    services, ids = _services(situation.matchings.values()), situation.linked.ids
    for kind, found in situation.scope.items():
        created = [pair.desired for pair in found.pairs if pair.match is Match.NEW and not is_past(pair, options)]
        yield from lookalikes.lost_tags(resource_types()[kind], created, found.untracked, ids)
        if not options.replace:
            yield from lookalikes.probable_renames(
                resource_types()[kind], created, situation.matchings[kind].strays, services=services, ids=ids
            )


def _services(matchings: Iterable[Matching]) -> set[str]:
    """Services of the YAML, those with errors included."""
    return {
        service_of(name)
        for found in matchings
        for name in (*(pair.desired.tracking_id for pair in found.pairs), *(name for name, _ in found.held))
    }
