"""Every node of a query, the outer before the inner, in the order of the text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from generator.query import nodes
from generator.query.nodes import Node

_FIELDS = {
    each: tuple(field.name for field in dataclasses.fields(each) if field.compare)
    for each in vars(nodes).values()
    if isinstance(each, type) and issubclass(each, Node)
}


def walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        children = [child for name in _FIELDS[type(found)] for child in _nodes(getattr(found, name))]
        waiting.extend(reversed(children))


def _nodes(value: object) -> Iterator[Node]:
    """The nodes in a field: one, several, or pairs of a name and a node."""
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _nodes(part)
