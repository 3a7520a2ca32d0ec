"""Which tags the metrics of an ECS Fargate task have: those of its containers have more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta

from generator.query.nodes import AllOf, AnyOf, Membership, Not, Scope, Tag, Terms

TaskFamily = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_*-]{1,255}$(?!\n)",
        title="a name of letters, digits, `_` and `-`, such as `usage-api`; `*` is a wildcard",
    ),
]
GroupKey = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z@][A-Za-z0-9_./@-]{0,199}$(?!\n)", title="the key of a tag, such as `ecs_cluster_name`"),
]

_OF_CONTAINERS = frozenset({"ecs_container_name", "short_image"})
_PREFIXES_OF_CONTAINERS = ("container_", "docker_", "image_")


def is_of_container(key: str) -> bool:
    """Whether the Agent gives the tag to a container only; the task's limit is a metric without it."""
    lowered = key.lower()
    return lowered in _OF_CONTAINERS or lowered.startswith(_PREFIXES_OF_CONTAINERS)


def scope_keys(scope: Scope) -> Iterator[str]:
    """The keys that a scope asks for, in order, those that it excludes among them."""
    waiting: list[Scope] = [scope]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Tag | Membership):
            yield found.key
        elif isinstance(found, Not):
            waiting.append(found.operand)
        elif isinstance(found, Terms | AllOf | AnyOf):
            waiting.extend(reversed(found.operands))
