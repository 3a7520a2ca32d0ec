from __future__ import annotations

import pytest

from generator.lint.walk import walk, walk_to
from generator.query.nodes import AllOf, AsCount, Binary, Call, Change, MetricQuery, Node, Rollup, Tag, Window
from generator.query.parser import parse_monitor
from generator.query.problem import SyntaxProblem

QUERIES = {
    "ratio": "sum(last_5m):sum:a.errors{env:a,!host:b}.as_count() / default_zero(sum:a.hits{*}.as_count()) > 2",
    "change": "pct_change(avg(last_5m),last_1h):avg:a.b{env:a AND (host:b OR host:c)} by {host}.rollup(max, 60) > 2",
    "anomalies": "avg(last_4h):anomalies(avg:a.b{*}, 'basic', 2, alert_window='last_15m', interval=60) >= 1",
    "negation": "avg(last_1h):-timeshift(avg:a.b{env:a}, -3600) - week_before(avg:a.b{NOT env IN (a, b)}) < 0",
}
CLASSES = (AllOf, AsCount, Binary, Call, Change, MetricQuery, Rollup, Tag, Window)


@pytest.mark.parametrize("node_class", CLASSES, ids=lambda each: each.__name__)
@pytest.mark.parametrize("name", QUERIES)
def test_walk_to_a_class_meets_all_of_it_in_the_order_of_the_text(name: str, node_class: type[Node]) -> None:
    tree = parse_monitor("query alert", QUERIES[name])
    assert not isinstance(tree, SyntaxProblem)

    met = [node for node in walk_to(frozenset((node_class,)), tree) if isinstance(node, node_class)]

    assert met == [node for node in walk(tree) if isinstance(node, node_class)]


def test_each_class_is_met_in_some_query() -> None:
    trees = [parse_monitor("query alert", text) for text in QUERIES.values()]

    met = {type(node) for tree in trees if not isinstance(tree, SyntaxProblem) for node in walk(tree)}

    assert met >= set(CLASSES)


def test_walk_to_what_a_query_cannot_hold_looks_into_nothing() -> None:
    tree = parse_monitor("log alert", 'logs("a").index("*").rollup("count").by("host").last("5m") > 2')
    assert not isinstance(tree, SyntaxProblem)

    assert list(walk_to(frozenset((Call,)), tree)) == [tree]
