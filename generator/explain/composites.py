"""A composite monitor in words."""

from __future__ import annotations

from generator.explain.phrases import code
from generator.query.nodes import Both, CompositeQuery, Either, Inverse, MonitorId, Operand, Reference


def composite_condition(query: CompositeQuery) -> str:
    """`monitor 12345 alerts and monitor 67890 is OK`."""
    return _operand(query.tree)


def _operand(operand: Operand) -> str:
    if isinstance(operand, MonitorId | Reference):
        return f"{_monitor(operand)} alerts"
    if isinstance(operand, Inverse):
        inner = operand.operand
        return f"{_monitor(inner)} is OK" if isinstance(inner, MonitorId | Reference) else f"not ({_operand(inner)})"
    word = "and" if isinstance(operand, Both) else "or"
    return f" {word} ".join(_bracketed(each) for each in operand.operands)


def _monitor(operand: MonitorId | Reference) -> str:
    return f"monitor {operand.number if isinstance(operand, MonitorId) else code(operand.path)}"


def _bracketed(operand: Operand) -> str:
    return f"({_operand(operand)})" if isinstance(operand, Both | Either) else _operand(operand)
