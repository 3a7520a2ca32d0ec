"""Which layer set each field of a resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from msgspec import UNSET

from generator.explain.arrival import last_arrival
from generator.finding import Span
from generator.render.contexts import business_times
from generator.render.entries import Entry, own_layers
from generator.render.files import file_resources
from generator.render.filling import filled
from generator.render.layers import setting_layer
from generator.render.model import Resource
from generator.render.monitors import kinds
from generator.render.sections import SECTIONS
from generator.render.surroundings import arrival, timezone_of
from generator.schedule.delivery_days import days_name, parse_days
from generator.schedule.local_time import clock
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
    from 0, Monday, and none means all. Metrics that a monitor reads come as late as `arrives_within`.
    """

    resource: Resource
    fields: tuple[SetField, ...]
    together: tuple[Resource, ...] = ()
    timezone: str = "UTC"
    holidays: str = ""
    business_days: tuple[int, ...] = ()
    arrives_within: timedelta = timedelta(0)


def explained(resource: Resource, files: Files) -> Explanation:
    """Render the resource's file again and tell where each field comes from."""
    for entry, resources in file_resources(resource.path, files):
        if any((each.resource, each.tracking_id) == (resource.resource, resource.tracking_id) for each in resources):
            hours = entry.around.project.organization.business_hours
            return Explanation(
                resource,
                (*_set_fields(entry), *_deciding(entry)),
                resources,
                timezone_of(entry.around),
                "" if hours is UNSET or hours.holidays is UNSET else hours.holidays,
                () if hours is UNSET else parse_days(hours.days),
                _last_arrival(resource, entry),
            )
    return Explanation(resource, ())


def _last_arrival(resource: Resource, entry: Entry) -> timedelta:
    late = entry.around.project.organization.metrics_arrive_within
    known = {} if late is UNSET else arrival(tuple(late.items()))
    return last_arrival(str(resource.payload.get("query") or ""), known)


def _set_fields(entry: Entry) -> Iterator[SetField]:
    own = {name for layer in own_layers(entry) for name in layer.fields}
    holding = own | SECTIONS[entry.definition.section].takes_over
    told = {name: value for name, value in _filled_fields(entry).items() if name in holding}
    for place, value in _leaves(told, ()):
        layer, written = setting_layer(entry.layers, place)
        yield SetField(".".join(str(step) for step in place), value, layer.label, layer.document.span(written))


def _deciding(entry: Entry) -> Iterator[SetField]:
    """What the kind reads of the monitor's surroundings, and where it is written."""
    kind = kinds().get(str(entry.fields.get("kind")))
    around = entry.around
    places: Mapping[str, Place] = {
        "timezone": ("timezone",),
        "business_hours": ("business_hours",),
        "metrics_arrive_within": ("metrics_arrive_within",),
        "scope": ("environments", entry.environment, "scope"),
        "aws": ("environments", entry.environment, "aws"),
    }
    for name in getattr(kind.module, "DECIDED_BY", ()) if kind else ():
        document, label = around.project.document, "organisation"
        if name == "timezone" and around.content.timezone is not UNSET:
            document, label = around.document, f"service {around.service}"
        written, defaults = document.value(places[name]), _defaults()
        if written is None and name in defaults:
            yield SetField(name, defaults[name], "by default", document.span(places[name]))
        for place, value in _leaves(written, places[name]) if written is not None else ():
            yield SetField(".".join(map(str, place)), value, label, document.span(place))


def _defaults() -> Mapping[str, str]:
    days, (start, end) = business_times(UNSET)
    return {"timezone": "UTC", "business_hours": f"{days_name(days)}, {clock(start)} to {clock(end)}"}


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
