"""Monitors, composites and SLO alerts among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.resources import monitor_defaults
from generator.resources.ownership import owner_in_tags, owner_in_text
from generator.resources.tag_mark import tagged, tagged_id
from generator.resources.types import Listing, Payload, ResourceType

_REFERRING_TYPES = frozenset(("composite", "slo alert"))
_REFERRING_ORDER = 2  # after the SLOs, which are made of monitors
_DEFAULTS_OF_PUT: Mapping[str, Any] = {
    "message": "",
    "tags": [],
    "priority": None,
    "draft_status": "published",
    "options": {},
}


def _options(payload: Payload) -> Mapping[str, Any]:
    options = payload.get("options")
    return options if isinstance(options, dict) else {}


def _type(payload: Payload) -> str:
    monitor_type = payload.get("type")
    return "query alert" if monitor_type == "metric alert" else str(monitor_type)


def tracked(payload: Payload, tracking_id: str) -> dict[str, Any]:
    body = {key: value for key, value in payload.items() if key not in monitor_defaults.READ_ONLY}
    return {**body, "tags": tagged(payload.get("tags"), tracking_id)}


def comparable(payload: Payload, declared: Payload | None = None, /) -> dict[str, Any]:
    form = monitor_defaults.top_level_form(payload, declared or {})
    form["options"] = monitor_defaults.options_form(
        _options(payload),
        monitor_type=_type(payload),
        declared=_options(declared) if declared else {},
    )
    return form


def writable(desired: Payload, live: Payload | None = None, /) -> dict[str, Any]:
    """Name every key of the top level, because a PUT keeps what it does not name."""
    kept = {"restricted_roles": live["restricted_roles"]} if live and live.get("restricted_roles") else {}
    return {**_DEFAULTS_OF_PUT, **kept, **desired}


def repeatable(answer: Payload) -> Payload:
    """Beside a custom schedule Datadog asks for `on_missing_data`, and does not tell it where it is the default."""
    options = _options(answer)
    if not _is_scheduled(answer) or options.get("on_missing_data") is not None:
        return answer
    return {**answer, "options": {**options, "on_missing_data": "default"}}


def identity(payload: Payload) -> tuple[object, ...]:
    """A PUT changes neither the type nor whether there is a custom schedule."""
    return _type(payload), _is_scheduled(payload)


def _is_scheduled(payload: Payload) -> bool:
    scheduling = _options(payload).get("scheduling_options")
    return isinstance(scheduling, Mapping) and scheduling.get("custom_schedule") is not None


def _may_refer(payload: Payload) -> bool:
    return str(payload.get("type")) in _REFERRING_TYPES


def _likeness(payload: Payload) -> tuple[object, ...]:
    return str(payload.get("name")).strip(), _type(payload), str(payload.get("query")).strip()


def _age(payload: Payload) -> tuple[object, ...]:
    monitor_id = str(payload.get("id"))
    return (int(monitor_id) if monitor_id.isascii() and monitor_id.isdigit() and len(monitor_id) < 30 else 0,)


def _foreign_owner(payload: Payload) -> str | None:
    return owner_in_tags(payload.get("tags")) or owner_in_text(payload.get("message"))


def _creator(payload: Payload) -> str | None:
    """Name the creator: Datadog does not tell who made the last edit."""
    creator = payload.get("creator")
    return _first_text(creator.get(key) for key in ("name", "handle")) if isinstance(creator, Mapping) else None


def _first_text(candidates: Iterable[object]) -> str | None:
    return next((text for text in candidates if isinstance(text, str) and text), None)


TYPE = ResourceType(
    name="monitor",
    path="/api/v1/monitor",
    order=lambda payload: _REFERRING_ORDER if _may_refer(payload) else 0,
    title=lambda payload: str(payload.get("name", "")),
    listing=Listing(
        page_parameter="page",
        page_size_parameter="page_size",
        page_size=1000,
        counts="pages",
        tag_parameter="monitor_tags",
    ),
    tracked=tracked,
    tracking_id=lambda payload: tagged_id(payload.get("tags")),
    foreign_owner=_foreign_owner,
    comparable=comparable,
    writable=writable,
    repeatable=repeatable,
    identity=identity,
    likeness=_likeness,
    age=_age,
    may_refer=_may_refer,
    creator=_creator,
    alerts=True,
    unordered=frozenset(
        (("tags",), ("restricted_roles",), ("options", "renotify_statuses"), ("options", "notify_by")),
    ),
    duplicate=re.compile(r"Duplicate of an existing monitor_id:(\d+)"),
    validate_path="/api/v1/monitor/validate",
    forced_delete={"force": "true"},
    undelete_days=7,
)
