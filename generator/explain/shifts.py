"""How far a query looks back: the shift of each metric, and the one that all metrics share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from generator.explain.durations import duration_words
from generator.query.nodes import Binary, Call, Expression, MetricQuery, Node, Number, QueryList, Unary

_FIXED = {
    "hour_before": timedelta(hours=1),
    "day_before": timedelta(days=1),
    "week_before": timedelta(weeks=1),
    "month_before": timedelta(days=28),
}
_LONGEST_SECONDS = 1e10


def shift_of(call: Call) -> timedelta | None:
    """How far back a call looks, negative for ahead; None where it is no shift by a fixed time."""
    if call.name != "timeshift":
        return _FIXED.get(call.name) if len(call.args) == 1 else None
    seconds = call.args[1] if len(call.args) == 2 and not call.kwargs else None
    if not isinstance(seconds, Number):
        return None
    return timedelta(seconds=-min(max(seconds.value, -_LONGEST_SECONDS), _LONGEST_SECONDS))


def common_shift(expression: Expression) -> timedelta | None:
    """The shift under which every metric stands, each under no other."""
    found = set(_shifts(expression, ()))
    alone = next(iter(found)) if len(found) == 1 else ()
    return alone[0] if len(alone) == 1 else None


def shift_sentence(expression: Expression) -> str:
    """That all metrics are read some time ago, where they are."""
    shift = common_shift(expression)
    if shift is None:
        return ""
    if shift < timedelta():
        return f"It looks {duration_words(-shift)} ahead, where there is no data."
    return f"It looks at what happened {duration_words(shift)} before."


def _shifts(node: Node, above: tuple[timedelta, ...]) -> Iterator[tuple[timedelta, ...]]:
    """The shifts above each metric, the outermost first."""
    if isinstance(node, MetricQuery):
        yield above
        return
    if isinstance(node, Call) and (shift := shift_of(node)):
        above = (*above, shift)
    for part in _PARTS.get(type(node), _none)(node):
        yield from _shifts(part, above)


def _none(_: Node) -> tuple[Node, ...]:
    return ()


_PARTS: dict[type[Node], Callable[[Any], tuple[Node, ...]]] = {
    Call: lambda call: call.args,
    Binary: lambda binary: (binary.left, binary.right),
    Unary: lambda unary: (unary.operand,),
    QueryList: lambda several: several.queries,
}
