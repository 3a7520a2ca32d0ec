"""What Datadog's Agent sends of an ECS Fargate task, and what a query makes of such series at one moment."""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from generator.query.nodes import Binary, Everything, Expression, MetricQuery, Number, Scope, Tag, Terms

FIXTURES = Path(__file__).parent.parent.parent.parent / "shared" / "fixtures" / "ecs" / "integrations_core"
NANOCORES = 1e9
CPU_UNITS = 1024


@dataclass(frozen=True)
class Container:
    """What a container used of a core, and Datadog's stock percent of it: none on Windows."""

    name: str
    cores: float
    stock_percent: float | None
    cpu_units: int = 2


@dataclass(frozen=True)
class Task:
    arn: str
    vcpu: float
    containers: tuple[Container, ...]
    family: str = "usage-api"


@dataclass(frozen=True)
class Series:
    metric: str
    tags: Mapping[str, str]
    value: float


# What is sent.


def recorded_task(metadata: str, stats: str) -> Task:
    """A task as its metadata endpoint told it; skips the test where the recordings are absent."""
    if not FIXTURES.exists():
        pytest.skip("needs the recorded tasks in ../shared/fixtures/ecs, which are not in this checkout")
    task = json.loads((FIXTURES / metadata).read_text(encoding="utf-8"))
    found = json.loads((FIXTURES / stats).read_text(encoding="utf-8"))
    containers = tuple(_recorded_container(key, each) for key, each in found.items() if each)
    return Task(task["TaskARN"], task["Limits"]["CPU"], containers)


def _recorded_container(name: str, stats: Mapping[str, Any]) -> Container:
    now, before = stats["cpu_stats"], stats["precpu_stats"]
    used = now["cpu_usage"]["total_usage"] - before["cpu_usage"]["total_usage"]
    cores = used / (_nanoseconds(stats["read"]) - _nanoseconds(stats["preread"]))
    system = now.get("system_cpu_usage", 0) - before.get("system_cpu_usage", 0)
    percent = round(used / system * now["online_cpus"] * 100, 2) if system > 0 else None
    return Container(name, cores, percent)


def _nanoseconds(time: str) -> int:
    whole, _, fraction = time.removesuffix("Z").partition(".")
    return int(datetime.fromisoformat(f"{whole}+00:00").timestamp()) * 10**9 + int(fraction.ljust(9, "0"))


def sent(tasks: Iterable[Task], check: Mapping[str, Callable[[Task], float]]) -> list[Series]:
    """All series of these tasks: the stock integration's, the Agent's, and the check's, by metric name."""
    return [series for task in tasks for series in _sent(task, check)]


def _sent(task: Task, check: Mapping[str, Callable[[Task], float]]) -> Iterable[Series]:
    tags = {"env": "production", "task_family": task.family, "ecs_cluster_name": "web", "task_arn": task.arn}
    yield Series("ecs.fargate.cpu.task.limit", tags, task.vcpu * NANOCORES)
    for name, value in check.items():
        yield Series(name, tags, value(task))
    for container in task.containers:
        own = {**tags, "container_name": container.name, "container_id": f"{task.arn}/{container.name}"}
        yield Series("ecs.fargate.cpu.usage", own, container.cores * NANOCORES)
        yield Series("ecs.fargate.cpu.limit", own, container.cpu_units)
        yield Series("container.cpu.usage", own, container.cores * NANOCORES)
        yield Series("container.cpu.limit", own, task.vcpu * NANOCORES)
        if container.stock_percent:
            yield Series("ecs.fargate.cpu.percent", own, container.stock_percent)


# What a query makes of it.

Groups = dict[tuple[str, ...], float]
_OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
_SPACES: dict[str, Callable[[list[float]], float]] = {"sum": sum, "max": max, "min": min}


def value_by_group(expression: Expression, series: list[Series]) -> Groups:
    """Of each group that all metrics of the expression have."""
    if isinstance(expression, MetricQuery):
        return _grouped(expression, series)
    assert isinstance(expression, Binary)
    apply = _OPERATORS[expression.operator]
    left = value_by_group(expression.left, series)
    if isinstance(expression.right, Number):
        return {group: apply(value, expression.right.value) for group, value in left.items()}
    right = value_by_group(expression.right, series)
    return {group: apply(value, right[group]) for group, value in left.items() if group in right}


def _grouped(query: MetricQuery, series: list[Series]) -> Groups:
    found: dict[tuple[str, ...], list[float]] = {}
    for each in series:
        if each.metric == query.metric and _holds(query.scope, each.tags) and set(query.group_by) <= set(each.tags):
            found.setdefault(tuple(each.tags[key] for key in query.group_by), []).append(each.value)
    assert isinstance(query.space, str)
    return {group: _SPACES[query.space](values) for group, values in found.items()}


def _holds(scope: Scope, tags: Mapping[str, str]) -> bool:
    if isinstance(scope, Everything):
        return True
    if isinstance(scope, Terms):
        return all(_holds(each, tags) for each in scope.operands)
    assert isinstance(scope, Tag)
    return tags.get(scope.key) == scope.value


def cores_of(task: Task) -> float:
    return functools.reduce(operator.add, (container.cores for container in task.containers))
