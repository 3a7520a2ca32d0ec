"""How far back from an evaluation a monitor reads."""

from __future__ import annotations

from collections.abc import Iterator

from generator.query.inspection import leaves
from generator.query.nodes import Binary, Call, Expression, Unary
from generator.simulate import shifts
from generator.simulate.functions import IMPLEMENTATIONS
from generator.simulate.implementation import Surroundings
from generator.simulate.leaf import rollup_seconds
from generator.simulate.moments import longest_window
from generator.simulate.monitor import Monitor
from generator.simulate.settings import evaluation_seconds

_DAY = 86_400
# Points that close a gap at the window's start.
_GAP = 600


def seconds_back(monitor: Monitor) -> int:
    """The window, its delay, shifts and what functions remember; rather too much than too little."""
    span = longest_window(monitor)
    asked = [found for leaf in leaves(monitor.expression) if (found := rollup_seconds(leaf)) is not None]
    bucket = max(asked, default=evaluation_seconds(span))
    around = Surroundings(bucket, max(1, span // bucket))
    return span + monitor.delay + expression_seconds_back(monitor.expression, around)


def expression_seconds_back(expression: Expression, around: Surroundings) -> int:
    """How far before a window's first bucket an expression reads."""
    return 2 * around.seconds + _GAP + max(_reaches(expression, 0, around), default=0)


def _reaches(node: Expression, before: int, around: Surroundings) -> Iterator[int]:
    yield before
    if isinstance(node, Call):
        before += _own(node, around)
    for part in _parts(node):
        yield from _reaches(part, before, around)


def _own(call: Call, around: Surroundings) -> int:
    if shifts.is_shift(call):
        back = -shifts.fixed_seconds(call)
        # Months are up to three days longer than the shortest, and the clocks change by an hour or two.
        return back + 3 * _DAY * (1 + back // (27 * _DAY))
    row = IMPLEMENTATIONS.get(call.name)
    return 0 if row is None else row.memory(call, around) * around.seconds


def _parts(node: Expression) -> tuple[Expression, ...]:
    if isinstance(node, Binary):
        return node.left, node.right
    if isinstance(node, Unary):
        return (node.operand,)
    return node.args[:1] if isinstance(node, Call) else ()
