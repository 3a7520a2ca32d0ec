"""Tasks as a metadata endpoint tells of them, through the check and HTTP: figures worked out by hand.

Those in tasks/ are written after the shapes of real answers. The recordings of real tasks are not in this repository.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datadog_checks.base.stubs.aggregator import AggregatorStub
from metadata_endpoint import MetadataEndpoint
from toban_fargate import TobanFargateCheck
from toban_fargate_documents import moment_ns
from toban_fargate_metrics import Metric

TASKS = Path(__file__).parent / "tasks"
Figures = dict[str, float]
Run = Callable[..., None]
CheckOf = Callable[..., TobanFargateCheck]

# Percent of the task, percent of the task by container, stock percent by container.
WRITTEN = {
    # 1.25 s in 10 s and 0.2375 s in 9.5 s, of 0.25 vCPU; of all CPUs, 19.9 s and 18.9 s passed.
    "quarter_vcpu": (60, {"app": 50, "datadog-agent": 10}, {"app": 12.56, "datadog-agent": 2.51}),
    # 4 s in 10 s, of 2 vCPU; the four CPUs that it tells had 10 s together.
    "first_platform": (20, {"web": 20}, {"web": 160}),
    # 1.2 s in 9.6 s, of 2 vCPU.
    "windows": (6.25, {"iis": 6.25}, {}),
    # 0.2 s in a second, of 0.5 vCPU.
    "cgroup_v2": (40, {"app": 40}, {"app": 20}),
    # 24 s in 10 s, of 4 vCPU; an idle container has no stock percent.
    "four_vcpu": (60, {"app": 60, "sidecar": 0}, {"app": 240}),
}
RECORDED = [
    pytest.param(
        *("metadata_v4", "stats_linux_v4", 0.9323),
        *({"dd-agent": 0.8656, "apmtest-ping": 0.0667}, {"dd-agent": 0.87, "apmtest-ping": 0.07}),
        id="1 vCPU",
    ),
    pytest.param(
        *("metadata", "stats", 0.0999),
        *({"dd-agent": 0.0720, "redis": 0.0279}, {"dd-agent": 0.58, "redis": 0.22}),
        id="2 vCPU",
    ),
    pytest.param(
        *("metadata", "stats_wrong_system_delta", 0.0999),
        *({"dd-agent": 0.0720, "redis": 0.0279}, {"dd-agent": 0.58, "redis": 0.22}),
        id="no system time",
    ),
    pytest.param("metadata", "stats_windows", 6.0440, {"dd-agent": 6.0440}, {}, id="Windows"),
]


@pytest.fixture
def sent(
    endpoint: MetadataEndpoint, check_of: CheckOf, dd_run_check: Run, aggregator: AggregatorStub
) -> Callable[[Any, Any], tuple[float, Figures, Figures]]:
    """What the check sends of two documents, a second after the newest reading."""

    def run(task: Any, stats: Any) -> tuple[float, Figures, Figures]:
        newest_ns = max(moment_ns(each["read"]) or 0 for each in stats.values() if each)
        address = endpoint.serve("/v4/0", task, stats)
        dd_run_check(check_of(address, clock=lambda: newest_ns + 10**9, irix_percent=True))
        (percent,) = (each.value for each in aggregator.metrics(Metric.TASK_PERCENT))
        by_container = (Metric.CONTAINER_PERCENT, Metric.CONTAINER_IRIX_PERCENT)
        shares, irix = ({_container(each): each.value for each in aggregator.metrics(name)} for name in by_container)
        return percent, shares, irix

    return run


@pytest.mark.parametrize(("name", "expected"), WRITTEN.items(), ids=WRITTEN)
def test_figures_of_a_written_task(name: str, expected: tuple[float, Figures, Figures], sent: Any) -> None:
    answered = json.loads((TASKS / f"{name}.json").read_text(encoding="utf-8"))
    percent, shares, irix = sent(answered["task"], answered["stats"])
    assert (percent, shares, irix) == (pytest.approx(expected[0]), pytest.approx(expected[1]), expected[2])


def test_every_written_task_is_tested() -> None:
    assert {path.stem for path in TASKS.iterdir()} == set(WRITTEN)


@pytest.mark.parametrize(("task", "stats", "percent", "shares", "irix"), RECORDED)
def test_figures_of_a_recorded_task(  # noqa: PLR0913 - columns of the table and the harness
    *, task: str, stats: str, percent: float, shares: Figures, irix: Figures, recorded: Callable[[str], Any], sent: Any
) -> None:
    found = sent(*(recorded(f"integrations_core/{name}.json") for name in (task, stats)))
    assert found[0] == pytest.approx(percent, abs=0.00005)
    assert found[1] == pytest.approx(shares, abs=0.00005)
    assert found[2] == irix


def _container(point: Any) -> str:
    (name,) = (tag.partition(":")[2] for tag in point.tags if tag.startswith("ecs_container_name:"))
    return str(name)
