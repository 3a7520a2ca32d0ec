"""Service level objectives, https://docs.datadoghq.com/api/latest/service-level-objectives/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.resources.canonical import canonical_or_escaped
from generator.resources.ownership import owner_in_tags, owner_in_text
from generator.resources.tag_mark import tagged, tagged_id
from generator.resources.types import Listing, Payload, ResourceType
from generator.resources.wire import Wire

_AFTER_MONITORS = 1
_DEFAULT_INTERVAL_SECONDS = 300
READ_ONLY = frozenset(("id", "type_id", "creator", "created_at", "modified_at", "monitor_tags", "configured_alert_ids"))
COPIED = ("timeframe", "target_threshold", "warning_threshold")
"""What Datadog copies up from the first threshold where a request does not say it."""


def tracked(payload: Payload, tracking_id: str) -> dict[str, Any]:
    body = {key: value for key, value in payload.items() if key not in READ_ONLY}
    return {**body, "tags": tagged(payload.get("tags"), tracking_id)}


def comparable(payload: Payload, declared: Payload | None = None, /) -> dict[str, Any]:
    """A metric SLO says the same in `query` and in `sli_specification.count`: that counts which the YAML has."""
    wanted = declared or {}
    form: dict[str, Any] = {
        "name": str(payload.get("name", "")).strip(),
        "type": payload.get("type"),
        "description": str(payload.get("description") or "").strip(),
        "tags": _tags_form(payload.get("tags")),
        "thresholds": _thresholds_form(payload.get("thresholds")),
    }
    for key in ("monitor_ids", "groups"):
        if payload.get(key):
            form[key] = _sorted_set(payload[key])
    if payload.get("query") and ("query" in wanted or "sli_specification" not in wanted):
        form["query"] = payload["query"]
    specification = payload.get("sli_specification")
    if specification and (payload.get("type") != "metric" or "sli_specification" in wanted):
        form["sli_specification"] = _specification_form(specification)
    form |= {key: payload.get(key) for key in COPIED if key in wanted}
    return form


def _tags_form(tags: object) -> object:
    """Datadog keeps tags of SLOs in lower case and in no order."""
    if not isinstance(tags, list):
        return [] if tags is None else tags
    return sorted({tag.lower() if isinstance(tag, str) else str(tag) for tag in tags})


def _sorted_set(value: object) -> object:
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return sorted(set(value), key=lambda each: (isinstance(each, str), each))
    return value


def _thresholds_form(thresholds: object) -> object:
    if not isinstance(thresholds, list):
        return thresholds
    return sorted((_threshold_form(each) for each in thresholds), key=canonical_or_escaped)


def _threshold_form(threshold: object) -> object:
    if not isinstance(threshold, Mapping):
        return threshold
    return {key: threshold[key] for key in ("timeframe", "target", "warning") if threshold.get(key) is not None}


def _specification_form(specification: object) -> object:
    slice_ = specification.get("time_slice") if isinstance(specification, Mapping) else None
    if not isinstance(slice_, Mapping) or not isinstance(specification, Mapping):
        return specification
    return {**specification, "time_slice": {"query_interval_seconds": _DEFAULT_INTERVAL_SECONDS, **slice_}}


def writable(desired: Payload, _live: Payload | None = None, /) -> dict[str, Any]:
    """A PUT replaces the whole."""
    return dict(desired)


def _likeness(payload: Payload) -> tuple[object, ...]:
    form = comparable(payload)
    content = {key: form.get(key) for key in ("query", "monitor_ids", "groups", "sli_specification", "thresholds")}
    return _title(payload).strip(), form["type"], canonical_or_escaped(content)


def _title(payload: Payload) -> str:
    return str(payload.get("name", ""))


def _opened(answer: Any) -> Any:
    """A list of one after a write, the object itself on a read."""
    found = answer.get("data") if isinstance(answer, Mapping) else answer
    return found[0] if isinstance(found, list) and len(found) == 1 else found


def _creator(payload: Payload) -> str | None:
    """Name the creator: Datadog does not tell who made the last edit."""
    creator = payload.get("creator")
    found = (creator.get("name") or creator.get("handle")) if isinstance(creator, Mapping) else None
    return found if isinstance(found, str) else None


TYPE = ResourceType(
    name="slo",
    path="/api/v1/slo",
    order=lambda _: _AFTER_MONITORS,
    title=_title,
    listing=Listing(
        page_parameter="offset", page_size_parameter="limit", page_size=1000, counts="resources", collection="data"
    ),
    tracked=tracked,
    tracking_id=lambda payload: tagged_id(payload.get("tags")),
    foreign_owner=lambda payload: owner_in_tags(payload.get("tags")) or owner_in_text(payload.get("description")),
    comparable=comparable,
    writable=writable,
    identity=lambda payload: (payload.get("type"),),
    likeness=_likeness,
    age=lambda payload: (str(payload.get("created_at", "")), str(payload.get("id", ""))),
    may_refer=lambda payload: bool(payload.get("monitor_ids")),
    creator=_creator,
    wire=Wire(opened=_opened),
    unordered=frozenset((("tags",), ("monitor_ids",), ("groups",))),
    forced_delete={"force": "true"},
)
