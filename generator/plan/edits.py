"""What has become of a live resource since somebody looked, in words: which fields differ, when, and who is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from generator.plan.diff import field_changes
from generator.plan.model import FieldChange, Path
from generator.resources.types import Payload, ResourceType

_FEW_FIELDS = 4
_LATEST_SECONDS = 253_402_300_799


def differing_fields(expected: Mapping[str, object], found: Mapping[str, object]) -> str:
    """Give ` in `message`, `options.thresholds` and 2 more`; empty where nothing differs."""
    return field_names(field_changes(expected, found))


def field_names(fields: Iterable[FieldChange]) -> str:
    names = list(dict.fromkeys(_field(each.path) for each in fields))
    more = f" and {len(names) - _FEW_FIELDS} more" if len(names) > _FEW_FIELDS else ""
    return f" in {', '.join(f'`{name}`' for name in names[:_FEW_FIELDS])}{more}" if names else ""


def _field(path: Path) -> str:
    return ".".join(str(part) for part in path[:2])


def edit_words(resource_type: ResourceType, live: Payload) -> str:
    """When it was modified, and by whom, which Datadog does not tell: its creator is somebody to ask."""
    when, creator = _modified(live), resource_type.creator(live)
    told = (
        *((f"modified {when}, Datadog does not say by whom",) if when else ()),
        *((f"created by {creator}",) if creator else ()),
    )
    return f" ({'; '.join(told)})" if told else ""


def _modified(live: Payload) -> str:
    """SLOs tell it in seconds."""
    when = live.get("modified_at") or live.get("modified")
    if isinstance(when, int) and 0 < when < _LATEST_SECONDS:
        return datetime.fromtimestamp(when, UTC).isoformat()
    return when if isinstance(when, str) else ""
