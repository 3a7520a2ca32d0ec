"""Whether a live resource is still what a change expects, or already what it makes: asked again before each write."""

from __future__ import annotations

from collections.abc import Mapping

from generator.plan.model import Action, Change
from generator.resources.references import resolved
from generator.resources.types import Payload, ResourceType


def is_untouched(resource_type: ResourceType, change: Change, live: Payload) -> bool:
    """Say whether nothing has happened to the live resource since the plan was made."""
    return resource_type.comparable(live, change.after) == change.before


def is_ours(resource_type: ResourceType, change: Change, live: Payload) -> bool:
    """Say whether the live resource bears the tracking id of the change, or none where the change adopts it."""
    borne = resource_type.tracking_id(live)
    if borne is None:
        return change.action is Action.ADOPT
    return borne in (change.tracking_id, change.previous_id)


def is_done(resource_type: ResourceType, change: Change, live: Payload, ids: Mapping[str, str]) -> bool:
    """Say whether the live resource already equals the state after the change; `ids` resolve its references."""
    return change.after is not None and is_rendered(resource_type, change.after, live, ids)


def is_rendered(resource_type: ResourceType, payload: Payload, live: Payload, ids: Mapping[str, str]) -> bool:
    """Say whether the live resource is what the payload says, once `ids` resolve its references."""
    wanted = resolved(payload, ids) if resource_type.may_refer(payload) else payload
    return resource_type.comparable(live, wanted) == resource_type.comparable(wanted, wanted)
