"""Every node of a query, the outer before the inner, in the order of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.query import nodes
from generator.query.nodes import Node

_SCALARS = frozenset({"str", "str | None", "int", "float", "bool", "tuple[str, ...]"})
_SCOPES = frozenset({"Scope", "tuple[Scope, ...]"})
_Fields = Mapping[type[Node], tuple[str, ...]]


def _inner_fields(node_class: type[Node], *, outside: frozenset[str]) -> tuple[str, ...]:
    """The fields that can hold nodes."""
    return tuple(name for name in node_class.__match_args__ if node_class.__annotations__[name] not in outside)


_CLASSES = [each for each in vars(nodes).values() if isinstance(each, type) and issubclass(each, Node)]
_FIELDS = {each: _inner_fields(each, outside=_SCALARS) for each in _CLASSES}
_OUTSIDE_SCOPES = {each: _inner_fields(each, outside=_SCALARS | _SCOPES) for each in _CLASSES}
SCOPES = frozenset(each for each in _CLASSES if each in nodes.Scope.__args__)
"""The classes of nodes inside a metric's braces, which `walk_outside_scopes` leaves out."""


def walk(node: Node) -> Iterator[Node]:
    return _walk(node, _FIELDS)


def walk_outside_scopes(node: Node) -> Iterator[Node]:
    """All but what stands in the braces of metrics, which is about a third of the nodes."""
    return _walk(node, _OUTSIDE_SCOPES)


def parts(node: Node) -> list[Node]:
    """The nodes just below."""
    return _children(node, _FIELDS[type(node)])


def _walk(node: Node, fields: _Fields) -> Iterator[Node]:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        names = fields[type(found)]
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
