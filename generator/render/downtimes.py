"""An entry → a downtime: its schedule in Datadog's form, the monitors that it is for, and our line in its message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from generator.finding import Finding, Severity
from generator.render.decoding import layered
from generator.render.downtime_fields import Downtime
from generator.render.downtime_schedules import ScheduleProblem, schedule_of
from generator.render.entries import Entry, own_layers
from generator.render.fields import PLACEMENT
from generator.render.filling import filled
from generator.render.layers import merged, setting_layer
from generator.render.model import Resource
from generator.render.ownership import tags_of, tracked_resource
from generator.render.surroundings import timezone_of
from generator.resources.types import resource_types
from generator.schedule.zones import UnknownZone, zone

_AS_WRITTEN = ("mute_first_recovery_notification", "notify_end_states", "notify_end_types", "scope", "display_timezone")


def downtime_resources(entry: Entry) -> Iterator[Resource | Finding]:
    """The downtime of one entry, or what is wrong with it."""
    layers = own_layers(entry)
    own = {name: value for name, value in merged(layers).items() if name not in PLACEMENT}
    fields = filled(own, entry.variables, layers)
    downtime = fields if isinstance(fields, tuple) else layered(fields, Downtime, layers)
    if isinstance(downtime, tuple):
        yield from downtime
        return
    payload = _payload(entry, downtime)
    if isinstance(payload, tuple):
        yield from payload
        return
    resource = tracked_resource(entry, entry.name, payload, resource_types()["downtime"])
    line = entry.definition.document.line(entry.definition.place)
    yield resource if isinstance(resource, Finding) else msgspec.structs.replace(resource, line=line)


def _payload(entry: Entry, downtime: Downtime) -> dict[str, Any] | tuple[Finding, ...]:
    name = timezone_of(entry.around) if downtime.timezone is UNSET else downtime.timezone
    zones = {"timezone": name}
    if downtime.display_timezone is not UNSET:
        zones["display_timezone"] = downtime.display_timezone
    unknown = tuple(_unknown_zone(entry, field, each) for field, each in zones.items() if _is_unknown(each))
    where = zone(name)
    schedule = schedule_of(downtime, where) if isinstance(where, ZoneInfo) else None
    problems = unknown
    if isinstance(schedule, ScheduleProblem):
        problems += (_finding(entry, schedule),)
    if downtime.monitor is not UNSET and downtime.monitor_tags is not UNSET:
        problems += (_finding(entry, _BOTH),)
    if problems:
        return problems
    written = {field: value for field in _AS_WRITTEN if (value := getattr(downtime, field)) is not UNSET}
    return {
        "message": _message(entry, downtime),
        "monitor_identifier": _identifier(entry, downtime),
        "scope": "*",
        "schedule": schedule,
        "display_timezone": name,
        **written,
    }


_BOTH = ScheduleProblem(
    ("monitor_tags",), "a downtime is for one `monitor` or for `monitor_tags`, found both", "remove one of them"
)


def _message(entry: Entry, downtime: Downtime) -> str:
    title = f"[{entry.environment}] {entry.around.service} {entry.name}"
    title = title if downtime.name is UNSET else downtime.name.strip()
    text = "" if downtime.message is UNSET else downtime.message.strip()
    return f"{title}\n\n{text}" if text else title


def _identifier(entry: Entry, downtime: Downtime) -> dict[str, Any]:
    if downtime.monitor is not UNSET:
        return {"monitor_id": downtime.monitor}
    if downtime.monitor_tags is not UNSET:
        return {"monitor_tags": list(dict.fromkeys(downtime.monitor_tags))}
    own = tags_of(entry, ())
    return {"monitor_tags": [f"service:{entry.around.service}", next(tag for tag in own if tag.startswith("env:"))]}


def _finding(entry: Entry, problem: ScheduleProblem) -> Finding:
    if not problem.field:
        document, place = entry.definition.document, entry.definition.place
        return Finding(problem.rule, Severity.ERROR, problem.message, document.key_span(place), hint=problem.hint)
    layer, place = setting_layer(own_layers(entry), problem.field)
    return Finding(problem.rule, Severity.ERROR, problem.message, layer.document.span(place), hint=problem.hint)


def _is_unknown(name: str) -> bool:
    return isinstance(zone(name), UnknownZone)


def _unknown_zone(entry: Entry, field: str, name: str) -> Finding:
    found = zone(name)
    assert isinstance(found, UnknownZone)  # noqa: S101  asked for such only
    layer, place = setting_layer(own_layers(entry), (field,))
    return Finding("unknown-zone", Severity.ERROR, found.message, layer.document.span(place), hint=found.hint)
