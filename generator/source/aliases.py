"""How large a value is that an alias repeats."""

from __future__ import annotations

from generator.source.events import Value


def extent(value: Value, limit: int) -> tuple[int, int]:
    """How many values one holds with itself, up to just above the limit, and how deep they nest."""
    nodes, height = 0, 0
    level = [value]
    while level:
        nodes += len(level)
        if nodes > limit:
            break
        inner = [one for one in level if type(one) is dict or type(one) is list]
        height += bool(inner)
        level = [below for one in inner for below in (one.values() if type(one) is dict else one)]
    return nodes, height
