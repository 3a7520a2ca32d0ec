"""The arithmetic of each source: the rendered query, evaluated over what the Agent sends of a task."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.explain.monitor import KindProblem, Monitor
from generator.kinds import fargate_cpu
from generator.kinds.fargate_cpu import CHECK_METRICS
from generator.query.inspection import leaves
from generator.query.nodes import MonitorQuery
from generator.query.parser import parse_metric_monitor
from tests.kinds.fargate_series import Container, Groups, Task, cores_of, recorded_task, sent, value_by_group
from tests.kinds.test_golden import CONTEXT

CHECK = {
    CHECK_METRICS.percent: lambda task: min(100.0, cores_of(task) / task.vcpu * 100),
    CHECK_METRICS.cores: cores_of,
    CHECK_METRICS.limit_cores: lambda task: task.vcpu,
}
SOURCES = ["task_limit", "stock_percent", "container", "custom_check"]
SIZES = [0.25, 0.5, 1, 2, 4, 8, 16]


def rendered(source: str, **fields: Any) -> Monitor:
    needed = {"thresholds": {"critical": 80}, "task_family": "usage-api", "source": source, **fields}
    if source != "stock_percent":
        needed.pop("vcpu", None)
    (monitor,) = fargate_cpu.monitors(msgspec.convert(needed, fargate_cpu.Parameters), CONTEXT)
    assert isinstance(monitor, Monitor)
    return monitor


def percents(monitor: Monitor, *tasks: Task) -> Groups:
    query = parse_metric_monitor(monitor.query)
    assert isinstance(query, MonitorQuery)
    return value_by_group(query.expression, sent(tasks, CHECK))


def synthetic_task(vcpu: float, share: float, arn: str = "a") -> Task:
    """A task that uses this share of its limit in an application, an idle sidecar and an agent."""
    used = {"app": share * vcpu * 0.9, "agent": share * vcpu * 0.1, "idle": 0.0}
    # The stock percent is 100 for each core that is used, however many the task sees or may use.
    return Task(arn, vcpu, tuple(Container(name, cores, cores * 100) for name, cores in used.items()))


@pytest.mark.parametrize("vcpu", SIZES)
@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("share", [1.0, 0.5, 0.05])
def test_every_source_tells_the_share_of_the_limit_of_a_task_of_any_size(
    source: str, vcpu: float, share: float
) -> None:
    assert list(percents(rendered(source, vcpu=vcpu), synthetic_task(vcpu, share)).values()) == [
        pytest.approx(100 * share)
    ]


@pytest.mark.parametrize(
    ("cores", "percent"), [(2.0, 50), (2.4, 60)], ids=["irix_200_percent_is_50", "irix_240_percent_is_60"]
)
@pytest.mark.parametrize("source", SOURCES)
def test_a_task_of_4_vcpu_above_100_percent_of_a_core_is_half_full(source: str, cores: float, percent: float) -> None:
    task = Task("a", 4, (Container("app", cores, cores * 100),))
    assert list(percents(rendered(source, vcpu=4), task).values()) == [pytest.approx(percent)]


# Percent of the task's limit as recorded, to four places.
RECORDED = [
    ("metadata_v4.json", "stats_linux_v4.json", 0.9323),
    ("metadata.json", "stats_windows.json", 6.0440),
    ("metadata.json", "stats.json", 0.0999),
]


@pytest.mark.parametrize("source", ["task_limit", "container", "custom_check"])
@pytest.mark.parametrize(("metadata", "stats", "percent"), RECORDED, ids=[case[1] for case in RECORDED])
def test_recorded_tasks_use_what_was_computed_by_hand(source: str, metadata: str, stats: str, percent: float) -> None:
    found = percents(rendered(source), recorded_task(metadata, stats))
    assert list(found.values()) == [pytest.approx(percent, abs=5e-5)]


def test_the_stock_percent_of_a_recorded_task_runs_a_little_high() -> None:
    task = recorded_task("metadata_v4.json", "stats_linux_v4.json")
    (found,) = percents(rendered("stock_percent", vcpu=1), task).values()
    assert 0.9323 < found < 0.9323 * 1.01


def test_the_stock_percent_is_absent_on_windows() -> None:
    task = recorded_task("metadata.json", "stats_windows.json")
    assert percents(rendered("stock_percent", vcpu=2), task) == {}


@pytest.mark.parametrize("source", SOURCES)
def test_one_full_task_shows_among_idle_ones(source: str) -> None:
    tasks = [synthetic_task(1, 1.0, "full"), synthetic_task(1, 0.1, "idle-1"), synthetic_task(1, 0.1, "idle-2")]
    assert max(percents(rendered(source, vcpu=1), *tasks).values()) == pytest.approx(100)


@pytest.mark.parametrize("source", SOURCES)
def test_tasks_that_are_full_in_turn_are_not_averaged_into_one_that_is_always_full(source: str) -> None:
    """Datadog averages each group over the window: a group of tasks by their maximum would be at 100 throughout."""
    monitor = rendered(source, vcpu=1)
    minutes = [(synthetic_task(1, first, "a"), synthetic_task(1, 1 - first, "b")) for first in (0.9, 0.1)]
    series = [percents(monitor, *tasks) for tasks in minutes]
    averages = [sum(each[group] for each in series) / len(series) for group in series[0]]
    assert averages == [pytest.approx(50), pytest.approx(50)]


@pytest.mark.parametrize("source", ["task_limit", "custom_check"])
def test_tasks_together_count_by_their_size(source: str) -> None:
    tasks = [synthetic_task(4, 1.0, "large"), synthetic_task(1, 0.0, "small")]
    assert percents(rendered(source, tasks="together"), *tasks) == {("web", "usage-api"): pytest.approx(80)}


@pytest.mark.parametrize("source", SOURCES)
def test_notifications_are_by_what_outlives_a_deployment(source: str) -> None:
    monitor = rendered(source, vcpu=1)
    query = parse_metric_monitor(monitor.query)
    assert isinstance(query, MonitorQuery)
    (groups,) = {leaf.group_by for leaf in leaves(query)}
    assert monitor.options.get("notify_by", list(groups)) == ["ecs_cluster_name", "task_family"]
    assert ("task_arn" in groups) == ("new_group_delay" in monitor.options)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 0.0, 100.0, 400.0])
def test_no_threshold_lies_where_no_task_can_be(value: float) -> None:
    parameters = fargate_cpu.Parameters(thresholds=fargate_cpu.Percents(critical=value))
    found = fargate_cpu.monitors(parameters, CONTEXT)
    assert [each.rule for each in found if isinstance(each, KindProblem)] == ["wrong-threshold"]


@settings(max_examples=100, derandomize=True, deadline=None)
@given(scope=st.lists(st.sampled_from([*"{}(),:*!<> 1", "env:a", "AND", "by", "\n", "é"]), max_size=15).map("".join))
def test_no_scope_breaks_out_of_its_braces(scope: str) -> None:
    thresholds = fargate_cpu.Percents(critical=90)
    (found,) = fargate_cpu.monitors(fargate_cpu.Parameters(thresholds=thresholds, scope=scope), CONTEXT)
    if isinstance(found, KindProblem):
        assert found.field == ("scope",)
        return
    query = parse_metric_monitor(found.query)
    assert isinstance(query, MonitorQuery)
    metrics = ["ecs.fargate.cpu.usage", "ecs.fargate.cpu.task.limit"]
    assert (query.comparator, query.threshold, [leaf.metric for leaf in leaves(query)]) == (">", 90, metrics)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("task_family", "api} by {x"),
        ("task_family", "api,env:*"),
        ("task_family", "api\n"),
        ("task_family", ""),
        ("group_by", ["task_arn}.as_rate()"]),
        ("group_by", []),
        ("window", "15m):"),
        ("source", "cpu"),
        ("vcpu", "4"),
        ("thresholds", {"warning": 80}),
    ],
)
def test_what_could_leave_its_place_in_the_query_is_refused_by_its_type(field: str, text: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"thresholds": {"critical": 90}, field: text}, fargate_cpu.Parameters)
