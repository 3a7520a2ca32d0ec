"""From what a task's metadata endpoint answers, through the Agent check's arithmetic, to who is told."""

from __future__ import annotations

import copy
import importlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import pytest

from generator.render.renderer import render
from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.refusal import Refusal
from generator.simulate.telling import sent

ROOT = Path(__file__).parent.parent.parent
RECORDED = ROOT.parent / "shared" / "fixtures" / "ecs" / "integrations_core"
WRITTEN = ROOT / "checks" / "tests" / "tasks"
START = 1_800_000_000
MINUTES = 40
FILES = {
    "monitors/organization.yaml": b"workspace: main\nnotify: '@slack-ops'\n"
    b"environments: {production: {scope: 'env:production'}}\n",
    "monitors/api.yaml": b"service: api\nmonitors:\n  cpu: {kind: fargate_cpu, task_family: api, source: custom_check,"
    b" thresholds: {critical: 80}}\n",
}


class Check(NamedTuple):
    """The modules of the check that need none of the Agent's libraries."""

    documents: ModuleType
    cpu: ModuleType
    metrics: ModuleType


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.syspath_prepend(str(ROOT / "checks" / "checks.d"))
    return Check(*(importlib.import_module(f"toban_fargate_{name}") for name in ("documents", "cpu", "metrics")))


def answers(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A task's document and its containers' counters."""
    if name in ("quarter_vcpu", "four_vcpu"):
        written = json.loads((WRITTEN / f"{name}.json").read_text(encoding="utf-8"))
        return written["task"], written["stats"]
    files = {"linux, 2023": ("metadata_v4", "stats_linux_v4"), "linux, 2017": ("metadata", "stats")}
    if not RECORDED.is_dir():
        pytest.skip("the recordings of real tasks are not in this repository")
    task, stats = (json.loads((RECORDED / f"{file}.json").read_text(encoding="utf-8")) for file in files[name])
    return task, stats


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def as_used(stats: dict[str, Any], cores: float, at: int) -> dict[str, Any]:
    """The answer at a moment of a task that has used so many cores since START: all in its busiest container."""
    now = copy.deepcopy({name: each for name, each in stats.items() if each})
    busiest = max(now, key=lambda name: now[name]["cpu_stats"]["cpu_usage"]["total_usage"])
    for name, each in now.items():
        used = cores if name == busiest else 0.0
        each["read"], each["preread"] = moment(at), moment(at - 10)
        for key, seconds in (("cpu_stats", at - START), ("precpu_stats", at - 10 - START)):
            each[key]["cpu_usage"]["total_usage"] = 10**12 + round(used * seconds * 10**9)
    return now


def points(check: Check, name: str, *, cores: float, limit: float) -> Iterator[tuple[int, str, float, tuple[str, ...]]]:
    document, stats = answers(name)
    document = {**document, "Family": "api", "Cluster": "main", "Limits": {"CPU": limit, "Memory": 512}}
    memory: Any = {}
    for at in range(START, START + MINUTES * 60, 20):
        task = check.documents.task_of(document)
        found = check.cpu.measured(
            task, check.documents.stats_of(as_used(stats, cores, at)), memory, now_ns=(at + 1) * 10**9
        )
        memory = found.memory
        for point in check.metrics.points(task, found, with_irix=False):
            yield at, str(point.metric), point.value, point.tags


def history(check: Check, name: str, *, cores: float, limit: float) -> History:
    rows: dict[tuple[str, tuple[str, ...]], list[tuple[int, float]]] = {}
    for at, metric, value, tags in points(check, name, cores=cores, limit=limit):
        rows.setdefault((metric, tags), []).append((at, value))
    return History(
        Series(
            metric=metric,
            times=np.array([at for at, _ in found], dtype=np.int64),
            values=np.array([value for _, value in found], dtype=np.float64),
            tags=frozenset({"env:production", *(tag.lower() for tag in tags)}),
        )
        for (metric, tags), found in rows.items()
    )


@pytest.mark.parametrize("name", ["quarter_vcpu", "four_vcpu", "linux, 2023", "linux, 2017"])
@pytest.mark.parametrize(
    ("cores", "limit", "told"),
    [
        pytest.param(2.4, 4, (), id="Irix 240 % of 4 vCPU is well at a threshold of 80 %"),
        pytest.param(0.25, 0.25, ("@slack-ops",), id="Irix 25 % of 0.25 vCPU is full"),
        pytest.param(3.6, 4, ("@slack-ops",), id="Irix 360 % of 4 vCPU is too much"),
        pytest.param(0.18, 0.25, (), id="Irix 18 % of 0.25 vCPU is well"),
    ],
)
def test_percent_of_what_the_task_may_use_decides(
    check: Check, name: str, *, cores: float, limit: float, told: tuple[str, ...]
) -> None:
    rendering = render(FILES)
    assert rendering.findings == ()
    (monitor,) = rendering.resources
    simulation = simulate(
        monitor.payload, history(check, name, cores=cores, limit=limit), since=START, until=START + MINUTES * 60
    )
    assert not isinstance(simulation, Refusal)
    (group,) = simulation.groups
    assert group.group
    arrived = sent(monitor.payload, group, lambda _: UTC)
    assert tuple(handle for each in arrived for handle in each.told) == told
