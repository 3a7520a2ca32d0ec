"""What cannot be simulated honestly."""

from __future__ import annotations

from msgspec import Struct

from generator.query.nodes import NOWHERE, Node, SourceRange


class Refusal(Struct, frozen=True):
    """Why there is no simulation, and at which part of the query's text."""

    reason: str
    span: SourceRange = NOWHERE


class NotSimulated(Exception):  # noqa: N818 - never leaves the package: `simulate` returns its refusal
    """Ends an evaluation at the node that cannot be simulated."""

    def __init__(self, reason: str, node: Node | None = None) -> None:
        super().__init__(reason)
        self.refusal = Refusal(reason, node.span if node is not None else NOWHERE)
