"""Questions about a query, and queries built by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from generator.query.function import Kind
from generator.query.functions import FUNCTIONS, Group
from generator.query.inspection import (
    calls,
    comparator,
    group_keys,
    has_function,
    has_modifier,
    is_grouped,
    leaves,
    metrics,
    references,
    threshold,
)
from generator.query.nodes import (
    AsCount,
    Call,
    ChainQuery,
    Grouping,
    Method,
    MetricQuery,
    MonitorQuery,
    Name,
    Number,
    Query,
    StringLiteral,
    TimeAggregation,
    Weighted,
    Window,
)
from generator.query.parser import SyntaxProblem, parse_expression, parse_monitor, parse_scope
from generator.query.printer import print_query
from generator.query.windows import coming, last


def parsed(monitor_type: str, text: str) -> Query:
    query = parse_monitor(monitor_type, text)
    assert not isinstance(query, SyntaxProblem), query
    return query


RATIO = parsed(
    "query alert",
    "sum(last_5m):100 * default_zero(sum:a.failed{env:prod} by {host,env}.as_count())"
    " / (sum:a.failed{env:prod} by {env} + -sum:a.all{*}) >= 2.5",
)
LOGS = parsed("log alert", 'logs("a").index("*").rollup("count").by("host, @x").last("5m") > 7')
CHECK = parsed("service check", '"a.b".over("*").by("host","url").last(2).count_by_status()')
FORMULA = parsed("log alert", 'formula("default_zero(query1) / query2").last("15m") < 1')
JOBS = parsed("data-jobs alert", 'formula("failed_runs(run_query)").by(job_name,workspace).last(10d) > 0')
COMPOSITE = parsed("composite", "%{a/b} && !(12 || %{c}) && %{a/b}")
WORD = parsed("query alert", "avg(last_5m):avg:a{*} > threshold")
TEST = parsed("synthetics alert", "no_query")


@pytest.mark.parametrize(
    ("query", "number", "sign"),
    [
        (RATIO, 2.5, ">="),
        (LOGS, 7, ">"),
        (CHECK, None, None),
        (COMPOSITE, None, None),
        (WORD, None, ">"),
        (TEST, None, None),
    ],
)
def test_a_query_tells_its_threshold_and_comparator(query: Query, number: float | None, sign: str | None) -> None:
    assert (threshold(query), comparator(query)) == (number, sign)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        (RATIO, ("host", "env")),
        (LOGS, ("host", "@x")),
        (CHECK, ("host", "url")),
        (JOBS, ("job_name", "workspace")),
        (FORMULA, ()),
        (COMPOSITE, ()),
        (WORD, ()),
    ],
)
def test_a_query_tells_what_it_groups_by(query: Query, keys: tuple[str, ...]) -> None:
    assert group_keys(query) == keys
    assert is_grouped(query) == bool(keys)


def test_leaves_come_in_the_order_of_the_text() -> None:
    assert [leaf.metric for leaf in leaves(RATIO)] == ["a.failed", "a.failed", "a.all"]
    assert metrics(RATIO) == ("a.failed", "a.all")


def test_functions_are_found_in_metric_queries_and_formulas() -> None:
    assert has_function(RATIO, "default_zero")
    assert has_function(FORMULA, "default_zero")
    assert not has_function(RATIO, "abs")
    assert not has_function(LOGS, "rollup")
    assert [call.name for call in calls(parsed_expression("abs(diff(avg:a{*}))"))] == ["abs", "diff"]


def parsed_expression(text: str) -> Call:
    call = parse_expression(text)
    assert isinstance(call, Call)
    return call


def test_modifiers_are_found_on_any_metric() -> None:
    assert has_modifier(RATIO, AsCount)
    assert not has_modifier(RATIO, Weighted)


def test_references_are_the_monitors_and_slos_a_query_names() -> None:
    assert references(COMPOSITE) == ("a/b", "c")
    assert references(parsed("slo alert", 'error_budget("%{shop/checkout}").over("7d") > 10')) == ("shop/checkout",)
    assert references(parsed("slo alert", 'error_budget("0ff").over("7d") > 10')) == ()
    assert references(RATIO) == ()


def test_a_query_can_be_built_by_hand() -> None:
    scope = parse_scope("env:production,statemachinearn:arn:aws:states:x")
    assert not isinstance(scope, SyntaxProblem)
    leaf = MetricQuery(
        space="sum",
        metric="aws.states.executions_failed",
        scope=scope,
        group_by=("stage",),
        modifiers=(AsCount(),),
    )
    query = MonitorQuery(
        aggregation=TimeAggregation("sum", last(hours=2)),
        expression=Call("timeshift", (leaf, Number(-21600))),
        comparator=">",
        threshold=0,
    )

    text = print_query(query)

    assert text == (
        "sum(last_2h):timeshift(sum:aws.states.executions_failed{env:production,statemachinearn:arn:aws:states:x}"
        " by {stage}.as_count(), -21600) > 0"
    )
    assert parse_monitor("query alert", text) == query


def test_a_string_built_by_hand_cannot_end_early() -> None:
    query = ChainQuery(
        "logs",
        (StringLiteral('a" or "b\\', '"'),),
        (Method("rollup", (StringLiteral("count", '"'),)), Method("last", (StringLiteral("5m", '"'),))),
        ">",
        1,
    )

    text = print_query(query)

    assert text == r'logs("a\" or \"b\\").rollup("count").last("5m") > 1'
    assert not isinstance(parse_monitor("log alert", text), SyntaxProblem)


def test_a_bare_word_is_no_string() -> None:
    assert parse_expression("default_zero(query1)") == Call("default_zero", (Name("query1"),))


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (last(minutes=5), "last_5m"),
        (last(hours=2), "last_2h"),
        (last(days=1), "last_1d"),
        (last(weeks=1), "last_1w"),
        (last(months=1), "last_1mo"),
        (coming(weeks=2), "next_2w"),
    ],
)
def test_a_window_is_short_to_write(window: Window, text: str) -> None:
    assert print_query(window) == text


@pytest.mark.parametrize("window", [last, lambda: last(minutes=5, hours=1)])
def test_a_window_takes_exactly_one_unit(window: Callable[[], Window]) -> None:
    with pytest.raises(ValueError, match="exactly one unit"):
        window()


FITTING = {
    Kind.EXPRESSION: MetricQuery("a", "avg"),
    Kind.NUMBER: Number(0.5),
    Kind.WHOLE_NUMBER: Number(60),
    Kind.SHIFT: StringLiteral("-1d"),
    Kind.TIMEZONE: StringLiteral("UTC"),
    Kind.GROUPING: Grouping(("host",)),
}


def fitting_call(name: str) -> Call:
    """The function with all arguments that its row names."""
    parameters = FUNCTIONS[name].parameters
    texts = (StringLiteral(each.choices[0] if each.choices else "p95") for each in parameters)
    return Call(name, tuple(FITTING.get(each.kind, text) for each, text in zip(parameters, texts, strict=True)))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_of_the_table_parses_and_has_a_documented_source(name: str) -> None:
    function = FUNCTIONS[name]

    assert isinstance(parse_expression(print_query(fitting_call(name))), Call)
    assert function.name == name
    assert isinstance(function.group, Group)
    assert re.fullmatch(r"https://docs\.datadoghq\.com/[a-z/_]+/", function.source)
    assert len({parameter.name for parameter in (*function.parameters, *function.keywords)}) == len(
        (*function.parameters, *function.keywords)
    )


def test_what_is_equal_by_meaning_is_not_unequal() -> None:
    here, there = (parsed("query alert", f"{blank}avg(last_5m):avg:a{{*}} > 1") for blank in ("", "  "))

    assert here == there
    assert not here != there  # noqa: SIM202  the operator itself is under test
