"""What the names in the formula of a monitor stand for, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.explain.expressions import expression_words
from generator.explain.phrases import LONGEST_SCOPE, code, listed
from generator.explain.searches import found_by, measured
from generator.query.groups import result_groups
from generator.query.nodes import Expression
from generator.query.parser import parse_expression
from generator.query.problem import SyntaxProblem

_MOST = 6
_SOURCES = {
    "audit": "audit events",
    "ci_pipelines": "CI pipeline events",
    "ci_tests": "CI test events",
    "database_queries": "database queries",
    "events": "events",
    "logs": "logs",
    "network": "network flows",
    "network_path": "network paths",
    "rum": "RUM events",
    "spans": "spans",
}


def variables_sentence(variables: object) -> str:
    """`In it, `a` is the number of logs that match `status:error`.`; empty where there are none."""
    found = _mappings(variables)
    told = [f"{code(str(each.get('name')))} is {_words(each)}" for each in found[:_MOST]]
    rest = [f"{len(found) - _MOST} more stand for others"] if len(found) > _MOST else []
    return f"In it, {listed([*told, *rest])}." if told else ""


def variable_groups(variables: object) -> tuple[str, ...]:
    """The tag keys by which the variables are grouped, each once."""
    return tuple(dict.fromkeys(key for each in _mappings(variables) for key in _keys(each)))


def _words(variable: Mapping[str, Any]) -> str:
    expression = _expression(variable)
    if expression is not None:
        return expression_words(expression)
    source = str(variable.get("data_source") or "")
    subject = _SOURCES.get(source)
    if subject is None:
        return _unknown(variable, source)
    indexes = variable.get("indexes")
    named = [str(index) for index in indexes] if isinstance(indexes, list) else []
    compute = _mapping(variable.get("compute"))
    aggregation, metric = str(compute.get("aggregation") or ""), str(compute.get("metric") or "")
    measures = [metric] if metric not in ("", "count") else []
    return measured(aggregation, measures, found_by(subject, named, _search(variable)))


def _unknown(variable: Mapping[str, Any], source: str) -> str:
    text = str(variable.get("query") or _search(variable) or variable.get("filter") or "")
    measure = variable.get("measure")
    named = f"{code(str(measure))} of " if measure else ""
    return f"{named}{code(text or source, LONGEST_SCOPE)}"


def _expression(variable: Mapping[str, Any]) -> Expression | None:
    text = variable.get("query")
    parsed = parse_expression(text) if isinstance(text, str) and text else None
    return None if isinstance(parsed, SyntaxProblem) else parsed


def _keys(variable: Mapping[str, Any]) -> Iterator[str]:
    expression = _expression(variable)
    if expression is not None:
        yield from result_groups(expression)
    grouping = variable.get("group_by")
    for each in grouping if isinstance(grouping, list) else []:
        key = _mapping(each).get("facet") if isinstance(each, Mapping) else each
        if isinstance(key, str) and key:
            yield key


def _search(variable: Mapping[str, Any]) -> str:
    return str(_mapping(variable.get("search")).get("query") or "")


def _mappings(values: object) -> list[Mapping[str, Any]]:
    return [each for each in values if isinstance(each, Mapping)] if isinstance(values, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
