"""What kinds learn of their surroundings."""

from __future__ import annotations

from datetime import time, timedelta

import msgspec
import pytest

from generator.explain.arrival import arrival_notes, arrives_within
from generator.explain.monitor import Context, KindProblem
from generator.explain.office import office
from generator.explain.scopes import all_of, environment_scope, written_scope
from generator.explain.step_functions import state_machine_scope
from generator.query.printer import print_query

CONTEXT = Context(
    service="s",
    name="n",
    environment="production",
    scope="env:production",
    timezone="Asia/Tokyo",
    aws_account="111122223333",
    aws_region="ap-northeast-1",
    metrics_arrive_within={
        "aws": timedelta(minutes=20),
        "aws.states": timedelta(minutes=5),
        "gcp.": timedelta(minutes=9),
    },
    business_days=(0, 1, 2, 3, 4),
    business_hours=(time(10), time(19)),
    reference_years=(2026, 2027),
)


@pytest.mark.parametrize(
    ("metric", "minutes"),
    [
        ("aws.ecs.cpu", 20),
        ("aws.states.executions_failed", 5),
        ("gcp.run.requests", 9),
        ("awsome.metric", 0),
        ("system.load.1", 0),
    ],
)
def test_a_metric_arrives_as_its_longest_prefix_says(metric: str, minutes: int) -> None:
    assert arrives_within(metric, CONTEXT.metrics_arrive_within) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("metric", "minutes"),
    [("aws.states.executions_failed", 20), ("gcp.a", 20), ("azure.a", 20), ("awsome.metric", 0), ("jobs.failed", 0)],
)
def test_what_clouds_measure_comes_late_where_nobody_says_how_late(metric: str, minutes: int) -> None:
    assert arrives_within(metric, {}) == timedelta(minutes=minutes)
    assert bool(arrival_notes([metric], {})) is bool(minutes)
    assert arrival_notes([metric], {metric.partition(".")[0]: timedelta(minutes=1)}) == ()


@pytest.mark.parametrize(
    ("region", "scope"),
    [
        ("ap-northeast-1", "statemachinearn:arn:aws:states:ap-northeast-1:111122223333:statemachine:nightly-*"),
        ("cn-north-1", "statemachinearn:arn:aws-cn:states:cn-north-1:111122223333:statemachine:nightly-*"),
        ("us-gov-west-1", "statemachinearn:arn:aws-us-gov:states:us-gov-west-1:111122223333:statemachine:nightly-*"),
    ],
)
def test_a_state_machine_is_found_by_its_arn_in_small_letters(region: str, scope: str) -> None:
    found = state_machine_scope("Nightly-*", msgspec.structs.replace(CONTEXT, aws_region=region))

    assert not isinstance(found, KindProblem)
    assert print_query(found) == scope


def test_scopes_of_both_syntaxes_are_joined_to_one_of_the_boolean_syntax() -> None:
    found = all_of(environment_scope(CONTEXT), written_scope("a:b OR c:d", where=("scope",)))

    assert not isinstance(found, KindProblem)
    assert print_query(found) == "env:production AND (a:b OR c:d)"


def test_an_environment_whose_scope_is_no_scope_is_a_problem_that_names_it() -> None:
    found = environment_scope(msgspec.structs.replace(CONTEXT, scope="env:{"))

    assert isinstance(found, KindProblem)
    assert found.message.startswith("scope `env:{` of environment `production`: ")


def test_an_unknown_zone_of_the_organisation_is_a_problem() -> None:
    found = office(msgspec.structs.replace(CONTEXT, timezone="Asia/Tokio"))

    assert isinstance(found, KindProblem)
    assert found.hint == "did you mean `Asia/Tokyo`?"
