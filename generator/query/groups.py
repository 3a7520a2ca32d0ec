"""Which groups are left once a query's functions have been applied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generator.query.function import Groups
from generator.query.functions import FUNCTIONS
from generator.query.inspection import group_keys
from generator.query.nodes import (
    Binary,
    Call,
    ChainQuery,
    CompositeQuery,
    Expression,
    Grouping,
    MetricQuery,
    MonitorQuery,
    Node,
    Number,
    Opaque,
    QueryList,
    StringLiteral,
    Unary,
)

_EVERYTHING = "*"


def result_groups(query: Node) -> tuple[str, ...]:
    """Return each tag key by which the result is grouped, once: `count_nonzero(… by {host})` has none."""
    if isinstance(query, MonitorQuery):
        return tuple(dict.fromkeys(_keys(query.expression)))
    if isinstance(query, ChainQuery):
        return tuple(key for key in group_keys(query) if key != _EVERYTHING)
    return () if isinstance(query, CompositeQuery | Opaque) else tuple(dict.fromkeys(_keys(query)))


def _keys(node: Node) -> Iterator[str]:
    keys = _KEYS.get(type(node))
    return keys(node) if keys else iter(())


def _keys_of_call(call: Call) -> Iterator[str]:
    function = FUNCTIONS.get(call.name)
    groups = function.groups if function else Groups.KEEP
    if groups is Groups.NONE:
        return
    queries = [argument for argument in call.args if not isinstance(argument, Number | StringLiteral | Grouping)]
    named = [argument for argument in _arguments(call) if isinstance(argument, Grouping)]
    if groups is Groups.KEEP or (not named and len(queries) > 1):
        for query in queries:
            yield from _keys(query)
    for grouping in named:
        yield from (key for key in grouping.keys if key != _EVERYTHING)


def _arguments(call: Call) -> tuple[Expression, ...]:
    return (*call.args, *(value for _, value in call.kwargs))


def _keys_of_parts(node: Any) -> Iterator[str]:
    for part in _PARTS[type(node)](node):
        yield from _keys(part)


_PARTS: dict[type[Node], Callable[[Any], tuple[Expression, ...]]] = {
    Binary: lambda binary: (binary.left, binary.right),
    Unary: lambda unary: (unary.operand,),
    QueryList: lambda several: several.queries,
}
_KEYS: dict[type[Node], Callable[[Any], Iterator[str]]] = {
    MetricQuery: lambda leaf: iter(leaf.group_by),
    Call: _keys_of_call,
    **dict.fromkeys(_PARTS, _keys_of_parts),
}
