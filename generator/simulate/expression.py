"""An expression's values on a grid, group by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from generator.query.functions import FUNCTIONS
from generator.query.inspection import leaves, nodes
from generator.query.nodes import Binary, Call, Expression, MetricQuery, Number, Unary
from generator.simulate import across_groups, shifts
from generator.simulate.functions import IMPLEMENTATIONS, Implementation, Surroundings
from generator.simulate.grid import Grid
from generator.simulate.history import Group, Times, Values
from generator.simulate.leaf import Leaf, group_keys
from generator.simulate.refusal import NotSimulated
from generator.simulate.settings import Settings

_OPERATORS: dict[str, np.ufunc] = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}


def arithmetic(operator: str, left: Values, right: Values) -> Values:
    """Point by point; what is divided by zero is no point
    (https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/).
    """
    found: Values = _OPERATORS[operator](left, right)
    if operator == "/" and not right.all():
        found[np.broadcast_to(right == 0, found.shape)] = np.nan
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Calculation:
    """Computes nodes of one query from its leaves."""

    leaves: dict[MetricQuery, Leaf]
    around: Surroundings
    settings: Settings

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
        """All groups of a node's results."""
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
            return np.full((1,) * (1 + starts.ndim), node.value)
        if isinstance(node, Unary):
            return -self.values(node.operand, rows, starts, grid)
        if isinstance(node, Binary):
            left, right = (self._operand(part, node, rows, starts, grid) for part in (node.left, node.right))
            return arithmetic(node.operator, left, right)
        if isinstance(node, Call):
            return self._of_call(node, rows, starts, grid)
        raise NotSimulated("a text as an operand", node)

    def memory(self, node: Expression) -> int:
        """How many points before a window the node looks at."""
        if isinstance(node, MetricQuery):
            return self.leaves[node].memory
        own = self._own_memory(node) if isinstance(node, Call) else 0
        return own + max((self.memory(part) for part in _operands(node)), default=0)

    def depends_on_window(self, node: Expression) -> bool:
        """Whether a point's value is another one in another window."""
        return any(self.leaves[each].needs_later_points() for each in leaves(node)) or any(
            across_groups.ranks_groups(each) or (self._own_memory(each) and self.settings.first_difference == "nothing")
            for each in nodes(node)
            if isinstance(each, Call)
        )

    def unsettled(self, node: Expression, *, delay: int, shift: int = 0) -> int:
        """How many of a window's last buckets an evaluation may see otherwise than later ones do."""
        if isinstance(node, MetricQuery):
            leaf = self.leaves[node]
            return -(-leaf.unsettled_seconds(shift=shift, delay=delay) // self.around.seconds)
        if isinstance(node, Call) and shifts.is_shift(node):
            shift += shifts.fixed_seconds(node)
        return max((self.unsettled(part, delay=delay, shift=shift) for part in _operands(node)), default=0)

    def _operand(self, part: Expression, whole: Binary, rows: Sequence[Group], starts: Times, grid: Grid) -> Values:
        found = self.values(part, rows, starts, grid)
        lonely = self.settings.ungrouped_operand == "nothing" and not isinstance(part, Number)
        return found * np.nan if lonely and self.keys(whole) and not self.keys(part) else found

    def _of_call(self, call: Call, rows: Sequence[Group], starts: Times, grid: Grid) -> Values:
        inner = call.args[0]
        if shifts.is_shift(call):
            return self.values(inner, rows, shifts.read_at(call, starts), grid)
        if across_groups.combines_groups(call):
            groups = self.groups(inner)
            return across_groups.combined(call, self.values(inner, groups, starts, grid), groups, rows)
        if across_groups.ranks_groups(call):
            groups = self.groups(inner)
            found = across_groups.ranked(call, self.values(inner, groups, starts, grid))
            return found[[groups.index(row) for row in rows]]
        row = implementation(call)
        if row.by_source and not all(self.leaves[each].is_of_single_sources for each in leaves(inner)):
            raise NotSimulated(f"`{call.name}` of groups with several sources", call)
        return row.compute(call, self.values(inner, rows, starts, grid), self.around)

    def is_pointwise(self, call: Call) -> bool:
        """Whether each of its points depends on the same point of its query only."""
        return call.name in IMPLEMENTATIONS and not self._own_memory(call)

    def _own_memory(self, call: Call) -> int:
        return implementation(call).memory(call, self.around) if call.name in IMPLEMENTATIONS else 0


def implementation(call: Call) -> Implementation:
    found = IMPLEMENTATIONS.get(call.name)
    if found is None:
        group = FUNCTIONS[call.name].group.name.lower() if call.name in FUNCTIONS else "unknown"
        raise NotSimulated(f"`{call.name}` ({group}): Datadog does not document what it computes", call)
    return found


def refuse_unknown(node: Expression) -> None:
    """End here where a function cannot be simulated, before anything is computed."""
    tests = (shifts.is_shift, across_groups.combines_groups, across_groups.ranks_groups)
    for each in nodes(node):
        if isinstance(each, Call) and not any(test(each) for test in tests):
            implementation(each)


def _operands(node: Expression) -> tuple[Expression, ...]:
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Unary):
        return (node.operand,)
    return node.args[:1] if isinstance(node, Call) else ()
