"""Desired resources made ready for matching: marked as ours, each id once, none nested beyond reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from generator.plan.model import Obstacle
from generator.plan.options import PlanOptions
from generator.render.model import Resource
from generator.resources.canonical import canonical
from generator.resources.tracking import service_of
from generator.resources.types import ResourceType, resource_types

DEEPEST = 100
"""How deeply a payload may be nested: what walks payloads calls itself."""


class Prepared(NamedTuple):
    """Resources by type, all of them, and what the desired digest covers: those inside the filter.

    `refused` are the ids, former ones included, of what is desired but cannot be planned.
    """

    by_type: Mapping[str, Sequence[Resource]]
    canonical: Sequence[tuple[str, str, bytes]]
    refused: frozenset[str]
    obstacles: Sequence[Obstacle]


def prepared(desired: Sequence[Resource], options: PlanOptions) -> Prepared:
    by_type: dict[str, dict[str, Resource]] = {name: {} for name in resource_types()}
    covered: list[tuple[str, str, bytes]] = []
    refused: set[str] = set()
    obstacles: list[Obstacle] = []
    for resource in desired:
        ready = _marked(resource_types()[resource.resource], resource)
        others = by_type[resource.resource]
        text = _misplaced(resource, others, options.workspace) or _canonical(ready)
        if isinstance(text, Obstacle):
            obstacles.append(text)
            refused.update((resource.tracking_id, *resource.previous_ids))
            continue
        others[resource.tracking_id] = ready
        if in_scope(resource.tracking_id, options):
            covered.append((resource.tracking_id, resource.resource, text))
    complete = {name: tuple(found.values()) for name, found in by_type.items()}
    return Prepared(complete, covered, frozenset(refused), obstacles)


def in_scope(tracking_id: str, options: PlanOptions) -> bool:
    return not options.only or service_of(tracking_id) in options.only


def _marked(resource_type: ResourceType, resource: Resource) -> Resource:
    payload = resource.payload
    if resource_type.tracking_id(payload) == resource.tracking_id:
        return resource
    return msgspec.structs.replace(resource, payload=resource_type.tracked(payload, resource.tracking_id))


def _misplaced(resource: Resource, others: Mapping[str, Resource], workspace: str) -> Obstacle | None:
    if not resource.tracking_id.startswith(workspace + "/"):
        return _elsewhere(resource, workspace)
    first = others.get(resource.tracking_id)
    return None if first is None else _twice(resource, first)


def _canonical(resource: Resource) -> bytes | Obstacle:
    try:
        text = canonical(resource.payload)
    except RecursionError:
        return _too_deep(resource)
    except (UnicodeEncodeError, TypeError) as error:
        return _not_json(resource, error)
    if text.count(b"{") + text.count(b"[") > DEEPEST and is_too_deep(resource.payload):
        return _too_deep(resource)
    return text


def is_too_deep(payload: object) -> bool:
    level = [payload]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return False
    return True


def _inside(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _obstacle(resource: Resource, rule: str, message: str, *, hint: str) -> Obstacle:
    return Obstacle(rule, message, hint, tracking_id=resource.tracking_id, path=resource.path, line=resource.line)


def _twice(resource: Resource, first: Resource) -> Obstacle:
    return _obstacle(
        resource,
        "desired-twice",
        f"`{resource.tracking_id}` is defined twice, first at {first.path}:{first.line}",
        hint="rename one of them",
    )


def _elsewhere(resource: Resource, workspace: str) -> Obstacle:
    return _obstacle(
        resource,
        "other-workspace",
        f"`{resource.tracking_id}` is not of the workspace `{workspace}` that is planned",
        hint="plan each workspace from its own repository",
    )


def _too_deep(resource: Resource) -> Obstacle:
    return _obstacle(
        resource,
        "nested-too-deep",
        f"`{resource.tracking_id}` is nested more than {DEEPEST} levels deep",
        hint="no Datadog resource needs that: look for a slip of indentation",
    )


def _not_json(resource: Resource, error: Exception) -> Obstacle:
    problem = "half of a surrogate pair" if isinstance(error, UnicodeEncodeError) else "a key that is no text"
    return _obstacle(
        resource,
        "not-json",
        f"`{resource.tracking_id}` holds {problem}, which cannot be sent to Datadog",
        hint="write the character itself" if isinstance(error, UnicodeEncodeError) else "put the key into quotes",
    )
