"""Laws that hold for every tree and every text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.query import nodes as tree
from generator.query.functions import FUNCTIONS
from generator.query.nodes import Node
from generator.query.parser import GRAMMARS, SyntaxProblem, parse_expression, parse_monitor, parse_scope
from generator.query.printer import print_query

law = settings(
    derandomize=True, max_examples=120, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)

names = st.sampled_from(["a", "interval", "query1", "_x9", "Threshold"])
metrics = st.sampled_from(["a.b", "system.load.1", "a.5xx_b", "A.b_C.d", "last_5m.x", "avg.by"])
keys = st.sampled_from(["env", "a-b", "host.name", "k_1", "x/y", "android"])
values = st.sampled_from(["prod", "web-*", "*a", "*", "/dev/x", "24_hours", "b:c", "$v.value", "é", "notes"])
integers = st.integers(-(10**12), 10**12)
numbers = st.one_of(integers, st.floats(-1e20, 1e20, allow_nan=False))
literals = st.builds(tree.Number, numbers)
strings = st.builds(tree.StringLiteral, st.text('a ,(){}<>="-', max_size=6))
words = st.builds(tree.Name, names)

tags = st.builds(tree.Tag, keys, st.one_of(st.none(), values, st.just("")))
terms = st.one_of(tags, st.builds(tree.Variable, st.sampled_from(["env", "host.value"])), st.just(tree.EVERYTHING))
symbolic = st.lists(st.one_of(terms, st.builds(tree.Not, terms)), min_size=2, max_size=4).map(
    lambda found: tree.Terms(tuple(found))
)
memberships = st.builds(tree.Membership, keys, st.lists(values, min_size=1, max_size=3).map(tuple), st.booleans())


def flat(kind: Callable[[tuple[Any, ...]], Node], parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    others = parts.filter(lambda part: type(part) is not kind)
    return st.lists(others, min_size=2, max_size=3).map(lambda found: kind(tuple(found)))


booleans = st.recursive(
    st.one_of(tags, memberships),
    lambda inner: st.one_of(flat(tree.AllOf, inner), flat(tree.AnyOf, inner), st.builds(tree.Not, inner)),
    max_leaves=5,
)
scopes = st.one_of(st.just(tree.EVERYTHING), terms, st.builds(tree.Not, terms), symbolic, booleans)

seconds = st.integers(1, 10**6)
rollups = st.one_of(
    st.builds(tree.Rollup, st.none(), seconds),
    st.builds(tree.Rollup, st.sampled_from(["sum", "p95"]), st.one_of(st.none(), seconds, st.just("daily"))),
    st.builds(tree.Rollup, st.just("avg"), st.just("daily"), st.lists(strings, max_size=2).map(tuple)),
)
fills = st.builds(tree.Fill, st.one_of(st.sampled_from(["zero", "last"]), numbers), st.one_of(st.none(), seconds))
modifiers = st.one_of(st.sampled_from([tree.AsCount(), tree.AsRate(), tree.Weighted()]), rollups, fills)
comparators = st.sampled_from([">", ">=", "<", "<=", "==", "!="])
spaces = st.one_of(
    st.sampled_from([None, "avg", "count", "p99.9"]), st.builds(tree.ThresholdCount, comparators, numbers)
)
leaves = st.builds(
    tree.MetricQuery,
    metrics,
    spaces,
    scopes,
    st.lists(keys, max_size=3).map(tuple),
    st.lists(modifiers, max_size=3).map(tuple),
)


def calls(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    arguments = st.one_of(inner, strings, st.builds(tree.Grouping, st.lists(keys, min_size=1, max_size=2).map(tuple)))
    keywords = st.tuples(names, st.one_of(strings, literals, words))
    return st.builds(
        tree.Call,
        st.sampled_from(sorted(FUNCTIONS)),
        st.lists(arguments, min_size=1, max_size=3).map(tuple),
        st.lists(keywords, max_size=2).map(tuple),
    )


expressions = st.recursive(
    st.one_of(leaves, literals),
    lambda inner: st.one_of(
        st.builds(tree.Binary, st.sampled_from("+-*/"), inner, inner), st.builds(tree.Unary, inner), calls(inner)
    ),
    max_leaves=6,
)
units = st.sampled_from(["m", "h", "d", "w", "mo"])
windows = st.builds(tree.Window, st.sampled_from(["last", "current", "next"]), st.integers(1, 999), units)
shifts = st.builds(tree.Window, st.sampled_from(["last", "ago"]), st.integers(1, 999), units)
changes = st.builds(tree.Change, st.sampled_from(["change", "pct_change"]), shifts)
aggregations = st.builds(tree.TimeAggregation, st.sampled_from(["avg", "max"]), windows, st.none() | changes)
monitors = st.builds(
    tree.MonitorQuery, aggregations, expressions, comparators, st.one_of(numbers, st.just("threshold"))
)

quoted = st.builds(
    tree.StringLiteral,
    st.lists(st.sampled_from(["a", "@b:c", "'", '\\"', "\\\\", "\\x", " ("])).map("".join),
    st.just('"'),
)
chain_words = st.builds(tree.Name, st.sampled_from(["10d", "job_name", "@usr.id", "*"]))
chain_arguments = st.lists(st.one_of(quoted, literals, chain_words), max_size=3).map(tuple)
chain_keywords = st.lists(st.tuples(names, st.one_of(quoted, literals)), max_size=2).map(tuple)
method_names = st.sampled_from(["index", "by", "over", "new", "rollup", "anomaly"])
methods = st.lists(st.builds(tree.Method, method_names, chain_arguments, chain_keywords), max_size=3)
durations = st.one_of(
    st.builds(tree.StringLiteral, st.sampled_from(["5m", "1mo"]), st.just('"')), st.just(tree.Name("10d"))
)
lasts = st.builds(tree.Method, st.just("last"), durations.map(lambda found: (found,)))


def ended(ends: st.SearchStrategy[tree.Method], *others: tree.Method) -> st.SearchStrategy[tuple[tree.Method, ...]]:
    return st.builds(lambda found, end: (*found, *others, end), methods, ends)


log_heads = st.lists(quoted, max_size=1).map(tuple)
logs = st.builds(
    tree.ChainQuery,
    st.just("logs"),
    log_heads,
    ended(lasts, tree.Method("rollup", (tree.StringLiteral("count", '"'),))),
    comparators,
    numbers,
)
counts = st.builds(tree.Method, st.just("last"), st.builds(lambda count: (tree.Number(count),), st.integers(1, 9)))
checks = st.builds(tree.ChainQuery, quoted, st.just(()), ended(counts, tree.Method("count_by_status")))
formula_texts = st.sampled_from(["query1", "a / (b + 1)", "top(a, 10, 'mean', 'desc')", "default_zero(q) * 100"])
formulas = st.builds(
    tree.ChainQuery,
    st.just("formula"),
    st.builds(lambda text: (tree.StringLiteral(text, '"'),), formula_texts),
    ended(lasts),
    comparators,
    numbers,
)

references = st.builds(tree.Reference, st.sampled_from(["a", "shop/api", "s.1/a-b/prod", "main/s/n.e/p"]))
operands = st.recursive(
    st.one_of(references, st.builds(tree.MonitorId, st.integers(0, 10**17))),
    lambda inner: st.one_of(flat(tree.Both, inner), flat(tree.Either, inner), st.builds(tree.Inverse, inner)),
    max_leaves=6,
)
queries = st.one_of(
    st.tuples(st.just("metric alert"), monitors),
    st.tuples(st.just("log alert"), logs),
    st.tuples(st.just("cost alert"), formulas),
    st.tuples(st.just("service check"), checks),
    st.tuples(st.just("composite"), st.builds(tree.CompositeQuery, operands)),
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
        assert isinstance(parse_monitor(monitor_type, text), SyntaxProblem | tree.Query)
    assert isinstance(parse_scope(text), SyntaxProblem | Node)


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
