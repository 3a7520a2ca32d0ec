"""What is sent to Datadog for a measurement: names and tags. `metadata.csv` describes each metric."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from toban_fargate_cpu import ContainerUse, Measurement, TaskUse
from toban_fargate_documents import Task


class Metric(StrEnum):
    """Every metric, by its whole name."""

    TASK_PERCENT = "toban.fargate.cpu.task.percent"
    TASK_CORES = "toban.fargate.cpu.task.cores"
    TASK_LIMIT_CORES = "toban.fargate.cpu.task.limit_cores"
    TASK_CUT = "toban.fargate.cpu.task.cut"
    TASK_MISSING_CONTAINERS = "toban.fargate.cpu.task.missing_containers"
    TASK_ONLINE_CPUS = "toban.fargate.cpu.task.online_cpus"
    TASK_DATA_AGE = "toban.fargate.cpu.task.data_age"
    CONTAINER_PERCENT = "toban.fargate.cpu.container.percent"
    CONTAINER_CORES = "toban.fargate.cpu.container.cores"
    CONTAINER_RESERVATION_PERCENT = "toban.fargate.cpu.container.reservation_percent"
    CONTAINER_IRIX_PERCENT = "toban.fargate.cpu.container.irix_percent"
    CONTAINER_DATA_AGE = "toban.fargate.cpu.container.data_age"


@dataclass(frozen=True)
class Point:
    """One value to send."""

    metric: Metric
    value: float
    tags: tuple[str, ...]


def task_tags(task: Task) -> tuple[str, ...]:
    """What keeps tasks apart: metrics of Fargate have no host, and equal series overwrite each other."""
    tags = (
        ("task_arn", task.arn),
        ("task_family", task.family),
        ("task_version", task.version),
        ("ecs_cluster_name", task.cluster),
    )
    return tuple(f"{key}:{value}" for key, value in tags if value is not None)


def points(task: Task, measurement: Measurement, *, with_irix: bool) -> Iterator[Point]:
    """All that one run sends. What is not known is not sent."""
    tags = task_tags(task)
    yield from _points(_of_task(measurement.task), tags)
    for each in measurement.containers:
        yield from _points(_of_container(each, with_irix=with_irix), (*tags, f"ecs_container_name:{each.name}"))


def _points(values: dict[Metric, float | None], tags: tuple[str, ...]) -> Iterator[Point]:
    return (Point(metric, value, tags) for metric, value in values.items() if value is not None)


def _of_task(use: TaskUse) -> dict[Metric, float | None]:
    return {
        Metric.TASK_PERCENT: use.percent,
        Metric.TASK_CORES: use.cores,
        Metric.TASK_LIMIT_CORES: use.limit_cores,
        Metric.TASK_CUT: None if use.percent is None else int(use.is_cut),
        Metric.TASK_MISSING_CONTAINERS: use.missing,
        Metric.TASK_ONLINE_CPUS: use.online_cpus,
        Metric.TASK_DATA_AGE: use.age_seconds,
    }


def _of_container(use: ContainerUse, *, with_irix: bool) -> dict[Metric, float | None]:
    return {
        Metric.CONTAINER_PERCENT: use.percent,
        Metric.CONTAINER_CORES: use.cores,
        Metric.CONTAINER_RESERVATION_PERCENT: use.reservation_percent,
        Metric.CONTAINER_IRIX_PERCENT: use.irix_percent if with_irix else None,
        Metric.CONTAINER_DATA_AGE: use.age_seconds,
    }
