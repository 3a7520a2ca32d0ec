"""An expression's values on a grid, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from generator.query.inspection import calls
from generator.query.nodes import Binary, Call, Expression, MetricQuery, Number, Unary
from generator.simulate import across_groups, shifts
from generator.simulate.functions import IMPLEMENTATIONS, Surroundings, implementation
from generator.simulate.grid import Grid
from generator.simulate.history import Group, Times, Values
from generator.simulate.implementation import Implementation
from generator.simulate.leaf import Leaf, group_keys
from generator.simulate.refusal import NotSimulated
from generator.simulate.sliding import presence

_OPERATORS: dict[str, np.ufunc] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}
DEFAULTS = frozenset({"default_zero", "default"})
"""Functions that close gaps of single sources too, before they put their own value."""


def arithmetic(operator: str, left: Values, right: Values) -> Values:
    """Point by point, into `left` where it fits; what is divided by zero is no point
    (https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/).
    """
    is_free = left.flags.writeable and left.shape == np.broadcast_shapes(left.shape, right.shape)
    found: Values = _OPERATORS[operator](left, right, out=left if is_free else None)
    # A quotient that is not finite makes the sum so too.
    if operator == "/" and not np.isfinite(found.sum()):
        found[np.broadcast_to(right == 0, found.shape)] = np.nan
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Calculation:
    """Computes nodes of one query from its leaves; `defaulted` are those that stand inside `default_zero()`."""

    leaves: dict[MetricQuery, Leaf]
    defaulted: dict[MetricQuery, Leaf]
    around: Surroundings

    def keys(self, node: Expression) -> tuple[str, ...]:
        """The tag keys that a node's results are grouped by."""
        if isinstance(node, MetricQuery):
            return group_keys(node)
        if isinstance(node, Call) and across_groups.combines_groups(node):
            return across_groups.kept_keys(node)
        found = {keys for part in _operands(node) if (keys := self.keys(part))}
        if len(found) > 1:
            named = " and ".join("{" + ",".join(keys) + "}" for keys in sorted(found))
            raise NotSimulated(f"what is grouped by {named} in one expression: which pairs up is not documented", node)
        return found.pop() if found else ()

    def groups(self, node: Expression) -> tuple[Group, ...]:
        """All groups of a node's results; one, `()`, where nothing is grouped."""
        return self._groups(node) or ((),) * (not self.keys(node))

    def _groups(self, node: Expression) -> tuple[Group, ...]:
        if isinstance(node, MetricQuery):
            return tuple(self.leaves[node].sources)
        inner = [self.groups(part) for part in _operands(node)]
        if isinstance(node, Call) and across_groups.combines_groups(node):
            keys = across_groups.kept_keys(node)
            return tuple(dict.fromkeys(across_groups.kept_group(group, keys) for group in inner[0]))
        grouped = [groups for groups, part in zip(inner, _operands(node), strict=True) if self.keys(part)]
        return tuple(sorted({group for groups in grouped or inner for group in groups}))

    def values(self, node: Expression, rows: Sequence[Group], starts: Times, grid: Grid) -> Values:
        """Shape (rows, …), or (1, …) where all rows share one; `starts` are the times read for the grid's own."""
        if isinstance(node, MetricQuery):
            return self.leaves[node].values(rows if group_keys(node) else ((),), starts, grid)
        if isinstance(node, Number):
            return np.full((1,) * (1 + starts.ndim), float(node.value))
        if isinstance(node, Unary):
            return -self.values(node.operand, rows, starts, grid)
        if isinstance(node, Binary):
            left, right = (self._operand(part, node, rows, starts, grid) for part in (node.left, node.right))
            return arithmetic(node.operator, *self._aligned(node, left, right))
        if isinstance(node, Call):
            return self._of_call(node, rows, starts, grid)
        raise NotSimulated("a text as an operand", node)

    def memory(self, node: Expression) -> int:
        """How many points before a window the node looks at."""
        if isinstance(node, MetricQuery):
            return self.leaves[node].memory
        own = implementation(node).memory(node, self.around) if isinstance(node, Call) and _is_row(node) else 0
        return own + max((self._inside(node).memory(part) for part in _operands(node)), default=0)

    def seen_buckets(self, node: Expression, *, delay: int, longest: int) -> int:
        """How many of a window's last buckets an evaluation may see otherwise than later ones do."""
        if any(self._is_of_window(each) for each in calls(node)):
            return longest
        return min(self._unsettled(node, delay=delay), longest)

    @property
    def later_buckets(self) -> int:
        """How many buckets after a window's last one tell what stands in a gap before them."""
        return max(leaf.later_buckets for leaf in (*self.leaves.values(), *self.defaulted.values()))

    def is_pointwise(self, call: Call) -> bool:
        """Whether each of its points depends on the same point of its query only."""
        return _is_row(call) and not implementation(call).memory(call, self.around) and not self._is_of_window(call)

    def _unsettled(self, node: Expression, *, delay: int, shift: int = 0) -> int:
        if isinstance(node, MetricQuery):
            leaf = self.leaves[node]
            changing = -(-leaf.unsettled_seconds(shift=shift, delay=delay) // self.around.seconds)
            return changing + leaf.later_buckets
        if isinstance(node, Call) and shifts.is_shift(node):
            shift += shifts.fixed_seconds(node)
        inside = self._inside(node)
        return max((inside._unsettled(part, delay=delay, shift=shift) for part in _operands(node)), default=0)  # noqa: SLF001 - itself

    def _is_of_window(self, call: Call) -> bool:
        """Whether a point's value is another one in another window."""
        return across_groups.ranks_groups(call) or (
            _is_row(call) and implementation(call).of_window(self.around.settings)
        )

    def _inside(self, node: Expression) -> Calculation:
        is_default = isinstance(node, Call) and node.name in DEFAULTS
        return replace(self, leaves=self.defaulted) if is_default else self

    def _operand(self, part: Expression, whole: Binary, rows: Sequence[Group], starts: Times, grid: Grid) -> Values:
        found = self.values(part, rows, starts, grid)
        lonely = self.around.settings.ungrouped_operand == "nothing" and not isinstance(part, Number)
        return found * np.nan if lonely and self.keys(whole) and not self.keys(part) else found

    def _aligned(self, node: Binary, left: Values, right: Values) -> tuple[Values, Values]:
        """Counts and rates are 0 where only what they are combined with has a point."""
        if isinstance(node.left, Number) or isinstance(node.right, Number):
            return left, right
        zero_left, zero_right = map(self._is_zero_without_points, (node.left, node.right))
        if not (zero_left or zero_right) or (presence(left) is None and presence(right) is None):
            return left, right
        has_left, has_right = np.isfinite(left), np.isfinite(right)
        aligned_left = np.where(has_right & ~has_left, 0.0, left) if zero_left else left
        return aligned_left, np.where(has_left & ~has_right, 0.0, right) if zero_right else right

    def _is_zero_without_points(self, node: Expression) -> bool:
        if isinstance(node, MetricQuery):
            return self.leaves[node].is_zero_without_points
        parts = [part for part in _operands(node) if not isinstance(part, Number)]
        return bool(parts) and all(map(self._inside(node)._is_zero_without_points, parts))  # noqa: SLF001 - itself

    def _of_call(self, call: Call, rows: Sequence[Group], starts: Times, grid: Grid) -> Values:
        inner = call.args[0]
        if shifts.is_shift(call):
            return self.values(inner, rows, shifts.read_at(call, starts, self.around.settings), grid)
        rows = rows if self.keys(call) else ((),)
        if across_groups.combines_groups(call):
            groups = self.groups(inner)
            return across_groups.combined(call, self.values(inner, groups, starts, grid), groups, rows)
        if across_groups.ranks_groups(call):
            groups = self.groups(inner)
            found = across_groups.ranked(call, grid.of_window(self.values(inner, groups, starts, grid)))
            return across_groups.chosen(found, groups, rows)
        return self._of_row(call, implementation(call), rows, starts, grid)

    def _of_row(self, call: Call, row: Implementation, rows: Sequence[Group], starts: Times, grid: Grid) -> Values:
        is_of_window = row.of_window(self.around.settings)

        def computed(values: Values) -> Values:
            return row.compute(call, grid.of_window(values) if is_of_window else values, self.around)

        inner = call.args[0]
        if not row.by_source:
            return computed(self._inside(call).values(inner, rows, starts, grid))
        while isinstance(inner, Call) and shifts.is_shift(inner):
            starts, inner = shifts.read_at(inner, starts, self.around.settings), inner.args[0]
        if isinstance(inner, MetricQuery):
            return self.leaves[inner].values(rows if group_keys(inner) else ((),), starts, grid, computed)
        return computed(self.values(inner, rows, starts, grid))


def _is_row(call: Call) -> bool:
    return call.name in IMPLEMENTATIONS


def _operands(node: Expression) -> tuple[Expression, ...]:
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Unary):
        return (node.operand,)
    return node.args[:1] if isinstance(node, Call) else ()
