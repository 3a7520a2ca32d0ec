"""Which groups are left once functions have been applied."""

from __future__ import annotations

import pytest

from generator.query.groups import result_groups
from generator.query.parser import parse_dashboard_query, parse_monitor
from generator.query.problem import SyntaxProblem


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("avg:a{*} by {host,az}", ("host", "az")),
        ("abs(avg:a{*} by {host}) + avg:b{*} by {az,host}", ("host", "az")),
        ("-(avg:a{*} by {host})", ("host",)),
        ("count_nonzero(avg:a{*} by {host})", ()),
        ("count_not_null(avg:a{*} by {host}) / sum:b{*} by {az}", ("az",)),
        ("dt(avg:a{*} by {host})", ()),
        ("top(avg:a{*} by {host}, 5, 'mean', 'desc')", ("host",)),
        ("sum(avg:a{*} by {host,az}, {az})", ("az",)),
        ("sum(avg:a{*} by {host,az}, { * })", ()),
        ("avg(avg:a{*} by {host}, avg:b{*} by {host})", ("host",)),
        ("percentile(avg:a{*} by {host}, 'p95')", ()),
        ("percentile(avg:a{*} by {host}, 'p95', {host})", ("host",)),
        ("5", ()),
    ],
)
def test_the_groups_of_the_result(text: str, keys: tuple[str, ...]) -> None:
    query = parse_dashboard_query(text)

    assert not isinstance(query, SyntaxProblem)
    assert result_groups(query) == keys


@pytest.mark.parametrize(
    ("kind", "text", "keys"),
    [
        ("metric alert", "avg(last_5m):count_nonzero(avg:a{*} by {host}) < 3", ()),
        ("log alert", 'logs("a").index("*").rollup("count").by("service,host").last("5m") > 1', ("service", "host")),
        ("service check", '"a.b".over("*").by("*").last(2).count_by_status()', ()),
        ("composite", "1 && 2", ()),
    ],
)
def test_the_groups_of_a_monitor(kind: str, text: str, keys: tuple[str, ...]) -> None:
    query = parse_monitor(kind, text)

    assert not isinstance(query, SyntaxProblem)
    assert result_groups(query) == keys
