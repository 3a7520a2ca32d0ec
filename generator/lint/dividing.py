"""What rules on divisions share."""

from __future__ import annotations

import re
from typing import Final

from generator.query.inspection import calls, leaves
from generator.query.nodes import AsCount, Binary, Call, Expression, MetricQuery, Number

# What a thing can hold is never none of it, and is sent as long as it is there.
_NEVER_ZERO: Final = re.compile(
    r"(?:^|[._])(?:allocatable|allocated|bytes_total|capacity|cores|desired|limits?|max(?:imum)?|memsize|num_cpus|"
    r"provisioned|quota|requests|reserved|size|total|totalsize|uptime)(?:$|[._])|total_?size|limit_?bytes"
)
_FLOORS: Final = frozenset({"clamp_min", "cutoff_min"})


def divides_metrics(node: Binary) -> bool:
    """Whether it divides by a metric, other than one count by another."""
    divisors = leaves(node.right) if node.operator == "/" else ()
    return bool(divisors) and not all(map(_is_count, (*divisors, *leaves(node.left))))


def can_be_zero(divisor: Expression) -> bool:
    """Whether nothing in it keeps it above 0, neither what it asks for nor a floor below it."""
    if isinstance(divisor, Call) and divisor.name in _FLOORS:
        return not any(isinstance(each, Number) and each.value > 0 for each in divisor.args[1:])
    if isinstance(divisor, Binary) and divisor.operator == "+":
        parts = (divisor.left, divisor.right)
        if any(isinstance(each, Number) and each.value > 0 for each in parts):
            return False
        return all(map(can_be_zero, parts))
    if isinstance(divisor, Binary):
        return can_be_zero(divisor.left) or (divisor.operator == "-" and bool(leaves(divisor.right)))
    if isinstance(divisor, MetricQuery):
        return not _NEVER_ZERO.search(divisor.metric)
    return bool(leaves(divisor)) and not any(call.name in _FLOORS for call in calls(divisor))


def _is_count(leaf: MetricQuery) -> bool:
    return any(isinstance(each, AsCount) for each in leaf.modifiers)
