"""How far back a query looks."""

from __future__ import annotations

import re
from typing import Final

from generator.explain.shifts import shift_of
from generator.query.nodes import Binary, Call, MetricQuery, Node, StringLiteral, Unary

SHIFTS: Final = frozenset({"timeshift", "calendar_shift", "hour_before", "day_before", "week_before", "month_before"})
DAY_SECONDS: Final = 86_400
_CALENDAR: Final = re.compile(r"-([0-9]{1,5})(mo|d|w)\Z")
_CALENDAR_DAYS: Final = {"d": 1, "w": 7, "mo": 28}

LeafShifts = tuple[tuple[MetricQuery, float], ...]


def shift_seconds(call: Call) -> float:
    """How far back a call looks, 0 where it does not."""
    if call.name == "calendar_shift":
        text = call.args[1].text if len(call.args) > 1 and isinstance(call.args[1], StringLiteral) else ""
        found = _CALENDAR.match(text)
        return int(found[1]) * _CALENDAR_DAYS[found[2]] * DAY_SECONDS if found else 0
    shift = shift_of(call)
    return max(shift.total_seconds(), 0) if shift else 0


def leaf_shifts(expression: Node) -> LeafShifts:
    """Each metric with how far back it is read, in seconds, all its shifts together; from left to right."""
    if isinstance(expression, MetricQuery):
        return ((expression, 0),)
    found: list[tuple[MetricQuery, float]] = []
    waiting: list[tuple[Node, float]] = [(expression, 0)]
    while waiting:
        node, above = waiting.pop()
        if isinstance(node, MetricQuery):
            found.append((node, above))
        elif isinstance(node, Binary):
            waiting += ((node.right, above), (node.left, above))
        elif isinstance(node, Call):
            shift = above + shift_seconds(node) if node.name in SHIFTS else above
            waiting.extend((argument, shift) for argument in reversed(node.args))
        elif isinstance(node, Unary):
            waiting.append((node.operand, above))
    return tuple(found)
