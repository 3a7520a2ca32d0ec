"""How much a query looks at: which of its sources, a metric or a kind of events, it restricts to nothing in particular.

A filter that every series passes which has the tag at all (`service:*`), or that only leaves some out (`!env:dev`), is
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from generator.plan.search_breadth import is_any_value, searches_all
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

_ESCAPE = re.compile(r'\\(["\\])')

Sources = Iterator[tuple[str, bool]]
"""Name, and whether all of it is looked at."""


def watched(payload: Payload) -> tuple[object, ...]:
    """Where the queries of a monitor or an SLO stand."""
    return payload.get("query"), _mapping(payload.get("options")).get("variables"), payload.get("sli_specification")


def breadths(payload: Payload) -> Mapping[str, frozenset[bool]]:
    """By source: whether the queries look at all of it, at a part, or at both in different places."""
    found: dict[str, set[bool]] = {}
    for name, is_all in _sources(payload):
        found.setdefault(name, set()).add(is_all)
    return {name: frozenset(breadth) for name, breadth in found.items()}


def _sources(payload: Payload) -> Sources:
    query, variables, specification = watched(payload)
    if isinstance(query, str):
        yield from _of_monitor(str(payload.get("type")), query)
    for part in _mapping(query).values():  # the good events and all events of an SLO
        yield from _of_metrics(part)
    for variable in (*_list(variables), *_of_specification(specification)):
        yield from _of_variable(_mapping(variable))


def _of_monitor(monitor_type: str, query: str) -> Sources:
    parsed = parse_monitor(monitor_type, query) if monitor_type in GRAMMARS else None
    if isinstance(parsed, ChainQuery):
        yield from _of_chain(parsed)
    if parsed is not None and not isinstance(parsed, SyntaxProblem):
        yield from _of_leaves(leaves(parsed))


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


def _of_specification(specification: object) -> Iterator[object]:
    """The queries of an SLO by counts have one place, those of one by slices of time another."""
    for part in _mapping(specification).values():
        yield from _list(_mapping(part).get("queries"))
        yield from _list(_mapping(_mapping(part).get("query")).get("queries"))


def _of_variable(variable: Mapping[str, object]) -> Sources:
    query, search = variable.get("query"), variable.get("search")
    if isinstance(query, str):
        yield from _of_metrics(query)
    elif isinstance(search, Mapping) or "compute" in variable:
        text = _mapping(search).get("query")
        yield str(variable.get("data_source")), searches_all(text if isinstance(text, str) else "")


def _of_metrics(query: object) -> Sources:
    parsed = parse_dashboard_query(query) if isinstance(query, str) else None
    if parsed is not None and not isinstance(parsed, SyntaxProblem):
        yield from _of_leaves(leaves(parsed))


def _is_all(scope: Scope) -> bool:
    match scope:
        case Everything() | Not():
            return True
        case Tag(value=value):
            return value is not None and is_any_value(value)
        case Terms(operands=operands) | AllOf(operands=operands):
            return all(map(_is_all, operands))
        case AnyOf(operands=operands):
            return any(map(_is_all, operands))
        case Membership(values=values, negated=negated):
            return negated or any(map(is_any_value, values))
    return False


def _is_any_tag(text: str) -> bool:
    return is_any_value(text.rpartition(":")[2]) or text.startswith("!")


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
