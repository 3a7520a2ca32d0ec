from __future__ import annotations

from datetime import time, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.explain.monitor import Context, KindProblem, Monitor
from generator.kinds import batch_failure, metric
from generator.query.inspection import leaves
from generator.query.nodes import MonitorQuery
from generator.query.parser import parse_metric_monitor

CONTEXT = Context(
    service="s",
    name="n",
    environment="production",
    scope="env:production",
    timezone="Asia/Tokyo",
    aws_account="111122223333",
    aws_region="ap-northeast-1",
    metrics_arrive_within={"aws": timedelta(minutes=20)},
    business_days=(0, 1, 2, 3, 4),
    business_hours=(time(10), time(19)),
    reference_years=(2026,),
)
PIECES = st.lists(st.sampled_from([*"{}(),:*!<> 1", "env:a", "avg", "last_5m", "by", "AND", "\n", "é"]), max_size=20)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(query=PIECES.map("".join) | st.text(max_size=40))
def test_any_text_as_a_query_is_a_monitor_or_a_problem_inside_it(query: str) -> None:
    (found,) = metric.monitors(metric.Parameters(query=query), CONTEXT)

    assert isinstance(found, Monitor) or 0 <= found.start <= found.end <= len(query)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(scope=PIECES.map("".join))
def test_no_scope_breaks_out_of_its_braces(scope: str) -> None:
    parameters = batch_failure.Parameters(metric="jobs.failed", scope=scope, delivery="at_once")
    (found,) = batch_failure.monitors(parameters, CONTEXT)
    if isinstance(found, KindProblem):
        assert found.field == ("scope",)
        return
    query = parse_metric_monitor(found.query)

    assert isinstance(query, MonitorQuery)
    assert (query.comparator, query.threshold, [leaf.metric for leaf in leaves(query)]) == (">", 0, ["jobs.failed"])


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("state_machine", "nightly} by {x"),
        ("state_machine", "nightly,env:*"),
        ("state_machine", "nightly\n"),
        ("state_machine", ""),
        ("metric", "a.b{*}"),
        ("group_by", ["stage}.as_rate()"]),
        ("group_by", ["a,b"]),
        ("outcomes", []),
        ("outcomes", ["succeeded"]),
        ("notify_at", "25:00"),
        ("delivery", None),
    ],
)
def test_what_could_leave_its_place_in_the_query_is_refused_by_its_type(field: str, text: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({field: text}, batch_failure.Parameters)


def test_a_query_nested_without_end_is_refused_at_once() -> None:
    (found,) = metric.monitors(metric.Parameters(query="avg(last_5m):" + "(" * 100_000), CONTEXT)

    assert isinstance(found, KindProblem)
