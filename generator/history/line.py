"""Lines of an answer: one group's points, already aggregated by Datadog over the sources of the group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from generator.simulate.history import Times, Values

Tags = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Line:
    """Whole seconds in ascending order, each once, and finite values. `tags` are those of its group, in order."""

    tags: Tags
    times: Times
    values: Values


def line(tags: Iterable[str], times: Times, values: Values) -> Line:
    """Put points in order: of several at one time the last counts, and what is no finite number is none."""
    present = np.isfinite(values)
    times, values = times[present], values[present]
    if len(times) > 1 and not (np.diff(times) > 0).all():
        # The last of each time: of the reversed times, the first.
        times, places = np.unique(times[::-1], return_index=True)
        values = values[::-1][places]
    return Line(tuple(sorted(tags)), times, values)


def joined(parts: Sequence[Line]) -> tuple[Line, ...]:
    """Parts of the same groups as one line each, in the order of the groups; later parts win."""
    by_group: dict[Tags, list[Line]] = {}
    for each in parts:
        by_group.setdefault(each.tags, []).append(each)
    return tuple(
        line(tags, np.concatenate([each.times for each in group]), np.concatenate([each.values for each in group]))
        for tags, group in sorted(by_group.items())
    )


def between(of: Line, first: int, end: int) -> Line:
    """Its points from `first` until before `end`."""
    low, high = np.searchsorted(of.times, [first, end])
    return Line(of.tags, of.times[low:high], of.values[low:high])
