"""Trees made by hand: what no text gives is refused by name, all else is printed so that it parses to an equal tree."""

from __future__ import annotations

import pytest

from generator.query.nodes import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Binary,
    Both,
    Call,
    ChainQuery,
    Change,
    Either,
    Everything,
    Fill,
    Grouping,
    Inverse,
    Membership,
    Method,
    MetricQuery,
    MonitorId,
    MonitorQuery,
    Name,
    Node,
    Not,
    Number,
    QueryList,
    Reference,
    Rollup,
    StringLiteral,
    Tag,
    Terms,
    ThresholdCount,
    TimeAggregation,
    Unary,
    Variable,
    Window,
)
from generator.query.parser import parse_expression, parse_monitor
from generator.query.printer import print_query

A, B = Tag("a", "b"), Tag("c", "d")
LEAF = MetricQuery("a.b", "avg")
TEXT = StringLiteral("x")
WINDOW = Window("last", 5, "m")
AVERAGE = TimeAggregation("avg", WINDOW)

UNWRITABLE: list[Node] = [
    Tag("env", "prod,host:x"),
    Tag("env", "prod} by {x"),
    Tag("env", "a b"),
    Tag("env", " "),
    Tag("env", " AND"),
    Tag("env", "(x)"),
    Tag("env:prod"),
    Tag(""),
    Tag("*"),
    Tag("$env"),
    Tag("and"),
    Tag("-a\n", "b"),
    Variable("a,b"),
    Membership("a", ()),
    Membership("a", ("x,y",)),
    Membership("a", ("x)",)),
    Membership("a:b", ("x",)),
    Membership("NOT", ("x",)),
    Not(Not(A)),
    Not(Membership("a", ("x",))),
    Not(Terms((A, B))),
    Terms((A,)),
    Terms((A, Terms((A, B)))),
    Terms((A, AllOf((A, B)))),
    AllOf((A,)),
    AllOf(()),
    AllOf((A, AllOf((A, B)))),
    AllOf((A, Terms((A, B)))),
    AnyOf((A, AnyOf((A, B)))),
    AnyOf((Terms((A, B)),)),
    MetricQuery("a b", "avg"),
    MetricQuery("9a", "avg"),
    MetricQuery("a{*}, avg:b", "avg"),
    MetricQuery("a", "agv"),
    MetricQuery("a", "p101"),
    MetricQuery("a", ThresholdCount("=", 1)),
    MetricQuery("a", group_by=("a,b",)),
    MetricQuery("a", group_by=("",)),
    MetricQuery("a", modifiers=(Rollup(),)),
    MetricQuery("a", modifiers=(Rollup("smu", 60),)),
    MetricQuery("a", modifiers=(Rollup("sum", 0),)),
    MetricQuery("a", modifiers=(Rollup("sum", "5m"),)),
    MetricQuery("a", modifiers=(Rollup(None, "daily"),)),
    MetricQuery("a", modifiers=(Rollup("sum", None, (TEXT,)),)),
    MetricQuery("a", modifiers=(Rollup("sum", "daily", (Name("9 am"),)),)),
    MetricQuery("a", modifiers=(Fill("lsat"),)),
    MetricQuery("a", modifiers=(Fill("last", 0),)),
    Call("abs", ()),
    Call("abs", (TEXT,)),
    Call("abs", (LEAF, Number(5))),
    Call("ab s", (LEAF,)),
    Call("anomalies", (LEAF, StringLiteral("robot"), Number(2))),
    Call("anomalies", (LEAF, StringLiteral("basic"), Number(2)), (("directon", TEXT),)),
    Call("new_function", (QueryList((LEAF, LEAF)),)),
    Call("new_function", (LEAF,), (("x", LEAF),)),
    Call("new_function", (LEAF,), (("x y", TEXT),)),
    Call("avg", (LEAF, Grouping(()))),
    Call("avg", (LEAF, Grouping(("a}",)))),
    StringLiteral("a", "`"),
    Name("a b"),
    Name(""),
    Unary(TEXT),
    Binary("%", LEAF, LEAF),
    Binary("+", TEXT, LEAF),
    Binary("+", LEAF, Grouping(("a",))),
    Binary("*", LEAF, QueryList((LEAF, LEAF))),
    QueryList((LEAF,)),
    QueryList((QueryList((LEAF, LEAF)), LEAF)),
    MonitorQuery(AVERAGE, LEAF, "=", 1),
    MonitorQuery(AVERAGE, TEXT, ">", 1),
    MonitorQuery(TimeAggregation("agv", WINDOW), LEAF, ">", 1),
    MonitorQuery(TimeAggregation("avg", Window("ago", 5, "m")), LEAF, ">", 1),
    MonitorQuery(TimeAggregation("avg", Window("last", 0, "m")), LEAF, ">", 1),
    MonitorQuery(TimeAggregation("avg", Window("last", 5, "s")), LEAF, ">", 1),
    MonitorQuery(TimeAggregation("avg", WINDOW, Change("change", Window("next", 1, "h"))), LEAF, ">", 1),
    ChainQuery("log", (TEXT,), (Method("last", (StringLiteral("5m"),)),), ">", 1),
    ChainQuery("logs", (TEXT,), (Method("lsat", (StringLiteral("5m"),)),), ">", 1),
    MonitorId(-1),
    MonitorId(10**18),
    Reference("A/b"),
    Reference("a} || %{b"),
    Both((MonitorId(1),)),
    Both((MonitorId(1), Both((MonitorId(1), MonitorId(2))))),
    Either((MonitorId(1), Either((MonitorId(1), MonitorId(2))))),
    Inverse(Both(())),
]


@pytest.mark.parametrize("node", UNWRITABLE, ids=repr)
def test_a_tree_that_no_text_gives_is_refused_by_name(node: Node) -> None:
    with pytest.raises(
        ValueError, match=rf"^no query can hold the tree {type(node).__name__}|^no query can hold the tree \w+\("
    ):
        print_query(node)


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_number_that_is_none_is_refused_where_it_is_made(value: float) -> None:
    for make in (
        lambda: Number(value),
        lambda: Fill(value),
        lambda: ThresholdCount(">", value),
        lambda: MonitorQuery(AVERAGE, LEAF, ">", value),
        lambda: ChainQuery("logs", (), (), ">", value),
    ):
        with pytest.raises(ValueError, match="no query can hold the number"):
            make()


@pytest.mark.parametrize("node", [Tag("a", " b"), Tag("a", ""), Tag("x/y-z.ä", "*b?:c"), Not(Everything()), EVERYTHING])
def test_an_odd_scope_that_a_text_gives_is_printed(node: Tag | Not | Everything) -> None:
    leaf = MetricQuery("a.b", "avg", node)

    assert parse_expression(print_query(leaf)) == leaf


@pytest.mark.parametrize("value", [1e23, 1e300, 9007199254740993.0, -1e22, 123456789012345678.0, 5e-324, -0.0, 2.5e-8])
def test_a_number_made_by_hand_equals_the_number_of_its_text(value: float) -> None:
    node = Call("clamp_min", (LEAF, Number(value)))
    text = print_query(node)

    assert parse_expression(text) == node
    assert "e" not in text.partition(",")[2]
    assert float(text.rpartition(" ")[2].rstrip(")")) == value


def test_quotes_make_no_difference_where_a_text_holds_none() -> None:
    single, double = (Call("new", (LEAF, StringLiteral("x", quote))) for quote in "'\"")

    assert single == double
    assert hash(single) == hash(double)
    assert print_query(single) == print_query(double) == "new(avg:a.b{*}, 'x')"
    assert StringLiteral('a"', "'") != StringLiteral('a"', '"')


def test_a_chain_is_printed_in_the_quotes_that_all_types_take() -> None:
    window = Method("last", (StringLiteral("5m", "'"),))
    query = ChainQuery(
        "logs", (StringLiteral("a", "'"),), (Method("rollup", (StringLiteral("count"),)), window), ">", 1
    )

    assert print_query(query) == 'logs("a").rollup("count").last("5m") > 1'
    assert parse_monitor("log alert", print_query(query)) == query
