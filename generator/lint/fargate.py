"""What rules on ECS Fargate share: which tags tell tasks and containers apart, and what divides what."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.lint.walk import walk
from generator.query.inspection import leaves
from generator.query.nodes import Binary, MetricQuery, Tag

_CONTAINER_KEYS = frozenset({"container_id", "container_name", "docker_name", "ecs_container_name"})
_TASK_KEYS = frozenset({"task_arn", "task_family", "task_name", "task_version", "ecs_cluster", "ecs_cluster_name"})


def divisions(
    node: Binary, used: Callable[[MetricQuery], bool], limit: Callable[[MetricQuery], bool]
) -> Iterator[tuple[MetricQuery, MetricQuery]]:
    """The first such metric that a division divides, with each such metric that it is divided by."""
    limits = [leaf for leaf in leaves(node.right) if limit(leaf)] if node.operator == "/" else []
    first = next((leaf for leaf in leaves(node.left) if used(leaf)), None) if limits else None
    if first is not None:
        yield from ((first, each) for each in limits)


def is_by_container(leaf: MetricQuery) -> bool:
    return not _CONTAINER_KEYS.isdisjoint(leaf.group_by)


def is_by_task(leaf: MetricQuery) -> bool:
    """Whether its groups are single tasks, or less."""
    return "task_arn" in leaf.group_by or "container_id" in leaf.group_by


def names_tasks(leaf: MetricQuery) -> bool:
    """Whether its groups or its scope speak of ECS tasks."""
    if not _TASK_KEYS.isdisjoint(leaf.group_by):
        return True
    return any(isinstance(each, Tag) and each.key in _TASK_KEYS for each in walk(leaf.scope))
