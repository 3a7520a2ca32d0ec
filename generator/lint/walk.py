"""The nodes of a query, the outer before the inner, in the order of the text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from generator.query import nodes
from generator.query.nodes import Node

NodeClasses = frozenset[type[Node]]
_Fields = Mapping[type[Node], tuple[str, ...]]


@functools.cache
def _held(annotation: str) -> NodeClasses:
    """The classes of nodes that a field of this type can hold, by their names, alone or in a union."""
    named = (vars(nodes).get(name) for name in re.findall(r"\w+", annotation))
    classes = (each for found in named for each in (get_args(found) or (found,)))
    return frozenset(each for each in classes if isinstance(each, type) and issubclass(each, Node))


def _fields_of(node_class: type[Node]) -> dict[str, NodeClasses]:
    return {name: _held(node_class.__annotations__[name]) for name in node_class.__match_args__}


_FIELDS = {each: _fields_of(each) for each in vars(nodes).values() if isinstance(each, type) and issubclass(each, Node)}
_ALL = frozenset(_FIELDS)


def walk(node: Node) -> Iterator[Node]:
    """Every node."""
    return walk_to(_ALL, node)


def walk_to(wanted: NodeClasses, node: Node) -> Iterator[Node]:
    """Every node of these classes, and others on the way to them: what cannot hold one is not looked into."""
    fields = _leading_to(wanted)
    waiting = [node]
    while waiting:
        found = waiting.pop()
        yield found
        names = fields[type(found)]
        if names:
            waiting.extend(reversed(_children(found, names)))


def parts(node: Node) -> list[Node]:
    """The nodes just below."""
    return _children(node, _leading_to(_ALL)[type(node)])


@functools.cache
def _leading_to(wanted: NodeClasses) -> _Fields:
    """The fields of each class by which one of these can be reached."""
    leading, before = wanted, NodeClasses()
    while leading != before:
        before = leading
        leading |= {
            each for each, fields in _FIELDS.items() if any(not held.isdisjoint(before) for held in fields.values())
        }
    return {
        each: tuple(name for name, held in fields.items() if not held.isdisjoint(leading))
        for each, fields in _FIELDS.items()
    }


def _children(node: Node, names: tuple[str, ...]) -> list[Node]:
    """The nodes in the fields: one, several, or pairs of a name and a node."""
    children: list[Node] = []
    for name in names:
        value: Any = getattr(node, name)
        if type(value) in _FIELDS:
            children.append(value)
        elif type(value) is tuple:
            for part in value:
                inner = part[1] if type(part) is tuple else part
                if type(inner) in _FIELDS:
                    children.append(inner)
    return children
