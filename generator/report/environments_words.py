"""What two environments differ in, in words: the same for a terminal and a comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from generator.plan.comparison import Comparison, Difference, Fate
from generator.report.change_lines import change_lines
from generator.report.text_diff import Line

MOST_NAMES = 10
"""Entries named of those that differ alike."""

_DIFFER = (Fate.CHANGED, Fate.REPLACED)


class Sides(NamedTuple):
    """What one alone has, and what differs in what both have."""

    first: Sequence[Difference]
    second: Sequence[Difference]
    both: Sequence[Difference]


def sides(differences: Iterable[Difference]) -> Sides:
    by_fate: dict[Fate, list[Difference]] = {fate: [] for fate in Fate}
    for each in differences:
        by_fate[each.fate].append(each)
    return Sides(by_fate[Fate.REMOVED], by_fate[Fate.CREATED], [each for fate in _DIFFER for each in by_fate[fate]])


def counted_sides(found: Sides, first: str, second: str) -> Iterator[str]:
    """`3 only in production`, `1 differs`."""
    for alone, name in ((found.first, first), (found.second, second)):
        if alone:
            yield f"{len(alone):,} only in {name}"
    if found.both:
        yield f"{len(found.both):,} {'differs' if len(found.both) == 1 else 'differ'}"


def environments_summary(comparison: Comparison, first: str, second: str) -> str:
    told = counted_sides(sides(comparison.differences), first, second)
    return f"{', '.join([*told, f'{comparison.unchanged:,} alike'])}."


def differing_alike(found: Iterable[Difference]) -> dict[tuple[Line, ...], list[Difference]]:
    """By what is shown of their fields."""
    groups: dict[tuple[Line, ...], list[Difference]] = {}
    for each in found:
        groups.setdefault(change_lines(each.fields), []).append(each)
    return groups


def entry(difference: Difference) -> str:
    """Its tracking id without the environment."""
    return difference.tracking_id.rpartition("/")[0]
