"""Which layer set each field of a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from generator.finding import Span
from generator.render.entries import Entry, own_layers
from generator.render.files import file_resources
from generator.render.filling import filled
from generator.render.layers import setting_layer
from generator.render.model import Resource
from generator.render.monitors import kinds
from generator.render.sections import SECTIONS
from generator.render.surroundings import timezone_of
from generator.schedule.delivery_days import parse_days
from generator.source.documents import Place
from generator.source.reader import Files


class SetField(msgspec.Struct, frozen=True):
    """A field, the layer that set it and where."""

    field: str
    value: Any
    layer: str
    span: Span


class Explanation(msgspec.Struct, frozen=True):
    """`together` are all resources that the same YAML makes in the same environment; times are those of `timezone`.

    `holidays` is the country of the organisation's public holidays, empty where it names none; `business_days` count
    from 0, Monday, and none means all.
    """

    resource: Resource
    fields: tuple[SetField, ...]
    together: tuple[Resource, ...] = ()
    timezone: str = "UTC"
    holidays: str = ""
    business_days: tuple[int, ...] = ()


def explained(resource: Resource, files: Files) -> Explanation:
    """Render the resource's file again and tell where each field comes from."""
    for entry, resources in file_resources(resource.path, files):
        if any((each.resource, each.tracking_id) == (resource.resource, resource.tracking_id) for each in resources):
            hours = entry.around.project.organization.business_hours
            return Explanation(
                resource,
                tuple(_set_fields(entry)),
                resources,
                timezone_of(entry.around),
                "" if hours is UNSET or hours.holidays is UNSET else hours.holidays,
                () if hours is UNSET else parse_days(hours.days),
            )
    return Explanation(resource, ())


def _set_fields(entry: Entry) -> Iterator[SetField]:
    own = {name for layer in own_layers(entry) for name in layer.fields}
    holding = own | SECTIONS[entry.definition.section].takes_over
    told = {name: value for name, value in _filled_fields(entry).items() if name in holding}
    for place, value in _leaves(told, ()):
        layer, written = setting_layer(entry.layers, place)
        yield SetField(".".join(str(step) for step in place), value, layer.label, layer.document.span(written))


def _filled_fields(entry: Entry) -> Mapping[str, Any]:
    """With what the templates give; as written where nothing is filled in."""
    kind = kinds().get(str(entry.fields.get("kind")))
    is_filled = SECTIONS[entry.definition.section].is_filled or (kind is not None and kind.is_templated)
    if not (is_filled or entry.fields.get("template") is True):
        return entry.fields
    found = filled(entry.fields, entry.variables, entry.layers)
    return entry.fields if isinstance(found, tuple) else found


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    """Groups are set key by key, everything else whole."""
    if isinstance(value, Mapping) and value:
        for key, each in value.items():
            yield from _leaves(each, (*place, key))
    else:
        yield place, value
