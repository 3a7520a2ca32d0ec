"""Taking over a live resource that the YAML names by its Datadog id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.plan.live import Live
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


def adopted(live: Live, desired: Sequence[Resource], heirs: Mapping[str, str], *, options: PlanOptions) -> Adoptions:
    """Decide on each `adopt`; `heirs` are the resources that continue, by `was`, what bears another id until now."""
    adopting = [resource for resource in desired if resource.adopt is not None]
    if not adopting:
        return _NOTHING
    by_id = {str(payload["id"]): payload for payload in live.all}
    found: dict[str, Payload] = {}
    obstacles: list[Obstacle] = []
    claimed: dict[str, str] = {}
    for resource in adopting:
        claim = _claim(live, resource, by_id.get(str(resource.adopt)), heirs.get(resource.tracking_id))
        rival = claimed.setdefault(str(resource.adopt), resource.tracking_id)
        obstacle = _refusal(claim, options) if rival == resource.tracking_id else _twice(claim, rival)
        if obstacle is not None:
            obstacles.append(obstacle)
        elif claim.wanted is not None and claim.owner is None:
            found[resource.tracking_id] = claim.wanted
    refused = frozenset(obstacle.tracking_id for obstacle in obstacles if obstacle.blocks)
    return Adoptions(found, refused, tuple(obstacles))


class _Claim(NamedTuple):
    """An `adopt`: the live resource that it names, whose it is, and the one that is this resource's already."""

    resource_type: ResourceType
    resource: Resource
    wanted: Payload | None
    owner: str | None
    holder: Payload | None
    is_own: bool

    @property
    def named(self) -> str:
        return f"{self.resource_type.name} {self.resource.adopt}"


def _claim(live: Live, resource: Resource, wanted: Payload | None, previous: str | None) -> _Claim:
    owner = live.resource_type.tracking_id(wanted) if wanted is not None else None
    held = live.own.get(resource.tracking_id) or live.own.get(previous or "")
    is_own = owner is not None and owner in {resource.tracking_id, previous}
    return _Claim(live.resource_type, resource, wanted, owner, held[0] if held else None, is_own)


def _refusal(claim: _Claim, options: PlanOptions) -> Obstacle | None:
    if claim.wanted is None:
        return _absent(claim) if claim.holder is None else _stale(claim)
    if claim.is_own:
        return None
    if claim.holder is not None:
        return _conflict(claim, claim.holder)
    if claim.owner is not None:
        return _owned(claim, claim.owner)
    return _unfit(claim, claim.wanted, options)


def _unfit(claim: _Claim, wanted: Payload, options: PlanOptions) -> Obstacle | None:
    if claim.resource_type.identity(wanted) != claim.resource_type.identity(claim.resource.payload):
        return _other_identity(claim)
    tool = claim.resource_type.foreign_owner(wanted)
    return _foreign(claim, tool) if tool is not None and not options.take_over else None


def _obstacle(claim: _Claim, rule: str, message: str, *, hint: str, blocks: bool = True) -> Obstacle:
    resource = claim.resource
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


def _absent(claim: _Claim) -> Obstacle:
    return _obstacle(
        claim,
        "adopt-absent",
        f"`adopt` names {claim.named}, which does not exist",
        hint="correct the id (it ends the address in the browser), or take `adopt` away to create a new one",
    )


def _stale(claim: _Claim) -> Obstacle:
    return _obstacle(
        claim,
        "adopt-stale",
        f"`adopt` names {claim.named}, which no longer exists; another one is managed",
        hint="take `adopt` away: it has done its work",
        blocks=False,
    )


def _conflict(claim: _Claim, holder: Payload) -> Obstacle:
    return _obstacle(
        claim,
        "adopt-conflict",
        f"`{claim.resource.tracking_id}` is {claim.resource_type.name} {holder.get('id')} already; "
        f"{claim.resource.adopt} would be a second",
        hint=f"take `adopt` away, or delete {holder.get('id')} in Datadog first",
    )


def _owned(claim: _Claim, owner: str) -> Obstacle:
    same = workspace_of(owner) == workspace_of(claim.resource.tracking_id)
    hint = "rename it with `was`" if same else "move it: remove its toban mark in Datadog once the other has let it go"
    return _obstacle(
        claim,
        "adopt-owned",
        f"{claim.named} belongs to `{owner}`" + ("" if same else f", which is of workspace `{workspace_of(owner)}`"),
        hint=hint,
    )


def _other_identity(claim: _Claim) -> Obstacle:
    return _obstacle(
        claim,
        "adopt-other-type",
        f"{claim.named} is of another type than `{claim.resource.tracking_id}`, "
        "or only one of them has a custom schedule; Datadog cannot change that in place",
        hint="adopt it as it is and change it in a second step, which replaces it",
    )


def _foreign(claim: _Claim, tool: str) -> Obstacle:
    return _obstacle(
        claim,
        "adopt-foreign",
        f"{claim.named} is marked as managed by `{tool}`",
        hint=f"remove it from `{tool}` first, then plan with `--take-over`",
    )


def _twice(claim: _Claim, rival: str) -> Obstacle:
    return _obstacle(
        claim,
        "adopt-twice",
        f"`{rival}` and `{claim.resource.tracking_id}` both adopt {claim.named}",
        hint="leave `adopt` with one of them",
    )
