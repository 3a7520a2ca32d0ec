"""Puts an archived resource back: over what is live of it, or as a new one where it was deleted."""

from __future__ import annotations

from typing import Any

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError, Rejected, Uncertain
from generator.plan.model import Action
from generator.resources.types import Payload, ResourceType, resource_types
from generator.sync.archive import Archive, Archived
from generator.sync.outcome import Outcome, Status


def restored(archived: Archived, client: Datadog, *, archive: Archive) -> Outcome:
    """Write it as it was, marks included. What that overwrites is kept in `archive` first."""
    resource_type = resource_types()[archived.resource]
    action = Action.UPDATE
    try:
        live = client.read(resource_type, archived.id)
        if live is not None:
            return _overwritten(archived, client, live, archive)
        action = Action.CREATE
        return _created(archived, client)
    except Rejected as refusal:
        return _outcome(archived, action, Status.REFUSED, str(refusal))
    except ApiError as error:
        return _outcome(archived, action, Status.FAILED, str(error))


def _overwritten(archived: Archived, client: Datadog, live: Payload, archive: Archive) -> Outcome:
    resource_type = resource_types()[archived.resource]
    if _is_as_archived(resource_type, archived, live):
        return _outcome(archived, Action.UPDATE, Status.ALREADY)
    archive.keep(archived.resource, archived.id, live)
    try:
        client.update(resource_type, archived.id, resource_type.writable(_body(archived), live))
    except Uncertain:
        now = client.read(resource_type, archived.id)
        if now is None or not _is_as_archived(resource_type, archived, now):
            raise
    return _outcome(archived, Action.UPDATE, Status.DONE)


def _created(archived: Archived, client: Datadog) -> Outcome:
    """Create it, unless its tracking id is borne by another one: a sync has created it anew since."""
    resource_type = resource_types()[archived.resource]
    tracking_id = resource_type.tracking_id(archived.payload)
    if tracking_id is not None and (twins := client.find(resource_type, tracking_id)):
        message = f"`{archived.id}` was deleted, and `{twins[0]['id']}` has taken its place; it was left alone"
        return _outcome(archived, Action.CREATE, Status.REFUSED, message)
    try:
        new_id = client.create(resource_type, _body(archived))["id"]
    except Uncertain:
        found = client.find(resource_type, tracking_id) if tracking_id is not None else ()
        if not found:
            raise
        new_id = found[0]["id"]
    message = f"its id was `{archived.id}`: what referred to that must be changed" if str(new_id) != archived.id else ""
    return _outcome(archived, Action.CREATE, Status.DONE, message, new_id=str(new_id))


def _is_as_archived(resource_type: ResourceType, archived: Archived, live: Payload) -> bool:
    wanted = archived.payload
    return resource_type.comparable(live, wanted) == resource_type.comparable(wanted, wanted)


def _body(archived: Archived) -> dict[str, Any]:
    """Give what can be written of it. Its mark stays as it was: an adopted resource had none before."""
    payload = archived.payload
    taken = resource_types()[archived.resource].tracked(payload, "")
    return {key: payload[key] for key in taken if key in payload}


def name_of(archived: Archived) -> str:
    """Give its tracking id, else its title."""
    resource_type = resource_types()[archived.resource]
    return resource_type.tracking_id(archived.payload) or resource_type.title(archived.payload)


def _outcome(
    archived: Archived, action: Action, status: Status, message: str = "", *, new_id: str | None = None
) -> Outcome:
    return Outcome(name_of(archived), archived.resource, action, status, new_id or archived.id, message)
