"""Metric queries with formulas: /api/v2/query/timeseries and /api/v2/query/scalar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.lines import AGGREGATIONS, Group, Line, Span
from generator.localdog.metric_queries import MAX_CHARACTERS, evaluated, parsed, span_of
from generator.localdog.organisation import Json, Organisation, Payload
from generator.localdog.wire import answer_json_api, body_object, rejected
from generator.query.nodes import Expression, Name
from generator.query.parser import parse_formula
from generator.query.problem import SyntaxProblem

MOST_QUERIES = 50
FAILED = "API input validation failed: "


def routes(organisation: Organisation) -> list[Route]:
    queries = FormulaQueries(organisation)
    return [
        Route("/api/v2/query/timeseries", queries.timeseries, methods=["POST"]),
        Route("/api/v2/query/scalar", queries.scalar, methods=["POST"]),
    ]


@dataclass(frozen=True)
class Asked:
    """Formulas over named queries; a formula that is only a name is that query."""

    span: Span
    formulas: tuple[Expression, ...]
    queries: Mapping[str, Expression]
    aggregators: Mapping[str, str]


@dataclass(frozen=True)
class FormulaQueries:
    organisation: Organisation

    async def timeseries(self, request: Request) -> Response:
        asked = asked_of(await body_object(request), "timeseries_request")
        lines = [(number, line) for number, found in enumerate(self._lines(asked)) for line in found]
        times = sorted({start for _, line in lines for start in line.values})
        series = [{"group_tags": list(line.group), "query_index": number, "unit": None} for number, line in lines]
        values = [[line.values.get(start) for start in times] for _, line in lines]
        attributes = {"series": series, "times": [start * 1000 for start in times], "values": values}
        return answer_json_api({"data": {"id": "0", "type": "timeseries_response", "attributes": attributes}})

    async def scalar(self, request: Request) -> Response:
        """One number for each group: a query's own aggregator says how its values become one."""
        asked = asked_of(await body_object(request), "scalar_request")
        found = self._lines(asked)
        groups = sorted({line.group for lines in found for line in lines})
        columns = group_columns(groups)
        for number, (formula, lines) in enumerate(zip(asked.formulas, found, strict=True)):
            method = asked.aggregators.get(formula.text, "avg") if isinstance(formula, Name) else "avg"
            columns.append(number_column(f"formula{number + 1}", groups, reduced(lines, method)))
        return answer_json_api({"data": {"id": "0", "type": "scalar_response", "attributes": {"columns": columns}}})

    def _lines(self, asked: Asked) -> list[tuple[Line, ...]]:
        return [evaluated(self.organisation, each, asked.span, named=asked.queries) for each in asked.formulas]


def asked_of(body: Payload, type_: str) -> Asked:
    data: Json = body.get("data")
    if not isinstance(data, dict) or data.get("type") != type_:
        raise rejected(f'{FAILED}Invalid type. Expected "{type_}".')
    attributes: Json = data.get("attributes")
    if not isinstance(attributes, dict):
        raise rejected(f"{FAILED}attributes are required.")
    queries = [named_query(each) for each in listed(attributes, "queries")]
    texts = [formula_text(each) for each in listed(attributes, "formulas")] or [name for name, _, _ in queries]
    span = span_of(seconds(attributes, "from"), seconds(attributes, "to"))
    interval: Json = attributes.get("interval")
    if isinstance(interval, int) and 1000 <= interval < 2**50:
        span = Span(span.first, span.end, interval // 1000)
    return Asked(
        span,
        tuple(formula_of(text) for text in texts),
        {name: parsed(text) for name, text, _ in queries},
        {name: aggregator for name, _, aggregator in queries},
    )


def listed(attributes: Payload, name: str) -> list[Json]:
    found: Json = attributes.get(name) or []
    if not isinstance(found, list) or len(found) > MOST_QUERIES:
        raise rejected(f"{FAILED}{name} are a list of at most {MOST_QUERIES}.")
    return found


def named_query(query: Json) -> tuple[str, str, str]:
    if not isinstance(query, dict) or not isinstance(query.get("query"), str):
        raise rejected(f"{FAILED}a query is required.")
    if query.get("data_source") not in {"metrics", "cloud_cost"}:
        raise rejected(f"The local Datadog does not evaluate the data source `{query.get('data_source')}`")
    name, aggregator = query.get("name", "a"), query.get("aggregator", "avg")
    if not isinstance(name, str) or aggregator not in AGGREGATIONS:
        raise rejected(f"The local Datadog does not evaluate the aggregator `{aggregator}`")
    return name, query["query"], aggregator


def formula_text(formula: Json) -> str:
    if not isinstance(formula, dict) or not isinstance(formula.get("formula"), str):
        raise rejected(f"{FAILED}a formula is required.")
    text: str = formula["formula"]
    return text


def formula_of(text: str) -> Expression:
    found = parse_formula(text[:MAX_CHARACTERS])
    if isinstance(found, SyntaxProblem):
        raise rejected(f"Error parsing formula: {found.message} at character {found.start}")
    return found


def seconds(attributes: Payload, name: str) -> int:
    """Times of version 2 are in milliseconds."""
    found: Json = attributes.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < 2**50:
        raise rejected(f"{FAILED}{name} is required.")
    return found // 1000


def reduced(lines: tuple[Line, ...], method: str) -> dict[Group, float]:
    aggregate = AGGREGATIONS[method]
    return {
        line.group: float(aggregate([line.values[start] for start in sorted(line.values)]))
        for line in lines
        if line.values
    }


def group_columns(groups: list[Group]) -> list[Payload]:
    keys = dict.fromkeys(tag.partition(":")[0] for group in groups for tag in group)
    return [{"name": key, "type": "group", "values": [values_of(group, key) for group in groups]} for key in keys]


def values_of(group: Group, key: str) -> list[str]:
    prefix = f"{key}:"
    return [tag.removeprefix(prefix) for tag in group if tag.startswith(prefix)]


def number_column(name: str, groups: list[Group], values: dict[Group, float]) -> Payload:
    return {"name": name, "type": "number", "values": [values.get(group) for group in groups], "meta": {"unit": None}}
