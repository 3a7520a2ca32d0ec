"""Two environments of one revision → what one has that the other has not, and what differs in what both have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from generator.message.handles import handles
from generator.plan.comparison import Comparison, Difference, Fate
from generator.plan.diff import field_changes
from generator.plan.likeness import Likeness
from generator.render.environment_values import EnvironmentValues
from generator.render.model import Resource
from generator.resources.tracking import environment_of, service_of
from generator.resources.types import ResourceType, resource_types

_EMPTY_BLOCK = re.compile(r"\{\{#[^{}]{1,200}\}\}\s*\{\{/[^{}]{1,200}\}\}")
_DEEPEST_BLOCK = 5
_HANDLES = ("handles",)
Entry = tuple[str, str]
"""Resource type, and tracking id without environment."""


def compare_environments(
    resources: Iterable[Resource],
    first: EnvironmentValues,
    second: EnvironmentValues,
    *,
    only: frozenset[str] = frozenset(),
) -> Comparison:
    """What only the first has is removed on the way to the second; digests are of revisions, so there are none here."""
    chosen = [each for each in resources if not only or service_of(each.tracking_id) in only]
    before, after = _of(chosen, first.name), _of(chosen, second.name)
    likeness = Likeness(first, second)
    differences = tuple(_differences(before, after, likeness))
    alike = len(before.keys() & after.keys()) - sum(each.fate in (Fate.CHANGED, Fate.REPLACED) for each in differences)
    workspace = chosen[0].tracking_id.partition("/")[0] if chosen else ""
    return Comparison(workspace, differences, alike, (), "", "")


def _of(resources: Iterable[Resource], environment: str) -> Mapping[Entry, Resource]:
    return {
        (each.resource, each.tracking_id.rpartition("/")[0]): each
        for each in resources
        if environment_of(each.tracking_id) == environment
    }


def _differences(
    before: Mapping[Entry, Resource], after: Mapping[Entry, Resource], likeness: Likeness
) -> Iterator[Difference]:
    for entry in sorted(before.keys() | after.keys(), key=lambda each: each[::-1]):
        old, new = before.get(entry), after.get(entry)
        if old is None or new is None:
            yield _lone(old, Fate.REMOVED) if old is not None else _lone(after[entry], Fate.CREATED)
        elif (difference := difference_between(old, new, likeness)) is not None:
            yield difference


def _lone(resource: Resource, fate: Fate) -> Difference:
    resource_type = resource_types()[resource.resource]
    form = resource_type.comparable(resource.payload, resource.payload)
    return Difference(
        fate,
        resource.resource,
        resource.tracking_id,
        resource_type.title(resource.payload),
        resource.path,
        resource.line,
        before=form if fate is Fate.REMOVED else None,
        after=form if fate is Fate.CREATED else None,
    )


def difference_between(old: Resource, new: Resource, likeness: Likeness) -> Difference | None:
    """None where both are alike but for what the environments are."""
    resource_type = resource_types()[new.resource]
    after = _form(resource_type, new)
    before = likeness.aligned(_form(resource_type, old), after)
    if before == after:
        return None
    is_same_type = resource_type.identity(old.payload) == resource_type.identity(new.payload)
    return Difference(
        Fate.CHANGED if is_same_type else Fate.REPLACED,
        new.resource,
        new.tracking_id,
        resource_type.title(new.payload),
        new.path,
        new.line,
        before=before,
        after=after,
        fields=field_changes(before, after, resource_type.unordered | {_HANDLES}),
    )


def _form(resource_type: ResourceType, resource: Resource) -> dict[str, Any]:
    return handles_apart(resource_type, resource_type.comparable(resource.payload, resource.payload))


def handles_apart(resource_type: ResourceType, form: dict[str, Any]) -> dict[str, Any]:
    """The normal form, with whom it tells apart from what it says."""
    message = form.get("message")
    if not resource_type.alerts or not isinstance(message, str):
        return form
    told = handles(message)
    return {**form, "message": _without(message, told), "handles": sorted(told)}


def _without(message: str, told: Iterable[str]) -> str:
    for handle in sorted(told, key=len, reverse=True):
        message = message.replace(handle, "")
    for _ in range(_DEEPEST_BLOCK):
        message = _EMPTY_BLOCK.sub("", message)
    return "\n".join(line.strip() for line in message.splitlines()).strip()
