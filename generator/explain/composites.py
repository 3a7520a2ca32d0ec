"""A composite monitor in words."""

from __future__ import annotations

from generator.explain.phrases import code
from generator.query.nodes import Both, CompositeQuery, Inverse, MonitorId, Operand, Reference


def composite_condition(query: CompositeQuery) -> str:
    """`monitor 12345 alerts and monitor 67890 is OK`."""
    return _operand(query.tree, negated=False)


def _operand(operand: Operand, *, negated: bool, within: str = "") -> str:
    """What must hold of each monitor: `!` turns alerts into OK and OK into alerts, and leaves missing data missing.

    Of several monitors `&&` takes the mildest state and `||` the most severe, so `!` turns one into the other.
    https://docs.datadoghq.com/monitors/types/composite/
    """
    if isinstance(operand, Inverse):
        return _operand(operand.operand, negated=not negated, within=within)
    if isinstance(operand, MonitorId | Reference):
        return f"{_monitor(operand)} {'is OK' if negated else 'alerts'}"
    word = "and" if isinstance(operand, Both) != negated else "or"
    words = f" {word} ".join(_operand(each, negated=negated, within=word) for each in operand.operands)
    return f"({words})" if within not in ("", word) else words


def _monitor(operand: MonitorId | Reference) -> str:
    return f"monitor {operand.number if isinstance(operand, MonitorId) else code(operand.path)}"
