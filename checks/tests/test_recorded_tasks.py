"""Real tasks, as their metadata endpoints told them, through the check and HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from datadog_checks.base.stubs.aggregator import AggregatorStub
from metadata_endpoint import MetadataEndpoint
from toban_fargate import TobanFargateCheck
from toban_fargate_metrics import Metric

# Percent of the task's limit, by container and in all; worked out by hand from the recorded counters.
RECORDED = [
    pytest.param("metadata_v4", "stats_linux_v4", {"dd-agent": 0.8656, "apmtest-ping": 0.0667}, 0.9323, id="1 vCPU"),
    pytest.param("metadata", "stats", {"dd-agent": 0.0720, "redis": 0.0279}, 0.0999, id="2 vCPU"),
    pytest.param(
        "metadata", "stats_wrong_system_delta", {"dd-agent": 0.0720, "redis": 0.0279}, 0.0999, id="no system time"
    ),
    pytest.param("metadata", "stats_windows", {"dd-agent": 6.0440}, 6.0440, id="Windows"),
]
Run = Callable[..., None]
CheckOf = Callable[..., TobanFargateCheck]


@pytest.mark.parametrize(("task", "stats", "containers", "percent"), RECORDED)
def test_percent_of_a_recorded_task(  # noqa: PLR0913 - four columns of the table and the harness
    *,
    task: str,
    stats: str,
    containers: dict[str, float],
    percent: float,
    recorded: Callable[[str], Any],
    endpoint: MetadataEndpoint,
    check_of: CheckOf,
    dd_run_check: Run,
    aggregator: AggregatorStub,
) -> None:
    served = [recorded(f"integrations_core/{name}.json") for name in (task, stats)]
    dd_run_check(check_of(endpoint.serve("/v4/0", *served)))
    (sent,) = aggregator.metrics(Metric.TASK_PERCENT)
    assert sent.value == pytest.approx(percent, abs=0.00005)
    each = {_container(point): point.value for point in aggregator.metrics(Metric.CONTAINER_PERCENT)}
    assert each == pytest.approx(containers, abs=0.00005)


def _container(point: Any) -> str:
    (name,) = (tag.partition(":")[2] for tag in point.tags if tag.startswith("ecs_container_name:"))
    return str(name)
