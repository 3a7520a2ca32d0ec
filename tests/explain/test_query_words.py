"""Every function, modifier and method in words."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from generator.explain.words import explain_monitor
from generator.query.functions import FUNCTIONS, Kind, Parameter
from generator.query.nodes import (
    Call,
    Expression,
    Grouping,
    MetricQuery,
    MonitorQuery,
    Node,
    Number,
    StringLiteral,
    TimeAggregation,
    Window,
)
from generator.query.parser import SyntaxProblem, parse_monitor
from generator.query.printer import print_query
from tests.query.strategies import queries

CORPUS = Path(__file__).parents[2] / "../shared/corpus/monitor_queries.tsv"
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "query_words.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
FALLBACK = re.compile(rf"`(?:{'|'.join(FUNCTIONS)})` of ")
ARGUMENTS: dict[Kind, Expression] = {
    Kind.EXPRESSION: MetricQuery("a.b", "avg", group_by=("host",)),
    Kind.NUMBER: Number(5),
    Kind.WHOLE_NUMBER: Number(60),
    Kind.SHIFT: StringLiteral("-1d"),
    Kind.TIMEZONE: StringLiteral("UTC"),
    Kind.GROUPING: Grouping(("host",)),
}


@pytest.mark.parametrize(("kind", "query", "words"), ROWS, ids=[row[1][:70] for row in ROWS])
def test_a_query_is_told_in_words(kind: str, query: str, words: str) -> None:
    assert explain_monitor({"type": kind, "query": query}) == words


def argument(parameter: Parameter) -> Expression:
    text = parameter.choices[0] if parameter.choices else "p95"
    return ARGUMENTS.get(parameter.kind, StringLiteral(text))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_of_the_table_has_words(name: str) -> None:
    parameters = [each for each in FUNCTIONS[name].parameters if each.name != "other"]
    call = Call(name, tuple(map(argument, parameters)))
    window = Window("next" if name == "forecast" else "last", 1, "w")
    query = print_query(MonitorQuery(TimeAggregation("max", window), call, ">", 0.5))

    words = explain_monitor({"type": "query alert", "query": query})

    assert words.startswith("Alerts for each host when "), query
    assert not FALLBACK.search(words)


@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(queries)
def test_any_query_is_told_on_one_line(query: tuple[str, Node]) -> None:
    monitor_type, node = query

    words = explain_monitor({"type": monitor_type, "query": print_query(node)})

    assert words.startswith("Alerts")
    assert "\n" not in words


def test_every_query_of_the_corpus_is_told_in_words() -> None:
    if not CORPUS.exists():
        pytest.skip("the corpus of real queries, ../shared/corpus, is not here")
    untold = []
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        kind, text, _, encoding = line.split("\t")[:4]
        query = json.loads(text) if encoding == "json" else text
        words = explain_monitor({"type": kind, "query": query})
        if not isinstance(parse_monitor(kind, query), SyntaxProblem) and (
            not words.startswith("Alerts") or FALLBACK.search(words)
        ):
            untold.append((query, words))

    assert untold == []
