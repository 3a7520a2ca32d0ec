"""Downtimes, https://docs.datadoghq.com/api/latest/downtimes/. They take no tags: our id is a line of the message.

A payload is the `attributes` of Datadog's JSON:API body, with the id beside them. A downtime is never deleted: it is
cancelled, and listed for about two more days.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from generator.resources.canonical import canonical_or_escaped
from generator.resources.downtime_schedule import ended, frequency, schedule_form, timely
from generator.resources.ownership import owner_in_text
from generator.resources.silence import Silence
from generator.resources.text_mark import marked_id, with_mark, without_mark
from generator.resources.types import Listing, Payload, ResourceType
from generator.resources.wire import Wire

_READ_ONLY = frozenset(("id", "status", "canceled", "created", "modified", "created_by"))
_GONE = frozenset(("canceled", "ended"))
_AFTER_MONITORS = 3
_DEFAULTS: Mapping[str, Any] = {
    "message": "",
    "scope": "*",
    "display_timezone": "UTC",
    "mute_first_recovery_notification": False,
    "notify_end_states": ["alert", "no data", "warn"],
    "notify_end_types": ["expired"],
}
_SETS = frozenset(("notify_end_states", "notify_end_types"))


def _message(payload: Payload) -> str:
    message = payload.get("message")
    return message if isinstance(message, str) else ""


def tracked(payload: Payload, tracking_id: str) -> dict[str, Any]:
    body = {key: value for key, value in payload.items() if key not in _READ_ONLY}
    return {**body, "message": with_mark(_message(payload), tracking_id)}


def comparable(payload: Payload, declared: Payload | None = None, /) -> dict[str, Any]:
    """Every other field that Datadog answers is its own."""
    form: dict[str, Any] = {
        key: default if payload.get(key) is None else payload[key] for key, default in _DEFAULTS.items()
    }
    for key in _SETS:
        form[key] = _sorted_set(form[key])
    form["message"] = _message(form).strip()
    form["scope"] = str(form["scope"]).strip()
    form["monitor_identifier"] = _identifier_form(payload.get("monitor_identifier"))
    form["schedule"] = schedule_form(
        payload.get("schedule"),
        declared=declared.get("schedule") if declared else None,
        created=payload.get("created"),
        modified=payload.get("modified"),
    )
    return form


def _identifier_form(identifier: object) -> object:
    if not isinstance(identifier, Mapping):
        return identifier
    return {key: _sorted_set(value) for key, value in identifier.items() if value is not None}


def _sorted_set(value: object) -> object:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return value
    return sorted(set(value))


def writable(desired: Payload, live: Payload | None = None, /) -> dict[str, Any]:
    """Name every field, because a PATCH keeps what it does not name; but not a schedule that stays as it is.

    Datadog refuses to move the start of what holds right now.
    """
    body = {**_DEFAULTS, **desired}
    if live is None:
        return body
    form, wanted = comparable(live, desired)["schedule"], comparable(desired, desired)["schedule"]
    if form == wanted:
        del body["schedule"]
    elif "start" in form and form["start"] == wanted["start"]:
        body["schedule"] = {**body["schedule"], "start": live["schedule"].get("start")}
    return body


def _likeness(payload: Payload) -> tuple[object, ...]:
    form = comparable(payload)
    return _title(payload).strip(), canonical_or_escaped([form[key] for key in ("monitor_identifier", "scope")])


def _title(payload: Payload) -> str:
    return without_mark(_message(payload)).strip().partition("\n")[0]


def _may_refer(payload: Payload) -> bool:
    identifier = payload.get("monitor_identifier")
    return isinstance(identifier, Mapping) and "monitor_id" in identifier


def _sealed(payload: Payload, resource_id: str | None, now: datetime) -> dict[str, Any]:
    attributes = dict(payload)
    if "schedule" in attributes:
        attributes["schedule"] = timely(attributes["schedule"], now, is_update=resource_id is not None)
    identified = {} if resource_id is None else {"id": resource_id}
    return {"data": {**identified, "type": "downtime", "attributes": attributes}}


def _opened(answer: Any) -> Any:
    return _row(answer.get("data")) if isinstance(answer, Mapping) else answer


def _row(row: Any) -> Any:
    """The attributes with the id; what is no such object is told of by who asked."""
    if not isinstance(row, Mapping) or not isinstance(row.get("attributes"), Mapping):
        return row
    return {**row["attributes"], "id": row.get("id")}


def _is_live(payload: Payload) -> bool:
    return payload.get("canceled") is None and payload.get("status") not in _GONE


def _silence(payload: Payload) -> Silence:
    identifier = payload.get("monitor_identifier")
    found = identifier if isinstance(identifier, Mapping) else {}
    tags, monitor = found.get("monitor_tags"), found.get("monitor_id")
    return Silence(
        monitor=None if monitor is None else str(monitor),
        tags=frozenset(str(tag) for tag in tags if tag != "*") if isinstance(tags, list) else frozenset(),
        scope=str(payload.get("scope") or "*"),
        schedule=payload.get("schedule"),
    )


TYPE = ResourceType(
    name="downtime",
    path="/api/v2/downtime",
    order=lambda _: _AFTER_MONITORS,
    title=_title,
    listing=Listing(
        page_parameter="page[offset]",
        page_size_parameter="page[limit]",
        page_size=1000,
        counts="resources",
        collection="data",
    ),
    tracked=tracked,
    tracking_id=lambda payload: marked_id(_message(payload)),
    foreign_owner=lambda payload: owner_in_text(_message(payload)),
    comparable=comparable,
    writable=writable,
    identity=lambda payload: (frequency(payload.get("schedule")),),
    likeness=_likeness,
    age=lambda payload: (str(payload.get("created", "")), str(payload.get("id", ""))),
    may_refer=_may_refer,
    creator=lambda _: None,
    is_live=_is_live,
    is_over=lambda payload, now: ended(payload.get("schedule"), now),
    silence=_silence,
    wire=Wire(sealed=_sealed, opened=_opened, row=_row, update_method="PATCH"),
    duplicate=re.compile(r"duplicate of one or more existing downtimes: \[\s*['\"]([\w-]+)['\"]\s*\]"),
    unordered=frozenset(
        (("notify_end_states",), ("notify_end_types",), ("monitor_identifier", "monitor_tags")),
    ),
)
