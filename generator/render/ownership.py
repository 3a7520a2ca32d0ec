"""Tags and tracking ids of what an entry makes."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from generator.finding import Finding, Severity
from generator.render.entries import Entry
from generator.render.model import Resource
from generator.render.surroundings import Surroundings
from generator.resources.tracking import LONGEST_ID, is_tracking_id
from generator.resources.types import ResourceType
from generator.source.wording import shown


def tags_of(entry: Entry, own: tuple[str, ...]) -> list[str]:
    """The layers' tags and those that say whose it is."""
    environment = entry.around.environments[entry.environment]
    return list(dict.fromkeys((*own, *_environment_tags(environment, entry.environment), *_owner_tags(entry.around))))


def _environment_tags(environment: Any, name: str) -> tuple[str, ...]:
    tags = () if environment.tags is UNSET else tuple(environment.tags)
    return tags if any(tag.startswith("env:") for tag in tags) else (*tags, f"env:{name}")


def _owner_tags(around: Surroundings) -> tuple[str, ...]:
    team = (f"team:{around.team}",) if around.team else ()
    return (f"service:{around.service}", *team)


def tracked_resource(
    entry: Entry, name: str, payload: dict[str, Any], resource_type: ResourceType
) -> Resource | Finding:
    """The payload with its tracking id."""
    tracking_id = tracking_id_of(entry, name)
    definition = entry.definition
    if not is_tracking_id(tracking_id):
        span = definition.document.key_span(definition.place)
        message = f"{shown(tracking_id, 240)} cannot be a tracking id"
        hint = f"parts are a-z, 0-9, `.`, `_` and `-`, start with one of a-z, 0-9, and fit into {LONGEST_ID} characters"
        return Finding("tracking-id", Severity.ERROR, message, span, hint=hint)
    tracked = dict(resource_type.tracked(payload, tracking_id))
    previous = previous_ids(entry, name, tracking_id)
    return Resource(
        tracking_id, resource_type.name, tracked, definition.document.path, 0, previous_ids=previous, adopt=entry.adopt
    )


def tracking_id_of(entry: Entry, name: str) -> str:
    workspace = entry.around.project.organization.workspace
    return f"{workspace}/{entry.around.service}/{name}/{entry.environment}"


def previous_ids(entry: Entry, name: str, tracking_id: str) -> tuple[str, ...]:
    """All ids that earlier names of the monitor, service and environment give."""
    around = entry.around
    if (
        entry.placement.was is UNSET
        and around.content.was is UNSET
        and around.environments[entry.environment].was is UNSET
    ):
        return ()
    suffix = name.removeprefix(entry.definition.name)
    names = (name, *(f"{was}{suffix}" for was in _earlier(entry.placement.was)))
    services = (around.service, *_earlier(around.content.was))
    environments = (entry.environment, *_earlier(around.environments[entry.environment].was))
    workspace = around.project.organization.workspace
    every = (f"{workspace}/{s}/{n}/{e}" for s in services for n in names for e in environments)
    return tuple(each for each in every if each != tracking_id)


def _earlier(was: Any) -> tuple[str, ...]:
    if was is UNSET:
        return ()
    return (was,) if isinstance(was, str) else tuple(was)
