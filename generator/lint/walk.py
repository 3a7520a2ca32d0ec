"""Every node of a query, the outer before the inner, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.query import nodes
from generator.query.nodes import Node

_SCALARS = frozenset({"str", "str | None", "int", "float", "bool", "tuple[str, ...]"})


def _inner_fields(node_class: type[Node]) -> tuple[str, ...]:
    """The fields that can hold nodes."""
    return tuple(name for name in node_class.__match_args__ if node_class.__annotations__[name] not in _SCALARS)


_FIELDS = {
    each: _inner_fields(each) for each in vars(nodes).values() if isinstance(each, type) and issubclass(each, Node)
}


def walk(node: Node) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        names = _FIELDS[type(found)]
        if names:
            waiting.extend(reversed(_children(found, names)))


def _children(node: Node, names: tuple[str, ...]) -> list[Node]:
    """The nodes in the fields: one, several, or pairs of a name and a node."""
    children: list[Node] = []
    values: list[Any] = [getattr(node, name) for name in names]
    for value in values:
        if type(value) in _FIELDS:
            children.append(value)
        elif type(value) is tuple:
            for part in value:
                inner = part[1] if type(part) is tuple else part
                if type(inner) in _FIELDS:
                    children.append(inner)
    return children
