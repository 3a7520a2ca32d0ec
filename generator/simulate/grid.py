"""The times at which an expression is computed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from generator.simulate.history import Times, Values


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """When evaluations took place, and the start of their windows' first bucket.

    Shape (evaluations, 1) each.
    """

    moments: Times
    first: Times


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Starts of buckets, `seconds` apart on the last axis.

    Either of buckets that nothing changes any more: `starts` of shape (buckets,). Or as they
    were `seen` by evaluations: `starts` of shape (evaluations, buckets).
    """

    starts: Times
    seconds: int
    seen: Seen | None = None

    def of_window(self, values: Values) -> Values:
        """`values` without those before the windows."""
        return values if self.seen is None else np.where(self.starts >= self.seen.first, values, np.nan)


def settled(first: int, count: int, seconds: int) -> Grid:
    return Grid(first + seconds * np.arange(count), seconds)


def seen(last: Times, evaluations: Seen, *, count: int, seconds: int) -> Grid:
    """The `count` buckets up to those that start at `last`, as seen by each evaluation."""
    back = seconds * np.arange(count - 1, -1, -1)
    return Grid(last[:, None] - back, seconds, evaluations)
