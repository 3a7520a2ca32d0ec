"""What rules on dashboards share: the queries of widgets, and the template variables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from generator.lint.rule import Field

_METRIC_SOURCES: Final = frozenset({"metrics", "cloud_cost"})
_VARIABLE: Final = re.compile(r"\$([A-Za-z_][\w.-]*)")
_PARTS_OF_A_VARIABLE: Final = (".value", ".key")


class WidgetText(NamedTuple):
    """A text of a widget and where it stands in the payload; `is_metric` where it is a metric query."""

    field: Field
    text: str
    is_metric: bool


def widget_queries(payload: Mapping[str, Any]) -> Iterator[WidgetText]:
    """The queries of all widgets, also inside groups, in the order of the text."""
    for field, value in _mappings(payload):
        yield from _queries(field, value)


def _mappings(payload: Mapping[str, Any]) -> Iterator[tuple[Field, Mapping[str, Any]]]:
    waiting: list[tuple[Field, Any]] = [(("widgets",), payload.get("widgets"))]
    while waiting:
        field, value = waiting.pop()
        if isinstance(value, Mapping):
            yield field, value
            waiting.extend(reversed([((*field, key), inner) for key, inner in value.items()]))
        elif isinstance(value, list):
            waiting.extend(reversed([((*field, index), inner) for index, inner in enumerate(value)]))


def _queries(field: Field, value: Mapping[str, Any]) -> Iterator[WidgetText]:
    text, source = value.get("query"), value.get("data_source")
    if isinstance(text, str) and isinstance(source, str):
        yield WidgetText((*field, "query"), text, source in _METRIC_SOURCES)
    older = value.get("q")
    if isinstance(older, str) and "events" not in field:
        yield WidgetText((*field, "q"), older, is_metric=True)


class Formula(NamedTuple):
    """A formula with the names of the queries that stand beside it."""

    field: Field
    text: str
    queries: tuple[str, ...]


def widget_formulas(payload: Mapping[str, Any]) -> Iterator[Formula]:
    for field, value in _mappings(payload):
        queries, formulas = value.get("queries"), value.get("formulas")
        if isinstance(queries, list) and isinstance(formulas, list):
            named = tuple(
                str(each.get("name") or f"query{position}")
                for position, each in enumerate(queries, start=1)
                if isinstance(each, Mapping)
            )
            for index, each in enumerate(formulas):
                text = each.get("formula") if isinstance(each, Mapping) else None
                if isinstance(text, str):
                    yield Formula((*field, "formulas", index, "formula"), text, named)


class Use(NamedTuple):
    """A `$name` in a text."""

    name: str
    start: int
    end: int


def uses(text: str) -> Iterator[Use]:
    for match in _VARIABLE.finditer(text) if "$" in text else ():
        yield Use(match[1].rstrip(".-"), match.start(), match.end())


def names(use: str, variable: str) -> bool:
    """Whether what follows a dollar sign is the variable, one part of it, or the variable before a dot."""
    if use == variable or use.startswith(f"{variable}."):
        return True
    return any(use == f"{variable}{part}" for part in _PARTS_OF_A_VARIABLE)


def template_variables(payload: Mapping[str, Any]) -> tuple[tuple[int, str], ...]:
    """Position and name of each."""
    variables = payload.get("template_variables")
    return tuple(
        (index, each["name"])
        for index, each in enumerate(variables if isinstance(variables, list) else ())
        if isinstance(each, Mapping) and isinstance(each.get("name"), str)
    )
