"""How much a query looks at: which of its sources, a metric or a kind of events, it restricts to nothing in particular.

A filter that every series passes which has the tag at all (`service:*`), or that only leaves some out (`!env:dev`), is
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.query.inspection import leaves
from generator.query.nodes import (
    AllOf,
    AnyOf,
    ChainQuery,
    Everything,
    Membership,
    MetricQuery,
    Name,
    Not,
    Scope,
    StringLiteral,
    Tag,
    Terms,
)
from generator.query.parser import GRAMMARS, parse_dashboard_query, parse_monitor
from generator.query.problem import SyntaxProblem
from generator.resources.types import Payload

_DEEPEST = 50
_TOKEN = re.compile(r'-?\\?"(?:[^"\\]|\\.)*+"?|[()]|-(?=\()|[^\s()"]++(?:"[^"]*+"?)?')
_ESCAPE = re.compile(r'\\(["\\])')

Sources = Iterator[tuple[str, bool]]
"""Name, and whether all of it is looked at."""


def breadths(payload: Payload) -> Mapping[str, frozenset[bool]]:
    """By source: whether the queries of a monitor look at all of it, at a part, or at both in different places."""
    found: dict[str, set[bool]] = {}
    for name, is_all in _sources(payload):
        found.setdefault(name, set()).add(is_all)
    return {name: frozenset(breadth) for name, breadth in found.items()}


def _sources(payload: Payload) -> Sources:
    monitor_type, query = str(payload.get("type")), payload.get("query")
    parsed = parse_monitor(monitor_type, query) if monitor_type in GRAMMARS and isinstance(query, str) else None
    if isinstance(parsed, ChainQuery):
        yield from _of_chain(parsed)
    if parsed is not None and not isinstance(parsed, SyntaxProblem):
        yield from _of_leaves(leaves(parsed))
    options = payload.get("options")
    variables = options.get("variables") if isinstance(options, Mapping) else None
    for variable in variables if isinstance(variables, list) else ():
        if isinstance(variable, Mapping):
            yield from _of_variable(variable)


def _of_leaves(found: Iterable[MetricQuery]) -> Sources:
    for leaf in found:
        yield leaf.metric, _is_all(leaf.scope)


def _of_chain(query: ChainQuery) -> Sources:
    first = query.arguments[0] if query.arguments else None
    tags = [argument for method in query.methods if method.name == "over" for argument in method.args]
    over_all = all(_is_any_tag(each.text) for each in tags if isinstance(each, StringLiteral | Name))
    if isinstance(query.head, StringLiteral):
        yield query.head.text, over_all
    elif query.head != "formula" and isinstance(first, StringLiteral):
        yield query.head, over_all and searches_all(_ESCAPE.sub(r"\1", first.text))


def _of_variable(variable: Mapping[str, object]) -> Sources:
    query, search = variable.get("query"), variable.get("search")
    if isinstance(query, str):
        parsed = parse_dashboard_query(query)
        if not isinstance(parsed, SyntaxProblem):
            yield from _of_leaves(leaves(parsed))
    elif isinstance(search, Mapping) or "compute" in variable:
        text = search.get("query") if isinstance(search, Mapping) else None
        yield str(variable.get("data_source")), searches_all(text if isinstance(text, str) else "")


def _is_all(scope: Scope) -> bool:
    match scope:
        case Everything() | Not():
            return True
        case Tag(value=value):
            return value is not None and _is_any_value(value)
        case Terms(operands=operands) | AllOf(operands=operands):
            return all(map(_is_all, operands))
        case AnyOf(operands=operands):
            return any(map(_is_all, operands))
        case Membership(values=values, negated=negated):
            return negated or any(map(_is_any_value, values))
    return False


def _is_any_tag(text: str) -> bool:
    return _is_any_value(text.rpartition(":")[2]) or text.startswith("!")


def searches_all(text: str) -> bool:
    """Whether a search for events finds all that there are, but for what it leaves out."""
    words = _TOKEN.findall(text)
    words.reverse()
    return _any_of(words, _DEEPEST)


def _any_of(words: list[str], depth: int) -> bool:
    """Read up to the bracket that ends the group; what is nested beyond reason is a part."""
    if depth == 0:
        words.clear()
        return False
    alternatives, is_negated = [True], False
    while words and (word := words.pop()) != ")":
        if word == "OR":
            alternatives.append(True)
        elif word in ("NOT", "-"):
            is_negated = True
        elif word.endswith(":") and words and words[-1] == "(":  # `service:(a OR b)`: the group is of its values
            is_negated = is_negated or word.startswith("-")
        elif word != "AND":
            is_all = _any_of(words, depth - 1) if word == "(" else _is_any_word(word)
            alternatives[-1] = alternatives[-1] and (is_all or is_negated)
            is_negated = False
    return any(alternatives)


def _is_any_word(word: str) -> bool:
    return _is_any_value(word.rpartition(":")[2]) or (word.startswith("-") and len(word) > 1)


def _is_any_value(value: str) -> bool:
    """Stars, and marks that stand for one character each: nothing that a word would have to hold."""
    return "*" in value and not value.strip("*?")
