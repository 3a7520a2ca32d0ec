"""Every function, modifier and method in words."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.explain.chain_methods import argument_text, duration_of
from generator.explain.durations import span_words, window_words
from generator.explain.expressions import expression_words
from generator.explain.phrases import LONGEST_CODE, number
from generator.explain.words import explain_monitor, explain_query
from generator.query.function import Groups, Kind, Parameter
from generator.query.functions import FUNCTIONS
from generator.query.inspection import leaves
from generator.query.methods import WINDOW_METHODS
from generator.query.nodes import (
    Call,
    ChainQuery,
    Expression,
    Grouping,
    MetricQuery,
    MonitorQuery,
    Number,
    Scope,
    StringLiteral,
)
from generator.query.parser import SyntaxProblem, parse_dashboard_query, parse_monitor
from generator.query.printer import print_query
from tests.query.strategies import chains, expressions, monitors, queries, scopes

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
    parsed = parse_monitor(kind, query)

    assert not isinstance(parsed, SyntaxProblem)
    assert explain_query(parsed, kind) == words


@pytest.mark.parametrize(("kind", "query", "words"), ROWS, ids=[row[1][:70] for row in ROWS])
def test_a_monitor_without_options_is_told_as_its_query_is(kind: str, query: str, words: str) -> None:
    assert explain_monitor({"type": kind, "query": query}) == words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("avg:a{x:y} by {host}", "Shows the average of `a` in `x:y` for each host."),
        ("avg:a{x:y}, sum:b{*}", "Shows the average of `a` in `x:y` and the sum of `b`."),
        ("avg:a{x:y} - sum:b{x:y}", "Shows the average of `a` minus the sum of `b`, all in `x:y`."),
        ("week_before(avg:a{*})", "Shows the average of `a`. It looks at what happened 7 days before."),
        ("top(avg:a{*} by {host}, 5, 'max', 'asc')",
         "Shows the average of `a` (only the 5 groups with the lowest maximum) for each host."),
    ],
)  # fmt: skip
def test_a_query_of_a_dashboard_is_told_as_what_it_shows(query: str, words: str) -> None:
    parsed = parse_dashboard_query(query)

    assert not isinstance(parsed, SyntaxProblem)
    assert explain_query(parsed) == words


def argument(parameter: Parameter) -> Expression:
    text = parameter.choices[0] if parameter.choices else "p95"
    return ARGUMENTS.get(parameter.kind, StringLiteral(text))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_of_the_table_has_words(name: str) -> None:
    function = FUNCTIONS[name]
    call = Call(name, tuple(argument(each) for each in function.parameters if each.name != "other"))
    groups = "" if function.groups is Groups.NONE else " for each host"
    pieces = [piece for piece in re.split(r"\{[0-9]\}", function.words) if piece.strip()]

    words = explain_query(call)

    assert words.startswith("Shows ")
    assert f"{groups}." in words
    # A shift by a fixed time is told after the rest, once for all metrics.
    assert " It looks " in words or (pieces and all(piece in words for piece in pieces))


def threshold_texts(query: MonitorQuery) -> set[str]:
    """How a threshold may be told: as it is, without its sign, as a share of a time."""
    if isinstance(query.threshold, str):
        return {"`critical_query`"}
    return {number(query.threshold), number(abs(query.threshold)), number(float(f"{query.threshold * 100:.12g}"))}


def is_told_without_threshold(query: MonitorQuery) -> bool:
    is_outlier = isinstance(query.expression, Call) and query.expression.name == "outliers"
    return query.threshold == 0 and (is_outlier or query.aggregation.change is not None)


@settings(max_examples=150, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(monitors)
def test_nothing_of_a_metric_query_is_left_out(query: MonitorQuery) -> None:
    words = explain_query(query)

    assert words.startswith("Alerts")
    assert [leaf.metric for leaf in leaves(query) if f"`{leaf.metric}`" not in words] == []
    scopes = {print_query(leaf.scope) for leaf in leaves(query)} - {"*"}
    assert [scope for scope in scopes if f"`{scope}`" not in words] == []
    assert span_words(window_words(query.aggregation.window)) in words
    if query.aggregation.change:
        assert f"{window_words(query.aggregation.change.shift)} earlier" in words
    assert is_told_without_threshold(query) or any(text in words for text in threshold_texts(query))


def bare(text: str) -> str:
    """The text without quotes and escapes, on one line."""
    return " ".join(text.replace("\\", "").replace('"', "").split())


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(chains)
def test_nothing_of_a_chain_is_left_out(query: tuple[str, ChainQuery]) -> None:
    monitor_type, chain = query
    windows = [method for method in chain.methods if method.name in WINDOW_METHODS]
    # What is longer than that is cut.
    short = [method for method in chain.methods if len(print_query(method)) <= LONGEST_CODE]
    other = [method for method in short if method.name in ("anomaly", "exclude", "over")]

    words = explain_query(chain, monitor_type)

    assert number(chain.threshold) in words
    told = {span_words(duration_of(argument_text(argument))) for each in windows for argument in each.args}
    assert [span for span in told if span not in words] == []
    texts = {bare(argument_text(argument)) for each in other for argument in each.args} - {"*"}
    assert [text for text in texts if text not in bare(words)] == []


@settings(max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(expressions, scopes, queries.map(lambda pair: pair[1])))
def test_any_tree_is_told_on_one_line(node: Any) -> None:
    words = explain_query(node) if not isinstance(node, Scope) else expression_words(MetricQuery("a", scope=node))

    assert words
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
