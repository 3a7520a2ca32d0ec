"""Scopes to text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from generator.query.nodes import AllOf, AnyOf, Everything, Membership, Node, Not, Tag, Terms, Variable
from generator.query.unwritable import refuse, require

_SIGNS = r"\w$*?./@%+&#~\-"
_NO_OPERATOR = r"(?!(?i:AND|OR|NOT|IN)\Z)"
_TAG = re.compile(rf"(?![$*]\Z)(?!\$){_NO_OPERATOR}[{_SIGNS}]++(?::(?:(?: {_NO_OPERATOR}(?=.))?[{_SIGNS}:]*+))?\Z")
_FEWEST = 2
_VALUE = re.compile(rf"[{_SIGNS}:]++\Z")
_VARIABLE = re.compile(rf"[{_SIGNS}:]*+\Z")


def scope_text(node: Node) -> str:
    return SCOPE_PRINTERS[type(node)](node)


def _tag(node: Tag) -> str:
    text = node.key if node.value is None else f"{node.key}:{node.value}"
    if not (_TAG.match(text) and ":" not in node.key):
        refuse(node, "a tag has no separators, brackets, quotes or operators")
    return text


def _variable(node: Variable) -> str:
    require(_VARIABLE.match(node.name), node, "a variable has no separators, brackets or quotes")
    return f"${node.name}"


def _membership(node: Membership) -> str:
    _tag(Tag(node.key))
    require(node.values and all(map(_VALUE.match, node.values)), node, "IN has values without separators or brackets")
    return f"{node.key} {'NOT IN' if node.negated else 'IN'} ({','.join(node.values)})"


def _terms(node: Terms) -> str:
    if len(node.operands) < _FEWEST:
        refuse(node, "it takes two operands or more")
    for each in node.operands:
        term = each.operand if isinstance(each, Not) else each
        if type(term) not in _TERMS:
            refuse(node, "symbolic terms are tags and variables, or `!` before one")
    return ",".join([SCOPE_PRINTERS[type(term)](term) for term in node.operands])


def _not(node: Not) -> str:
    """Print a negation that stands alone or among symbolic terms."""
    if type(node.operand) in _TERMS:
        return "!" + scope_text(node.operand)
    return _boolean_not(node)


def _boolean_not(node: Not) -> str:
    require(type(node.operand) in _NEGATED, node, "two negations cancel out, IN and `,` are negated otherwise")
    inner = _part(node.operand)
    return f"NOT ({inner})" if type(node.operand) in {AllOf, AnyOf} else f"NOT {inner}"


def _all_of(node: AllOf) -> str:
    _require_flat(node, node.operands)
    return " AND ".join([f"({_part(part)})" if type(part) is AnyOf else _part(part) for part in node.operands])


def _any_of(node: AnyOf) -> str:
    _require_flat(node, node.operands)
    return " OR ".join([_part(part) for part in node.operands])


def _require_flat(node: Node, operands: tuple[Node, ...]) -> None:
    if len(operands) < _FEWEST:
        refuse(node, "it takes two operands or more")
    for part in operands:
        if type(part) is type(node) or type(part) is Terms:
            refuse(node, "its operands are neither of its own kind nor symbolic")


def _part(node: Node) -> str:
    """Print a part of a boolean filter, where negation is a word."""
    return _boolean_not(node) if isinstance(node, Not) else scope_text(node)


_TERMS = frozenset({Tag, Variable, Everything})
_NEGATED = _TERMS | {AllOf, AnyOf}

SCOPE_PRINTERS: dict[type[Node], Callable[[Any], str]] = {
    Everything: lambda _: "*",
    Tag: _tag,
    Variable: _variable,
    Membership: _membership,
    Not: _not,
    Terms: _terms,
    AllOf: _all_of,
    AnyOf: _any_of,
}
