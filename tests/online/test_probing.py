"""What has no points in thirty days can never fire."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.online.heartbeats import heartbeats
from generator.render.model import Resource
from tests.online.questions import Asking

Monitor = Callable[..., Resource]
A, B = "main/api/a/production", "main/api/b/production"


def silent(asking: Asking, *resources: Resource) -> dict[str, tuple[str, ...]]:
    asked = asking.about(*resources, probe=True)
    assert asked.probe.unasked == {}
    return asked.answers.silent


def test_metric_without_points_is_silent_and_one_with_points_is_not(asking: Asking, monitor: Monitor) -> None:
    asking.sends("here", "env:production")
    query = "avg(last_5m):avg:{}{{env:production}} by {{host}} > 5"
    assert silent(asking, monitor("a", query.format("here")), monitor("b", query.format("gone"))) == {
        B: ("avg:gone{env:production}",)
    }


def test_points_in_another_scope_do_not_count(asking: Asking, monitor: Monitor) -> None:
    asking.sends("here", "env:staging")
    assert silent(asking, monitor("a", "avg(last_5m):avg:here{env:production} > 5")) == {
        A: ("avg:here{env:production}",)
    }


@pytest.mark.parametrize(("days_ago", "found"), [(29.5, {}), (31, {A: ("avg:a{*}",)})])
def test_points_count_for_thirty_days(
    asking: Asking, monitor: Monitor, days_ago: float, found: dict[str, tuple[str, ...]]
) -> None:
    asking.sends("a", days_ago=days_ago)
    assert silent(asking, monitor("a")) == found


def test_heartbeat_of_a_kind_counts_instead_of_its_query(asking: Asking, monitor: Monitor) -> None:
    asking.sends("started")
    failures = "sum(last_5m):sum:failed{*}.as_count() > 5"
    batch = monitor("a", failures, heartbeats=(("sum:started{*}",),))
    assert silent(asking, batch, monitor("b", failures)) == {B: ("sum:failed{*}",)}


def test_one_of_a_group_is_enough(asking: Asking, monitor: Monitor) -> None:
    asking.sends("good")
    assert silent(asking, monitor("a", heartbeats=(("sum:bad{*}", "sum:good{*}"),))) == {}


def test_queries_go_in_few_calls_and_each_once(asking: Asking, monitor: Monitor) -> None:
    for number in range(25):
        asking.sends(f"m{number}")
    several = [
        monitor(f"{name}{number}", f"avg(last_5m):avg:m{number}{{*}} > 5") for name in "ab" for number in range(25)
    ]
    asked = asking.about(*several, probe=True)
    assert (asked.probe.monitors, asked.probe.queries, asked.answers.silent) == (50, 25, {})
    assert len(asking.requests("/api/v1/query")) == 3


def test_no_more_queries_are_asked_than_wanted(asking: Asking, monitor: Monitor) -> None:
    several = [monitor(f"m{number}", f"avg(last_5m):avg:m{number}{{*}} > 5") for number in range(6)]
    asked = asking.about(*several, at_most=4, probe=True)
    assert (asked.probe.queries, asked.probe.left_out, len(asked.answers.silent)) == (4, 2, 4)


def test_silence_among_several_is_looked_at_alone(asking: Asking, monitor: Monitor) -> None:
    """How a comma-separated answer tells its queries apart is not documented."""
    asking.sends("a")
    asking.sends("b")
    point = {"pointlist": [[1, 1.0]], "query_index": 0}
    asking.goes_wrong(
        when={"path": "/api/v1/query", "first": 1}, do={"status": 200, "body": {"series": [point, point]}}
    )
    assert silent(asking, monitor("a"), monitor("b", "avg(last_5m):avg:b{*} > 5")) == {}


def test_query_that_datadog_refuses_spoils_no_other(asking: Asking, monitor: Monitor) -> None:
    asking.sends("a")
    asking.goes_wrong(when={"path": "/api/v1/query", "query": "b%7B"}, do={"status": 400})
    asked = asking.about(monitor("a"), monitor("b", "avg(last_5m):avg:b{*} > 5"), probe=True)
    assert asked.answers.silent == {}
    assert list(asked.probe.unasked) == [B]


@pytest.mark.parametrize(
    "do",
    [
        {"status": 503},
        {"status": 200, "body": {"status": "error", "error": "no"}},
        {"status": 200, "body": {"series": None}},
        {"status": 200, "content_type": "text/html"},
    ],
)
def test_nothing_is_silent_where_datadog_does_not_answer(asking: Asking, monitor: Monitor, do: dict[str, Any]) -> None:
    asking.goes_wrong(when={"path": "/api/v1/query"}, do=do)
    asked = asking.about(monitor("a"), probe=True)
    assert (asked.answers.silent, list(asked.answers.unasked)) == ({}, [A])


@pytest.mark.parametrize("series", [[None], [{}], [{"pointlist": [[1, None]]}], [{"pointlist": 3, "query_index": "x"}]])
def test_series_without_a_value_is_no_sign_of_life(asking: Asking, monitor: Monitor, series: list[Any]) -> None:
    asking.goes_wrong(when={"path": "/api/v1/query"}, do={"status": 200, "body": {"series": series}})
    assert silent(asking, monitor("a")) == {A: ("avg:a{*}",)}


@pytest.mark.parametrize(
    ("query", "groups"),
    [
        ("avg(last_5m):avg:a{x:y} by {host} > 1", (("avg:a{x:y}",),)),
        ("avg(last_5m):avg:a{*} / avg:b{*} > 1", (("avg:a{*}",), ("avg:b{*}",))),
        ("avg(last_5m):avg:a{*} + avg:a{*} by {host} > 1", (("avg:a{*}",),)),
        ("sum(last_5m):sum:e{*}.as_count() / sum:all{*}.as_count() > 1", (("sum:e{*}", "sum:all{*}"),)),
        ("avg(last_5m):sum:e{*}.as_count() + avg:a{*} > 1", (("avg:a{*}",),)),
        ("avg(last_5m):default_zero(avg:e{*}) + avg:a{*} > 1", (("avg:a{*}",),)),
        ("avg(last_5m):avg:e{*}.fill(zero) > 1", (("avg:e{*}",),)),
        ("avg(last_5m):anomalies(avg:a{*}, 'basic', 2) >= 1", (("avg:a{*}",),)),
        ("avg(last_5m): > 1", ()),
        ("", ()),
    ],
)
def test_heartbeats_of_a_query_are_its_gauges_else_any_of_its_counts(
    monitor: Monitor, query: str, groups: tuple[tuple[str, ...], ...]
) -> None:
    assert heartbeats(monitor("a", query)) == groups


def test_other_types_have_no_heartbeat_that_is_known(asking: Asking, monitor: Monitor) -> None:
    log = monitor("a", 'logs("x").index("*").rollup("count").last("5m") > 5', type="log alert")
    asked = asking.about(log, probe=True)
    assert (asked.probe.unknown, asked.probe.monitors, asked.answers.silent) == (1, 0, {})


def test_points_are_not_looked_for_unasked(asking: Asking, monitor: Monitor) -> None:
    asking.about(monitor("a"))
    assert asking.requests("/api/v1/query") == []
