"""A tree as the text it was read from."""

from __future__ import annotations

from collections.abc import Sequence

from generator.message.nodes import Block, Message, Node, Verbatim


def print_message(message: Message) -> str:
    pieces: list[str] = []
    _collect(message.nodes, pieces)
    return "".join(pieces)


def _collect(nodes: Sequence[Node], pieces: list[str]) -> None:
    """Recurses as deep as blocks nest, which the parser bounds."""
    for node in nodes:
        if isinstance(node, Block):
            pieces.append(node.opening.text)
            _collect(node.body, pieces)
            if node.separator is not None:
                pieces.append(node.separator.text)
                _collect(node.otherwise, pieces)
            pieces.append(node.closing.text if node.closing is not None else "")
        elif isinstance(node, Verbatim):
            pieces += (node.opening.text, node.text, node.closing)
        else:
            pieces.append(node.text)
