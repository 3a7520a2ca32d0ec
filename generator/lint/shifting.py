"""How far back a query looks."""

from __future__ import annotations

import re
from typing import Final

from generator.query.nodes import Binary, Call, MetricQuery, Node, Number, StringLiteral, Unary

DAY_SECONDS: Final = 86_400
_FIXED: Final = {
    "hour_before": 3600,
    "day_before": DAY_SECONDS,
    "week_before": 7 * DAY_SECONDS,
    "month_before": 28 * DAY_SECONDS,
}
SHIFTS: Final = frozenset({"timeshift", "calendar_shift", *_FIXED})
_CALENDAR: Final = re.compile(r"-([0-9]{1,5})(mo|d|w)\Z")
_LONGEST_SECONDS: Final = 1e10
_CALENDAR_DAYS: Final = {"d": 1, "w": 7, "mo": 28}

LeafShifts = tuple[tuple[MetricQuery, float], ...]


def shift_seconds(call: Call) -> float:
    """How far back a call looks, 0 where it does not."""
    if call.name in _FIXED:
        return _FIXED[call.name]
    by = call.args[1] if len(call.args) > 1 else None
    if call.name == "timeshift":
        return min(max(-by.value, 0), _LONGEST_SECONDS) if isinstance(by, Number) else 0
    found = _CALENDAR.match(by.text) if call.name == "calendar_shift" and isinstance(by, StringLiteral) else None
    return int(found[1]) * _CALENDAR_DAYS[found[2]] * DAY_SECONDS if found else 0


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
