"""Puts an archived resource back: over what is live of it, or as a new one where it was deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError, Rejected, Uncertain
from generator.plan.model import Action
from generator.resources.types import Payload, ResourceType, resource_types
from generator.sync.archive import Archive, Archived
from generator.sync.outcome import Outcome, Status


def forecast(archived: Archived, client: Datadog) -> str:
    """What putting it back would do, for people, before anything is done."""
    resource_type = resource_types()[archived.resource]
    told = f"{archived.resource} {archived.id} `{name_of(archived)}`"
    if client.read(resource_type, archived.id) is not None:
        return f"{told} is there, and gets back what it was"
    lost = f"{told} is gone: it gets a new id, and its history, mutes and links to it stay lost"
    days = resource_type.undelete_days
    return (
        lost
        if days is None
        else f"{lost}; for {days} days Datadog itself can undelete it, in the browser, with all that"
    )


def all_restored(found: Iterable[Archived], client: Datadog, *, archive: Archive) -> tuple[Outcome, ...]:
    """Restore each after what it refers to, which may have got a new id."""
    new_ids: dict[str, str] = {}
    outcomes = []
    for each in sorted(found, key=lambda each: resource_types()[each.resource].order(each.payload)):
        outcome = restored(_renumbered(each, new_ids), client, archive=archive)
        if outcome.is_as_planned and outcome.id is not None and outcome.id != each.id:
            new_ids[each.id] = outcome.id
        outcomes.append(outcome)
    return tuple(outcomes)


def _renumbered(archived: Archived, new_ids: Mapping[str, str]) -> Archived:
    if not new_ids or not resource_types()[archived.resource].may_refer(archived.payload):
        return archived
    words = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, new_ids))})(?![\w-])")

    def renumbered(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renumbered(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [renumbered(inner) for inner in value]
        if isinstance(value, str):
            return words.sub(lambda match: new_ids[match.group()], value)
        if isinstance(value, int) and str(value) in new_ids:
            return int(new_ids[str(value)])
        return value

    return msgspec.structs.replace(archived, payload={**renumbered(archived.payload), "id": archived.payload.get("id")})


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
