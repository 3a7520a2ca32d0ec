"""The check against psutil, for half a minute, on real processes under a known load.

The check reads nanoseconds that the scheduler counts (/proc/PID/schedstat) through HTTP; psutil reads the ticks of
/proc/PID/stat. Three tasks of different size share the processes, so that one half minute measures them all.
"""

from __future__ import annotations

import contextlib
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

# Shares of a core by container: 80 % of the smallest task, and 0.6 of a core in all, bounded for machines of two.
APP, AGENT, WORKER = (0.1, 0.05), (0.05,), (0.2, 0.2)
SMALL = {"app": APP, "agent": AGENT}
LARGE = {**SMALL, "worker": WORKER}
TASKS = {0.25: SMALL, 1: LARGE, 2: LARGE}
SECONDS, RUNS = 30, 6
POINTS = 3
Pids = dict[str, list[int]]


@pytest.mark.skipif(not counts_nanoseconds(), reason="needs a kernel that counts in /proc/PID/schedstat")
def test_the_percent_is_what_psutil_measures(  # noqa: PLR0913 - the harness
    *,
    endpoint: MetadataEndpoint,
    check_of: Callable[..., TobanFargateCheck],
    aggregator: AggregatorStub,
    dd_run_check: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    measured_figures: list[str],
) -> None:
    with contextlib.ExitStack() as stack:
        pids = {name: stack.enter_context(busy(*shares)) for name, shares in LARGE.items()}
        checks = {
            address: check_of(address, clock=time.time_ns)
            for address in (_serve(endpoint, size, pids) for size in TASKS)
        }
        # The interpreters start up first.
        time.sleep(1)
        began, used_before = time.monotonic(), _seconds_used(pids)
        for run in range(RUNS + 1):
            time.sleep(max(0.0, began + run * SECONDS / RUNS - time.monotonic()))
            for address, check in checks.items():
                monkeypatch.setenv("ECS_CONTAINER_METADATA_URI_V4", address)
                dd_run_check(check)
        elapsed, used = time.monotonic() - began, _seconds_used(pids)
    assert elapsed >= SECONDS
    for size, containers in TASKS.items():
        cores = sum(used[name] - used_before[name] for name in containers) / elapsed
        assert 0 < cores < size, "the load must neither be absent nor fill the task"
        points = [
            each.value
            for each in aggregator.metrics(Metric.TASK_PERCENT)
            if f"task_family:{_family(size)}" in each.tags
        ]
        percent, expected = sum(points) / RUNS, 100 * cores / size
        measured_figures.append(f"{size:g} vCPU: {percent:.3f} % by the check, {expected:.3f} % by psutil")
        assert len(points) == RUNS
        assert percent == pytest.approx(expected, abs=POINTS)


def _serve(endpoint: MetadataEndpoint, size: float, pids: Pids) -> str:
    document = task(*map(container, TASKS[size]), cpu=size, Family=_family(size))

    def stats() -> dict[str, Any]:
        return {f"0123-{name}": docker_stats(pids[name], name) for name in TASKS[size]}

    return endpoint.serve(f"/v4/{_family(size)}", document, stats)


def _family(size: float) -> str:
    return f"size-{size:g}"


def _seconds_used(pids: Pids) -> dict[str, float]:
    """By container, since its processes began."""
    times = {name: [psutil.Process(pid).cpu_times() for pid in each] for name, each in pids.items()}
    return {name: sum(each.user + each.system for each in found) for name, found in times.items()}
