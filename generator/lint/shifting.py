"""How far back a query looks."""

from __future__ import annotations

import functools
import re
from datetime import datetime
from typing import Final

from generator.query.nodes import Binary, Call, MetricQuery, Node, Number, StringLiteral, Unary
from generator.schedule.zones import UnknownZone, zone

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

# Winter and summer of a year whose rules are known; a payload must not change with the day it is judged on.
_SEASONS: Final = tuple(datetime(2027, month, 15) for month in (1, 4, 7, 10))  # noqa: DTZ001  local times of any zone

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


def days_text(seconds: float) -> str:
    """Whole days as `calendar_shift` writes them."""
    days = int(seconds // DAY_SECONDS)
    return f"-{days}d" if days % 7 else f"-{days // 7}w"


def calendar_zone(call: Call) -> tuple[str, str] | None:
    """The zone that a `calendar_shift` follows, and how far it goes back in its words."""
    back, name = call.args[1:3] if len(call.args) > 2 else (None, None)
    return (name.text, back.text) if isinstance(name, StringLiteral) and isinstance(back, StringLiteral) else None


@functools.cache
def changes_clocks(name: str) -> bool:
    """Whether the zone has daylight saving; one that is not known has none."""
    found = zone(name) if name else None
    if found is None or isinstance(found, UnknownZone):
        return False
    return len({each.replace(tzinfo=found).utcoffset() for each in _SEASONS}) > 1


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
