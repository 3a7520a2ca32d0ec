"""Metric queries: /api/v1/query, answered from what intake stored; and which metrics there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from generator.localdog.lines import Line, Span, starts, step_of
from generator.localdog.organisation import Organisation, Payload
from generator.localdog.unevaluated import NotEvaluated
from generator.localdog.wire import answer, rejected, whole_number
from generator.query.nodes import Expression, MetricQuery, QueryList
from generator.query.parser import parse_dashboard_query
from generator.query.printer import print_query
from generator.query.problem import SyntaxProblem

MAX_CHARACTERS = 20_000
LONGEST_SPAN = 500 * 86_400


def routes(organisation: Organisation) -> list[Route]:
    queries = MetricQueries(organisation)
    return [
        Route("/api/v1/query", queries.query, methods=["GET"]),
        Route("/api/v1/metrics", queries.metrics, methods=["GET"]),
        Route("/api/v1/search", queries.search, methods=["GET"]),
    ]


@dataclass(frozen=True)
class MetricQueries:
    organisation: Organisation

    async def query(self, request: Request) -> Response:
        text = request.query_params.get("query", "")
        span = span_of(required(request, "from"), required(request, "to"))
        expression = parsed(text)
        queries = expression.queries if isinstance(expression, QueryList) else (expression,)
        found = [
            described(query, line, span, number)
            for number, query in enumerate(queries)
            for line in evaluated(self.organisation, query, span)
        ]
        groups = {tag.partition(":")[0]: None for each in found for tag in each["tag_set"]}
        return answer(
            {
                "status": "ok", "resp_version": 1, "series": found, "from_date": span.first * 1000,
                "to_date": span.end * 1000, "query": text, "group_by": list(groups), "message": "",
                "res_type": "time_series", "times": [], "values": [],
            }
        )  # fmt: skip

    async def metrics(self, request: Request) -> Response:
        """The metrics that sent a point since a time."""
        first = required(request, "from")
        return answer({"from": str(first), "metrics": self.organisation.store.series.metrics_since(first)})

    async def search(self, request: Request) -> Response:
        """The old search: `metrics:cpu` asks for metrics by a part of their name."""
        facet, _, part = request.query_params.get("q", "").rpartition(":")
        if facet not in {"", "metrics"}:
            return answer({"results": {facet: []}})
        names = self.organisation.store.series.metrics_since(0)
        return answer({"results": {"metrics": [name for name in names if part in name]}})


def required(request: Request, name: str) -> int:
    """The words are those of monitors."""
    number = whole_number(request, name)
    if number is None:
        raise rejected(f"The parameter '{name}' is required")
    return number


def span_of(first: int, end: int) -> Span:
    if not 0 < end - first <= LONGEST_SPAN:
        raise rejected(f"The timeframe is incorrect: invalid from {first} or to {end} timestamp")
    return Span(first, end, step_of(end - first))


def parsed(text: str) -> Expression:
    """The first words about a query that cannot be parsed are reported, the rest are our parser's."""
    if len(text) > MAX_CHARACTERS:
        raise rejected(f"Error parsing query: it has more than {MAX_CHARACTERS} characters")
    found = parse_dashboard_query(text)
    if isinstance(found, SyntaxProblem):
        raise rejected(f"Error parsing query: {found.message} at character {found.start}")
    return found


def evaluated(
    organisation: Organisation, query: Expression, span: Span, *, named: Mapping[str, Expression] = MappingProxyType({})
) -> tuple[Line, ...]:
    """`named` are the queries that a formula's names stand for."""
    from generator.localdog.numeric.queries import lines  # noqa: PLC0415 it loads numpy, which no start pays for

    try:
        return lines(query, named, organisation.store.series, span)
    except NotEvaluated as error:
        raise rejected(str(error)) from error


def described(query: Expression, line: Line, span: Span, number: int) -> Payload:
    """One series of the answer; a bucket without a value is a null, as in the recorded answers."""
    whole = list(starts(span, line.interval)) if line.values else []
    scope = ",".join(line.group)
    if isinstance(query, MetricQuery):
        metric, space = query.metric, query.space if isinstance(query.space, str) else None
        scope = scope or print_query(query.scope)
        expression = f"{space}:{metric}{{{scope}}}" if space else f"{metric}{{{scope}}}"
    else:
        metric, space, expression = print_query(query), None, print_query(query)
    return {
        "metric": metric, "display_name": metric, "expression": expression, "scope": scope or "*",
        "tag_set": list(line.group), "query_index": number, "aggr": space, "interval": line.interval,
        "length": len(whole), "start": whole[0] * 1000 if whole else span.first * 1000,
        "end": (whole[-1] + line.interval) * 1000 - 1000 if whole else span.end * 1000,
        "unit": None, "attributes": {}, "pointlist": [[start * 1000, line.values.get(start)] for start in whole],
    }  # fmt: skip
