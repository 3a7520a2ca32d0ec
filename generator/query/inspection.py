"""Questions about a parsed query that other packages ask. Nothing here changes a tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generator.query.formula_text import plain_formula
from generator.query.nodes import (
    Binary,
    Both,
    Call,
    ChainArgument,
    ChainQuery,
    CompositeQuery,
    Either,
    Expression,
    Inverse,
    MetricQuery,
    MonitorQuery,
    Name,
    Node,
    Operand,
    Query,
    QueryList,
    Reference,
    StringLiteral,
    Unary,
)
from generator.query.parser import parse_formula
from generator.query.problem import SyntaxProblem

Inspected = Query | Expression


def threshold(query: Query) -> float | None:
    """Return the number the query compares with; None where it has none or leaves it to its options."""
    found = query.threshold if isinstance(query, MonitorQuery | ChainQuery) else None
    return None if isinstance(found, str) else found


def comparator(query: Query) -> str | None:
    return query.comparator if isinstance(query, MonitorQuery | ChainQuery) else None


def nodes(query: Inspected) -> Iterator[Node]:
    """Yield the nodes of the expression, outer before inner, left before right; a formula's are those of its text."""
    root: Node | None = _expression(query)
    stack = [] if root is None else [root]
    while stack:
        node = stack.pop()
        yield node
        children = _CHILDREN.get(type(node))
        if children is not None:
            stack.extend(reversed(children(node)))


def leaves(query: Inspected) -> tuple[MetricQuery, ...]:
    """Return the metric queries, from left to right."""
    return tuple(node for node in nodes(query) if isinstance(node, MetricQuery))


def calls(query: Inspected) -> tuple[Call, ...]:
    return tuple(node for node in nodes(query) if isinstance(node, Call))


def metrics(query: Inspected) -> tuple[str, ...]:
    """Return each metric's name once."""
    return tuple(dict.fromkeys(leaf.metric for leaf in leaves(query)))


def group_keys(query: Inspected) -> tuple[str, ...]:
    """Return each tag key the query groups by, once."""
    if isinstance(query, ChainQuery):
        return tuple(dict.fromkeys(_chain_keys(query)))
    return tuple(dict.fromkeys(key for leaf in leaves(query) for key in leaf.group_by))


def is_grouped(query: Inspected) -> bool:
    return bool(group_keys(query))


def has_function(query: Inspected, name: str) -> bool:
    return any(call.name == name for call in calls(query))


def has_modifier(query: Inspected, kind: type[Node]) -> bool:
    """Tell whether a metric carries a modifier such as AsCount."""
    return any(isinstance(modifier, kind) for leaf in leaves(query) for modifier in leaf.modifiers)


def references(query: Query) -> tuple[str, ...]:
    """Return what stands in each `%{…}`, once, from left to right."""
    if isinstance(query, CompositeQuery):
        return tuple(dict.fromkeys(_paths(query.tree)))
    if isinstance(query, ChainQuery):
        return tuple(dict.fromkeys(path for path in map(_path, query.arguments) if path))
    return ()


def _expression(query: Inspected) -> Expression | None:
    if isinstance(query, MonitorQuery):
        return query.expression
    if isinstance(query, ChainQuery):
        return _formula(query)
    return query if isinstance(query, Expression) else None


def _formula(query: ChainQuery) -> Expression | None:
    first = query.arguments[0] if query.arguments else None
    if query.head != "formula" or not isinstance(first, StringLiteral):
        return None
    formula = parse_formula(plain_formula(first.text))
    return None if isinstance(formula, SyntaxProblem) else formula


def _chain_keys(query: ChainQuery) -> Iterator[str]:
    for method in query.methods:
        if method.name == "by":
            for argument in method.args:
                if isinstance(argument, StringLiteral | Name):
                    yield from (key.strip() for key in argument.text.split(",") if key.strip())


def _paths(operand: Operand) -> tuple[str, ...]:
    if isinstance(operand, Reference):
        return (operand.path,)
    if isinstance(operand, Inverse):
        return _paths(operand.operand)
    if isinstance(operand, Both | Either):
        return tuple(path for part in operand.operands for path in _paths(part))
    return ()


def _path(argument: ChainArgument) -> str | None:
    """Return the reference that a whole string is."""
    if isinstance(argument, StringLiteral) and argument.text.startswith("%{") and argument.text.endswith("}"):
        return argument.text[2:-1]
    return None


_CHILDREN: dict[type[Node], Callable[[Any], tuple[Node, ...]]] = {
    Call: lambda call: (*call.args, *(value for _, value in call.kwargs)),
    Binary: lambda binary: (binary.left, binary.right),
    Unary: lambda unary: (unary.operand,),
    QueryList: lambda several: several.queries,
}
