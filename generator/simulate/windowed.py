"""One value for each evaluation: an expression's points in the window, reduced.

Buckets that nothing changes any more are computed once for all evaluations; those at a window's end which an evaluation
saw half full, or before all points had arrived, are computed for each.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

import numpy as np
from numpy.typing import NDArray

from generator.query.inspection import nodes
from generator.query.nodes import Binary, Call, Expression, Number, Unary
from generator.simulate import shifts
from generator.simulate.expression import Calculation, arithmetic
from generator.simulate.functions import implementation
from generator.simulate.grid import Grid, Seen, seen, settled
from generator.simulate.history import Group, Times, Values
from generator.simulate.sliding import Ranges, presence, ranges

_OPERATIONS = {"avg": np.add, "sum": np.add, "min": np.fmin, "max": np.fmax}
_MOST_EMPTY = 3
_NEUTRAL = {"avg": 0.0, "sum": 0.0, "min": np.nan, "max": np.nan}


@dataclass(frozen=True, eq=False)
class Windows:
    """Of some evaluations: their moments, and the starts of their windows' first and last bucket."""

    moments: Times
    first: Times
    last: Times
    seconds: int

    def part(self, first: int, end: int) -> Windows:
        """Those of the evaluations from number `first` up to `end`."""
        part = slice(first, end)
        return Windows(self.moments[part], self.first[part], self.last[part], self.seconds)

    @functools.cached_property
    def shortest(self) -> int:
        """Buckets in the shortest window."""
        return int(((self.last - self.first) // self.seconds).min()) + 1

    @functools.cached_property
    def longest(self) -> int:
        """Buckets in the longest window."""
        return max(0, int(((self.last - self.first) // self.seconds).max()) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Reduction:
    """Reduces expressions over windows; `delay` is the evaluation delay in seconds."""

    calculation: Calculation
    windows: Windows
    delay: int

    def values(self, node: Expression, rows: Sequence[Group], function: str) -> Values:
        """Shape (rows, evaluations): NaN where the window holds no point."""
        own = self._own_buckets(node)
        total, number = self._of_settled(node, rows, function, own)
        if own:
            more, further = self._of_seen(node, rows, function, own)
            total, number = _OPERATIONS[function](total, more), number + further
        if function == "avg" and np.min(number) > 0:
            quotient: Values = np.divide(total, number, out=total if total.flags.writeable else None)
            return quotient
        if function == "avg":
            mean: Values = np.divide(total, number, out=np.full(np.shape(total), np.nan), where=number > 0)
            return mean
        return total if np.min(number) > 0 else np.where(number > 0, total, np.nan)

    def totals(self, node: Expression, rows: Sequence[Group], function: str, *, absent: float = 0.0) -> Values:
        """Leaves reduced over the window, then the arithmetic; where a count has no point its total is 0, as `absent`
        (https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/).
        """
        if isinstance(node, Number):
            return np.full((1, 1), float(node.value))
        if isinstance(node, Unary):
            return -self.totals(node.operand, rows, function, absent=absent)
        if isinstance(node, Binary):
            left, right = (self.totals(part, rows, function, absent=absent) for part in (node.left, node.right))
            return arithmetic(node.operator, left, right)
        if _is_shifted_arithmetic(node):
            return self.totals(shifts.inwards(node), rows, function, absent=absent)
        if self._is_around_arithmetic(node):
            inner = self.totals(node.args[0], rows, function, absent=absent)[..., None]
            return implementation(node).compute(node, inner, self.calculation.around)[..., 0]
        found = self.values(node, rows, function)
        return np.where(np.isfinite(found), found, absent)

    def any_point(self, node: Expression, rows: Sequence[Group]) -> NDArray[np.bool_]:
        """Whether any of what is totalled has a point in the window."""
        if isinstance(node, Number):
            return np.zeros((1, 1), np.bool_)
        if isinstance(node, Unary):
            return self.any_point(node.operand, rows)
        if isinstance(node, Binary):
            return self.any_point(node.left, rows) | self.any_point(node.right, rows)
        if _is_shifted_arithmetic(node):
            return self.any_point(shifts.inwards(node), rows)
        if self._is_around_arithmetic(node):
            return self.any_point(node.args[0], rows)
        return np.isfinite(self.values(node, rows, "max"))

    def _is_around_arithmetic(self, node: Expression) -> TypeGuard[Call]:
        """Whether a function takes the result of arithmetic, and each point of it for itself."""
        if not isinstance(node, Call) or not self.calculation.is_pointwise(node):
            return False
        return _holds_arithmetic(node)

    def is_full(self, node: Expression, rows: Sequence[Group]) -> NDArray[np.bool_]:
        """Whether the window has its first part and at most three of its parts are empty
        (https://docs.datadoghq.com/monitors/types/metric/#require-a-full-window).
        """
        windows = self.windows
        length = max(part_seconds(windows.longest * windows.seconds), windows.seconds)
        if not windows.longest:
            return np.zeros((1, 1), np.bool_)
        present: list[NDArray[np.bool_]] = []
        for start in range(0, windows.longest * windows.seconds, length):
            first = windows.first + start
            part = Windows(
                windows.moments,
                first,
                np.minimum(first + length - windows.seconds, windows.last),
                windows.seconds,
            )
            present.append(np.isfinite(Reduction(self.calculation, part, self.delay).values(node, rows, "max")))
        empty = len(present) - np.sum(present, axis=0)
        full: NDArray[np.bool_] = present[0] & (empty <= _MOST_EMPTY)
        return full

    def _own_buckets(self, node: Expression) -> int:
        """How many of the last buckets are computed for each evaluation of its own."""
        return self.calculation.seen_buckets(node, delay=self.delay, longest=self.windows.longest)

    def _of_settled(
        self, node: Expression, rows: Sequence[Group], function: str, own: int
    ) -> tuple[Values, Values | float]:
        """What the points of each window but its last `own` come to, and how many they are."""
        memory = self.calculation.memory(node)
        stretch = _stretch(self.windows, own, memory, self.calculation.later_buckets)
        if stretch is None:
            shape = (1, len(self.windows.moments))
            return np.full(shape, _NEUTRAL[function]), np.zeros(shape)
        points = self._points(node, rows, stretch.grid)[..., memory:]
        total, number = _reduced(points, stretch.places, function)
        if stretch.some is None:
            return total, number
        return _spread(total, number, stretch.some, _NEUTRAL[function])

    def _points(self, node: Expression, rows: Sequence[Group], grid: Grid) -> Values:
        found = self.calculation.values(node, rows, grid.starts, grid)
        return found if found.shape[-1] > 1 else np.broadcast_to(found, (len(found), *grid.starts.shape))

    def _of_seen(self, node: Expression, rows: Sequence[Group], function: str, own: int) -> tuple[Values, Values]:
        """What the last `own` points of each window, as it was seen, come to, and how many they are."""
        windows, memory = self.windows, self.calculation.memory(node)
        evaluations = Seen(windows.moments[:, None], windows.first[:, None])
        grid = seen(windows.last, evaluations, count=own + memory, seconds=windows.seconds)
        points = self._points(node, rows, grid)[..., memory:]
        inside = np.isfinite(points) & (grid.starts[:, memory:] >= windows.first[:, None])
        if function in ("min", "max"):
            found: Values = _OPERATIONS[function].reduce(np.where(inside, points, np.nan), axis=-1)
            return found, inside.sum(axis=-1).astype(np.float64)
        return np.where(inside, points, 0.0).sum(axis=-1), inside.sum(axis=-1).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """The settled buckets of windows: one grid, and their places on it. `some` windows have any; None: all have."""

    grid: Grid
    places: Ranges
    some: NDArray[np.bool_] | None


@functools.lru_cache(maxsize=16)
def _stretch(windows: Windows, own: int, memory: int, later: int) -> _Stretch | None:
    """The same for all groups: `own` last buckets left out, `memory` before and `later` after to look at."""
    seconds, first, last = windows.seconds, windows.first, windows.last - own * windows.seconds
    some = None if windows.shortest > own else last >= first
    if some is not None:
        first, last = first[some], last[some]
    if not len(first):
        return None
    start = int(first.min())
    count = int((last.max() - start) // seconds) + 1 + later
    places = ranges((first - start) // seconds, (last - start) // seconds + 1)
    return _Stretch(settled(start - memory * seconds, count + memory, seconds), places, some)


def _is_shifted_arithmetic(node: Expression) -> TypeGuard[Call]:
    return isinstance(node, Call) and shifts.is_shift(node) and _holds_arithmetic(node)


def _holds_arithmetic(node: Expression) -> bool:
    return any(isinstance(each, Binary) for each in nodes(node))


def _reduced(points: Values, places: Ranges, function: str) -> tuple[Values, Values | float]:
    present = presence(points)
    if present is None:
        return places.reduced(points, _OPERATIONS[function]), places.lengths
    if function not in ("min", "max"):
        points = np.where(present, points, 0.0)
    by_row = present.reshape(-1, present.shape[-1])
    if (by_row.all(axis=0) == by_row.any(axis=0)).all():
        present = by_row[:1]
    return places.reduced(points, _OPERATIONS[function]), places.reduced(present.astype(np.float64), np.add)


def _spread(total: Values, number: Values | float, some: NDArray[np.bool_], neutral: float) -> tuple[Values, Values]:
    """The results of `some` evaluations among those of all."""
    totals, numbers = np.full((*total.shape[:-1], len(some)), neutral), np.zeros((*total.shape[:-1], len(some)))
    totals[..., some], numbers[..., some] = total, number
    return totals, numbers


def part_seconds(window_seconds: int) -> int:
    """How long the parts are in which a full window must have points."""
    limits = ((3600, 60), (86_400, 600), (30 * 86_400, 3600))
    return next((part for limit, part in limits if window_seconds < limit), 14_400)
