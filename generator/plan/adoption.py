"""Taking over a live resource that the YAML names by its Datadog id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.plan.model import Obstacle
from generator.plan.options import PlanOptions
from generator.render.model import Resource
from generator.resources.tracking import workspace_of
from generator.resources.types import Payload, ResourceType


class Adoptions(NamedTuple):
    """By tracking id, what is taken over; and what must not be."""

    found: Mapping[str, Payload]
    refused: frozenset[str]
    obstacles: tuple[Obstacle, ...]


_NOTHING = Adoptions({}, frozenset(), ())


def adopted(
    resource_type: ResourceType, desired: Sequence[Resource], live: Sequence[Payload], *, options: PlanOptions
) -> Adoptions:
    adopting = [resource for resource in desired if resource.adopt is not None]
    if not adopting:
        return _NOTHING
    by_id = {str(payload.get("id")): payload for payload in live}
    holders = {found: payload for payload in live if (found := resource_type.tracking_id(payload)) is not None}
    found: dict[str, Payload] = {}
    obstacles: list[Obstacle] = []
    claimed: dict[str, str] = {}
    for resource in adopting:
        wanted = by_id.get(str(resource.adopt))
        holder = holders.get(resource.tracking_id)
        rival = claimed.setdefault(str(resource.adopt), resource.tracking_id)
        if rival != resource.tracking_id:
            obstacles.append(_twice(resource_type, resource, rival))
        elif (obstacle := _refusal(resource_type, resource, wanted, holder=holder, options=options)) is not None:
            obstacles.append(obstacle)
        elif holder is None and wanted is not None and resource_type.tracking_id(wanted) is None:
            found[resource.tracking_id] = wanted
    refused = frozenset(obstacle.tracking_id for obstacle in obstacles if obstacle.blocks)
    return Adoptions(found, refused, tuple(obstacles))


def _refusal(
    resource_type: ResourceType,
    resource: Resource,
    wanted: Payload | None,
    *,
    holder: Payload | None,
    options: PlanOptions,
) -> Obstacle | None:
    if wanted is None:
        return _stale(resource_type, resource) if holder is not None else _absent(resource_type, resource)
    owner = resource_type.tracking_id(wanted)
    if owner == resource.tracking_id or owner in resource.previous_ids:
        return None
    if holder is not None:
        return _conflict(resource_type, resource, holder)
    if owner is not None:
        return _owned(resource_type, resource, owner)
    if resource_type.identity(wanted) != resource_type.identity(resource.payload):
        return _other_identity(resource_type, resource)
    tool = resource_type.foreign_owner(wanted)
    if tool is not None and not options.take_over:
        return _foreign(resource_type, resource, tool)
    return None


def _obstacle(resource: Resource, rule: str, message: str, *, hint: str, blocks: bool = True) -> Obstacle:
    return Obstacle(
        rule,
        message,
        hint,
        blocks=blocks,
        tracking_id=resource.tracking_id,
        id=resource.adopt,
        path=resource.path,
        line=resource.line,
    )


def _absent(resource_type: ResourceType, resource: Resource) -> Obstacle:
    return _obstacle(
        resource,
        "adopt-absent",
        f"`adopt` names {resource_type.name} {resource.adopt}, which does not exist",
        hint="correct the id (it ends the address in the browser), or take `adopt` away to create a new one",
    )


def _stale(resource_type: ResourceType, resource: Resource) -> Obstacle:
    return _obstacle(
        resource,
        "adopt-stale",
        f"`adopt` names {resource_type.name} {resource.adopt}, which no longer exists; another one is managed",
        hint="take `adopt` away: it has done its work",
        blocks=False,
    )


def _conflict(resource_type: ResourceType, resource: Resource, holder: Payload) -> Obstacle:
    return _obstacle(
        resource,
        "adopt-conflict",
        f"`{resource.tracking_id}` is {resource_type.name} {holder.get('id')} already; {resource.adopt} would be a second",
        hint=f"take `adopt` away, or delete {holder.get('id')} in Datadog first",
    )


def _owned(resource_type: ResourceType, resource: Resource, owner: str) -> Obstacle:
    same = workspace_of(owner) == workspace_of(resource.tracking_id)
    hint = "rename it with `was`" if same else "move it: remove its toban mark in Datadog once the other has let it go"
    return _obstacle(
        resource,
        "adopt-owned",
        f"{resource_type.name} {resource.adopt} belongs to `{owner}`"
        + ("" if same else f", which is of workspace `{workspace_of(owner)}`"),
        hint=hint,
    )


def _other_identity(resource_type: ResourceType, resource: Resource) -> Obstacle:
    return _obstacle(
        resource,
        "adopt-other-type",
        f"{resource_type.name} {resource.adopt} is of another type than `{resource.tracking_id}`, "
        "or only one of them has a custom schedule; Datadog cannot change that in place",
        hint="adopt it as it is and change it in a second step, which replaces it",
    )


def _foreign(resource_type: ResourceType, resource: Resource, tool: str) -> Obstacle:
    return _obstacle(
        resource,
        "adopt-foreign",
        f"{resource_type.name} {resource.adopt} is marked as managed by `{tool}`",
        hint=f"remove it from `{tool}` first, then plan with `--take-over`",
    )


def _twice(resource_type: ResourceType, resource: Resource, rival: str) -> Obstacle:
    return _obstacle(
        resource,
        "adopt-twice",
        f"`{rival}` and `{resource.tracking_id}` both adopt {resource_type.name} {resource.adopt}",
        hint="leave `adopt` with one of them",
    )
