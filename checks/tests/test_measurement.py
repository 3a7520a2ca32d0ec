"""The check against psutil, for half a minute, on real processes under a known load.

The check reads nanoseconds that the scheduler counts (/proc/PID/schedstat) through HTTP; psutil reads the ticks of
/proc/PID/stat. Three tasks of different size share one set of processes, so that one half minute measures them all.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from datadog_checks.base.stubs.aggregator import AggregatorStub
from load import busy, counts_nanoseconds, docker_stats
from metadata_endpoint import MetadataEndpoint
from samples import container, task
from toban_fargate import TobanFargateCheck
from toban_fargate_metrics import Metric

SIZES = (0.25, 1, 2)
# Of a core: 80 % of the smallest task.
APP, AGENT = (0.1, 0.05), (0.05,)
SECONDS, RUNS = 30, 6
POINTS = 3


@pytest.mark.skipif(not counts_nanoseconds(), reason="needs a kernel that counts in /proc/PID/schedstat")
def test_the_percent_is_what_psutil_measures(
    *,
    endpoint: MetadataEndpoint,
    check_of: Callable[..., TobanFargateCheck],
    aggregator: AggregatorStub,
    dd_run_check: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with busy(*APP, *AGENT) as pids:
        processes = [psutil.Process(pid) for pid in pids]
        checks = {address: check_of(address) for address in (_serve(endpoint, size, pids) for size in SIZES)}
        # The interpreters start up first.
        time.sleep(1)
        began, used_before = time.monotonic(), _seconds_used(processes)
        for run in range(RUNS + 1):
            time.sleep(max(0.0, began + run * SECONDS / RUNS - time.monotonic()))
            for address, check in checks.items():
                monkeypatch.setenv("ECS_CONTAINER_METADATA_URI_V4", address)
                dd_run_check(check)
        elapsed, used = time.monotonic() - began, _seconds_used(processes) - used_before
    cores = used / elapsed
    assert elapsed >= SECONDS
    assert 0 < cores < min(SIZES), "the load must neither be absent nor fill the smallest task"
    for size in SIZES:
        points = [
            each.value
            for each in aggregator.metrics(Metric.TASK_PERCENT)
            if f"task_family:{_family(size)}" in each.tags
        ]
        assert len(points) == RUNS
        assert sum(points) / RUNS == pytest.approx(100 * cores / size, abs=POINTS)


def _serve(endpoint: MetadataEndpoint, size: float, pids: list[int]) -> str:
    document = task(container("app"), container("agent"), cpu=size, Family=_family(size))

    def stats() -> dict[str, Any]:
        app, agent = pids[: len(APP)], pids[len(APP) :]
        return {"0123-app": docker_stats(app, "app"), "0123-agent": docker_stats(agent, "agent")}

    return endpoint.serve(f"/v4/{_family(size)}", document, stats)


def _family(size: float) -> str:
    return f"size-{size:g}"


def _seconds_used(processes: list[psutil.Process]) -> float:
    times = [each.cpu_times() for each in processes]
    return sum(each.user + each.system for each in times)
