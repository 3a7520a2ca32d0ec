"""Which layer set each field of a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from generator.finding import Span
from generator.render.entries import Entry
from generator.render.files import file_resources
from generator.render.layers import setting_layer
from generator.render.model import Resource
from generator.render.surroundings import timezone_of
from generator.source.documents import Place
from generator.source.reader import Files


class SetField(msgspec.Struct, frozen=True):
    """A field as written, the layer that set it and where."""

    field: str
    value: Any
    layer: str
    span: Span


class Explanation(msgspec.Struct, frozen=True):
    """`together` are all resources that the same YAML makes in the same environment; times are those of `timezone`."""

    resource: Resource
    fields: tuple[SetField, ...]
    together: tuple[Resource, ...] = ()
    timezone: str = "UTC"


def explained(resource: Resource, files: Files) -> Explanation:
    """Render the resource's file again and tell where each field comes from."""
    for entry, resources in file_resources(resource.path, files):
        if any(each.tracking_id == resource.tracking_id for each in resources):
            return Explanation(resource, tuple(_set_fields(entry)), resources, timezone_of(entry.around))
    return Explanation(resource, ())


def _set_fields(entry: Entry) -> Iterator[SetField]:
    for place, value in _leaves(entry.fields, ()):
        layer, written = setting_layer(entry.layers, place)
        yield SetField(".".join(str(step) for step in place), value, layer.label, layer.document.span(written))


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Groups are set key by key, everything else whole."""
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, (*place, key))
    else:
        yield place, value
