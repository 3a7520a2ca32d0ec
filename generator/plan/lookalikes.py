"""Creates that would make a second copy of what is already there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from generator.plan.model import Obstacle
from generator.render.model import Resource
from generator.resources.references import resolved
from generator.resources.tracking import environment_of
from generator.resources.types import Payload, ResourceType


def lost_tags(
    resource_type: ResourceType, created: Sequence[Resource], untracked: Iterable[Payload], ids: Mapping[str, str]
) -> Iterator[Obstacle]:
    """Find live resources that equal what would be created but bear no mark of toban."""
    if not created:
        return
    by_title = defaultdict(list)
    for payload in untracked:
        by_title[resource_type.title(payload).strip()].append(payload)
    for resource in created:
        namesakes = by_title.get(resource_type.title(resource.payload).strip(), ())
        if namesakes:
            likeness = resource_type.likeness(resolved(resource.payload, ids))
            yield from (
                _lost_tag(resource_type, resource, payload)
                for payload in namesakes
                if resource_type.likeness(payload) == likeness
            )


def _lost_tag(resource_type: ResourceType, resource: Resource, payload: Payload) -> Obstacle:
    live_id = payload.get("id")
    return Obstacle(
        "lost-tag",
        f"`{resource.tracking_id}` would be created, but {resource_type.name} {live_id} is the same "
        "and only lacks the mark of toban",
        f"take it over with `adopt: {{{environment_of(resource.tracking_id)}: {live_id}}}`, "
        "or delete or rename it in Datadog",
        tracking_id=resource.tracking_id,
        id=str(live_id),
        path=resource.path,
        line=resource.line,
    )


def probable_renames(
    resource_type: ResourceType, created: Sequence[Resource], strays: Iterable[tuple[str, Payload]]
) -> Iterator[Obstacle]:
    """Find creates whose title and type equal those of a resource of ours that the YAML no longer has."""
    if not created:
        return
    names = {_title_and_type(resource_type, payload): name for name, payload in strays}
    for resource in created:
        name = names.get(_title_and_type(resource_type, resource.payload))
        if name is not None:
            yield _probable_rename(resource, name)


def _title_and_type(resource_type: ResourceType, payload: Payload) -> tuple[str, object]:
    return resource_type.title(payload).strip(), resource_type.identity(payload)[0]


def _probable_rename(resource: Resource, name: str) -> Obstacle:
    return Obstacle(
        "probable-rename",
        f"`{resource.tracking_id}` would be created while `{name}` of the same title is left behind: probably a rename",
        "say `was` to keep the Datadog id, the history and the mutes, or plan with `--replace` to create a new one",
        tracking_id=resource.tracking_id,
        path=resource.path,
        line=resource.line,
    )
