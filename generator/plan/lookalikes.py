"""Creates that would make a second copy of what is already there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from generator.plan.model import Obstacle
from generator.render.model import Resource
from generator.resources.references import resolved
from generator.resources.tracking import environment_of, service_of
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
    resource_type: ResourceType,
    created: Sequence[Resource],
    strays: Iterable[tuple[str, Payload]],
    *,
    services: Collection[str],
    ids: Mapping[str, str],
) -> Iterator[Obstacle]:
    """Find creates that seem to continue a resource of ours which the YAML no longer has.

    Same is what has the same type and title; or the same type and content under another title, because the usual
    title holds service and name; or the same type, name and environment where the whole service, which queries tend to
    name, is none of the `services` of the YAML any more.
    """
    if not created:
        return
    left = {
        sign: name
        for name, payload in strays
        for sign in _signs(resource_type, name, payload)
        if sign[0] != _NAME or service_of(name) not in services
    }
    if not left:
        return
    for resource in created:
        payload = resolved(resource.payload, ids) if resource_type.may_refer(resource.payload) else resource.payload
        shared = [sign for sign in _signs(resource_type, resource.tracking_id, payload) if sign in left]
        if shared:
            yield _probable_rename(resource, left[shared[0]], shared[0][0])


_TITLE = "of the same title"
_CONTENT = "of the same content"
_NAME = "of the same name, whose service is gone,"
_Sign = tuple[str, object, object]


def _signs(resource_type: ResourceType, tracking_id: str, payload: Payload) -> tuple[_Sign, ...]:
    """Give what two resources share where one seems to continue the other, the surest first."""
    its_type = resource_type.identity(payload)[0]
    return (
        (_TITLE, its_type, resource_type.title(payload).strip()),
        (_CONTENT, its_type, resource_type.likeness(payload)[1:]),
        (_NAME, its_type, tuple(tracking_id.split("/")[2:])),
    )


def _probable_rename(resource: Resource, name: str, words: str) -> Obstacle:
    return Obstacle(
        "probable-rename",
        f"`{resource.tracking_id}` would be created while `{name}` {words} is left behind: probably a rename",
        "say `was` to keep the Datadog id, the history and the mutes, or plan with `--replace` to create a new one",
        tracking_id=resource.tracking_id,
        path=resource.path,
        line=resource.line,
    )
