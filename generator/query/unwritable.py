"""Trees made by hand that no text gives."""

from __future__ import annotations

from typing import NoReturn

from generator.query.node import Node, Unwritable

__all__ = ["Unwritable", "refuse", "require"]

_SHOWN_CHARACTERS = 200


def require(fits: object, node: Node, rule: str) -> None:
    """Refuse the node unless it fits; where each monitor comes by, its caller asks first and saves the call."""
    if not fits:
        refuse(node, rule)


def refuse(node: Node, rule: str) -> NoReturn:
    raise Unwritable("the tree", repr(node)[:_SHOWN_CHARACTERS], rule)
