"""What is odd about queries that parse."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.query.doubts import doubts
from generator.query.parser import SyntaxProblem, parse_expression, parse_monitor

ROWS = [
    tuple([*line.split("\t"), ""][:4])
    for line in (Path(__file__).parent / "cases/doubts.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
FITTING = [
    "avg(last_5m):avg(avg:a{*} by {host}, { host }) > 1",
    "avg(last_5m):calendar_shift(sum:a{*}, '-1mo', 'America/New_York', 'preserve_duration') > 1",
    "avg(last_4h):anomalies(avg:a{*}, 'agile', 2, interval='60m', alert_window='last_15m', timezone='utc') >= 1",
    "max(next_1w):forecast(avg:a{*}, 'linear', 1, interval='60m', history='1mo', model='default') >= 80",
    "avg(last_1d):sum:a{*}.rollup(sum, daily, 'Europe/Rome') > 1",
    "avg(last_1d):sum:a{*}.rollup(sum, monthly, 31st, 'UTC') + sum:b{*}.rollup(sum, yearly, April) > 1",
    "avg(last_1d):sum:a{*}.rollup(sum, daily, 9) + sum:b{*}.rollup(sum, daily, 12am) > 1",
    "avg(last_30m):outliers(avg:a{*} by {host}, 'DBSCAN', 2, 80) > 0",
    "avg(last_1h):avg:a{*,b:c} by {host}.rollup(avg, 60).rollup(max, 300) > 0",
]


@pytest.mark.parametrize(("kind", "marked", "message", "hint"), ROWS)
def test_a_doubt_says_what_is_odd_and_where(kind: str, marked: str, message: str, hint: str) -> None:
    query = parse_monitor(kind, marked.replace("⟦", "").replace("⟧", ""))
    assert not isinstance(query, SyntaxProblem), query

    [doubt] = doubts(query)

    assert message in doubt.message
    assert hint in doubt.hint
    assert bool(hint) == bool(doubt.hint)
    assert doubt.span == (marked.index("⟦"), marked.index("⟧") - 1)


SEARCHES = [
    r'logs("@a:\"b c\" AND (d OR \"e (f\")").index("*").rollup("count").last("5m") > 1',
    r'logs("path:\\(x service:(a OR b)").index("*").rollup("count").last("5m") > 1',
    r'logs("@msg:\"say \\\"hi\\\"\"").index("*").rollup("count").last("5m") > 1',
]


@pytest.mark.parametrize("text", SEARCHES)
def test_quotes_and_brackets_of_a_search_that_have_their_pairs_raise_no_doubt(text: str) -> None:
    query = parse_monitor("log alert", text)
    assert not isinstance(query, SyntaxProblem), query

    assert doubts(query) == ()


@pytest.mark.parametrize("text", FITTING)
def test_what_is_documented_raises_no_doubt(text: str) -> None:
    query = parse_monitor("query alert", text)
    assert not isinstance(query, SyntaxProblem), query

    assert doubts(query) == ()


def test_a_query_outside_a_monitor_is_doubted_for_its_arguments_only() -> None:
    query = parse_expression("cumsum(timeshift(avg:a{*}, 60)) + abs()")
    assert isinstance(query, SyntaxProblem)

    query = parse_expression("cumsum(timeshift(avg:a{*}, 60)) + moving_rollup(avg:a{$x}, 5, 'mean')")
    assert not isinstance(query, SyntaxProblem)
    assert [doubt.message for doubt in doubts(query)] == ["`method` of `moving_rollup` cannot be `mean`"]
