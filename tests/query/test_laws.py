"""Laws that hold for every tree and every text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.explain.words import explain_query
from generator.query import nodes as tree
from generator.query.doubts import doubts
from generator.query.nodes import Node
from generator.query.parser import (
    GRAMMARS,
    SyntaxProblem,
    parse_dashboard_query,
    parse_expression,
    parse_formula,
    parse_monitor,
    parse_scope,
)
from generator.query.printer import print_query
from tests.query.strategies import dashboard_queries, expressions, formulas, queries, scopes

law = settings(
    derandomize=True, max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@law
@given(queries)
def test_a_printed_query_parses_to_the_same_tree_and_prints_the_same(query: tuple[str, Node]) -> None:
    monitor_type, node = query
    text = print_query(node)

    parsed = parse_monitor(monitor_type, text)

    assert parsed == node, text
    assert print_query(parsed) == text


@law
@given(expressions)
def test_a_printed_expression_parses_to_the_same_tree(node: Node) -> None:
    text = print_query(node)

    assert parse_expression(text) == node, text


@law
@given(formulas)
def test_a_printed_formula_parses_to_the_same_tree(node: Node) -> None:
    text = print_query(node)

    assert parse_formula(text) == node, text
    assert print_query(node) == text


@law
@given(dashboard_queries)
def test_a_printed_query_of_a_dashboard_parses_to_the_same_tree(node: Node) -> None:
    text = print_query(node)

    assert parse_dashboard_query(text) == node, text


@law
@given(scopes)
def test_a_printed_scope_parses_to_the_same_tree(node: Node) -> None:
    text = print_query(node)

    assert parse_scope(text) == node, text


def parts(node: Node) -> Iterator[Node]:
    """Yield the nodes directly below a node."""
    waiting: list[object] = [getattr(node, name) for name in type(node).__match_args__]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            waiting.extend(value)


def assert_spans_lie_inside(node: Node, text: str) -> None:
    for part in parts(node):
        assert node.span[0] <= part.span[0] <= part.span[1] <= node.span[1], (text, node.span, part)
        assert text[slice(*part.span)] == text[slice(*part.span)].strip()
        assert part.span != tree.NOWHERE
        assert_spans_lie_inside(part, text)


@law
@given(queries, st.sampled_from(["", " ", "\n  "]))
def test_every_node_of_a_parsed_query_knows_its_place(query: tuple[str, Node], blank: str) -> None:
    monitor_type, node = query
    text = blank + print_query(node) + blank

    parsed = parse_monitor(monitor_type, text)

    assert isinstance(parsed, Node)
    assert text[slice(*parsed.span)] == text.strip()
    assert_spans_lie_inside(parsed, text)


@law
@given(expressions)
def test_the_text_at_an_expressions_span_is_that_expression(node: Node) -> None:
    text = print_query(node)
    parsed = parse_expression(text)
    assert isinstance(parsed, tree.Expression)

    for part in parts(parsed):
        if isinstance(part, tree.MetricQuery | tree.Call | tree.Number | tree.Binary):
            assert parse_expression(text[slice(*part.span)]) == part


@law
@given(queries)
def test_doubts_lie_inside_the_text(query: tuple[str, Node]) -> None:
    monitor_type, node = query
    text = print_query(node)
    parsed = parse_monitor(monitor_type, text)
    assert not isinstance(parsed, SyntaxProblem)

    for doubt in doubts(parsed):
        assert 0 <= doubt.span[0] < doubt.span[1] <= len(text)
        assert (doubt.message + doubt.hint).isprintable()


FRAGMENTS = (Path(__file__).parent / "cases/fragments.txt").read_text(encoding="utf-8").splitlines()
noise = st.text(max_size=60)
almost = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        noise,
    ),
    max_size=20,
).map("".join)


@law
@given(st.sampled_from([*sorted(GRAMMARS), "none"]), st.one_of(noise, almost))
def test_any_text_gives_a_tree_or_a_problem_inside_the_text(monitor_type: str, text: str) -> None:
    for found in (parse_monitor(monitor_type, text), parse_expression(text), parse_scope(text)):
        assert isinstance(found, Node | SyntaxProblem)
        if isinstance(found, SyntaxProblem):
            assert 0 <= found.start <= found.end <= len(text)
            assert found.message
            assert (found.message + found.hint).isprintable()


MONSTERS = [
    "(",
    "{",
    "'\\",
    '"',
    "-",
    "!",
    "abs(",
    "NOT ",
    "1+",
    "1 ",
    "a,",
    "a.",
    "a:b AND ",
    "a:b AND (",
    "%{a/",
    "&&1",
    "1&&(",
    "9",
    ".as_count()",
    ".last(",
    "avg:a{b:c}+",
    "}{",
    "\\",
]
OPENINGS = ["", "avg(last_5m):", "avg(last_5m):avg:a{", "avg(last_5m):avg:a{*}", 'logs("a")', "logs(", '"a"']


@pytest.mark.parametrize("monster", MONSTERS)
@pytest.mark.parametrize("opening", OPENINGS)
def test_a_huge_text_is_answered_at_once(opening: str, monster: str) -> None:
    """Whoever scans it more than once per character would not come back within the time of a test run."""
    text = opening + monster * 10_000

    for monitor_type in ("metric alert", "log alert", "service check", "composite"):
        answer_everything(monitor_type, text)
    assert isinstance(parse_scope(text), SyntaxProblem | Node)


def answer_everything(monitor_type: str, text: str) -> Node | SyntaxProblem:
    """Parse, doubt, print and tell."""
    found = parse_monitor(monitor_type, text)
    if not isinstance(found, SyntaxProblem):
        doubts(found)
        assert parse_monitor(monitor_type, print_query(found)) == found
        assert explain_query(found, monitor_type)
    return found


LONG = [
    ("metric alert", "avg(last_5m):avg:a{b IN (", "v{n},", "v)} > 1"),
    ("metric alert", "avg(last_5m):avg:a{b IN (", "v,", "v)} > 1"),
    ("metric alert", "avg(last_5m):avg:a{", "b:c{n},", "b:c} > 1"),
    ("metric alert", "avg(last_5m):avg:a{", "$b,", "b:c} > 1"),
    ("metric alert", "avg(last_5m):avg:a{", "b:c OR ", "b:c} > 1"),
    ("metric alert", "avg(last_5m):avg:a{*} by {", "k{n},", "k} > 1"),
    ("metric alert", "avg(last_5m):avg:a{*} by {", "k,", "k} > 1"),
    ("metric alert", "avg(last_5m):avg:a{*}", ".fill(zero)", " > 1"),
    ("metric alert", "avg(last_5m):avg:a{*}.rollup(sum, daily", ", 'UTC'", ") > 1"),
    ("metric alert", "avg(last_4h):anomalies(avg:a{*}, 'agile', 2", ", interval=60", ") > 1"),
    ("metric alert", "avg(last_5m):avg:a{*}/avg(avg:b{*}, { ", "k{n},", "k }) > 1"),
    ("cost alert", 'formula("new(a', ", a", ')").last("7d") > 1'),
    ("cost alert", 'formula("new(a', ', \\"b\\"', ')").last("7d") > 1'),
    ("log alert", 'logs("a").index("*").rollup("count")', '.by("b")', '.last("5m") > 1'),
    ("log alert", 'logs("a', '(b OR \\"c\\") ', '").index("*").rollup("count").last("5m") > 1'),
    ("cost alert", 'formula("a").last("7d").anomaly(x=1', ", x=1", ") > 1"),
    ("composite", "1", " && {n}", ""),
    ("composite", "1", " || 1", ""),
]


@pytest.mark.parametrize(("monitor_type", "start", "part", "end"), LONG)
def test_a_long_query_is_doubted_printed_and_told_at_once(monitor_type: str, start: str, part: str, end: str) -> None:
    """Whoever compares each of its parts with each other would not come back within the time of a test run."""
    text = start + "".join(part.replace("{n}", str(number)) for number in range(20_000)) + end

    assert isinstance(answer_everything(monitor_type, text), Node)


DEEPEST = [
    "(" * 64 + "1" + ")" * 64,
    "abs(" * 63 + "avg:a{(b:c)}" + ")" * 63,
    "-abs(" * 64 + "avg:a{*}" + ")" * 64,
    "avg:a{" + "NOT (b:c AND " * 64 + "d:e" + ")" * 64 + "}",
    "avg:a{*}" + " + avg:a{*}" * 149,
    "1 - (" * 64 + "1" + ")" * 64,
]


def below(frames: int, run: Callable[[], None]) -> None:
    """Run where the caller has used up part of Python's stack."""
    if frames:
        below(frames - 1, run)
    else:
        run()


@pytest.mark.parametrize("text", DEEPEST)
def test_trees_as_deep_as_allowed_can_be_compared_and_printed_deep_in_a_program(text: str) -> None:
    def compare_and_print() -> None:
        node = parse_expression(text)
        assert isinstance(node, Node), node
        assert parse_expression(print_query(node)) == node
        assert hash(node) == hash(parse_expression(text))

    below(250, compare_and_print)


@pytest.mark.parametrize("text", ["(" * 65 + "1" + ")" * 65, "1" + " + 1" * 150, "avg:a{" + "NOT (" * 65 + "b:c}"])
def test_deeper_trees_are_refused(text: str) -> None:
    problem = parse_expression(text)

    assert isinstance(problem, SyntaxProblem)
    assert "more than" in problem.message
