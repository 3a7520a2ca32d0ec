"""Which changes of a plan wait for which: writes for what they refer to, deletes for what referred to them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from generator.plan.model import Action, Plan
from generator.plan.order import live_places
from generator.resources.types import resource_types
from generator.sync.writer import references_of


def write_numbers(plan: Plan) -> dict[str, int]:
    """Tracking id → number of its write; where two types share an id, the one that is made first can be referred to."""
    later_types_first = sorted(
        enumerate(plan.changes), key=lambda each: -list(resource_types()).index(each[1].resource)
    )
    return {change.tracking_id: number for number, change in later_types_first if change.action is not Action.DELETE}


def waits_of(plan: Plan, number_of: Mapping[str, int]) -> dict[int, tuple[int, ...]]:
    """By the number of each write: the writes that it refers to."""
    return {
        number: tuple(number_of[each] for each in references_of(change) if each in number_of)
        for number, change in enumerate(plan.changes)
        if change.action is not Action.DELETE
    }


def batches(plan: Plan, doomed: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Deletes that can run together, what refers before what it refers to."""
    places = live_places({number: plan.changes[number] for number in doomed})

    def place(number: int) -> int:
        return -places[number]

    for _, batch in itertools.groupby(sorted(places, key=place), key=place):
        yield tuple(batch)
