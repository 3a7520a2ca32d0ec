"""References from one resource to another: `%{TRACKING_ID}` in a payload, a Datadog id on the wire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from generator.resources.tracking import TRACKING_ID
from generator.resources.types import Payload

TOKEN = re.compile(rf"%\{{({TRACKING_ID.pattern})\}}")
_LISTS_OF_NUMBERS = frozenset(("monitor_ids",))
_NUMBERS = frozenset(("monitor_id",))


def references(payload: Payload) -> tuple[str, ...]:
    """Tracking ids that the payload refers to, each once, sorted."""
    found: set[str] = set()
    pending: list[object] = [payload]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            if "%{" in value:
                found.update(TOKEN.findall(value))
        elif isinstance(value, Mapping):
            pending.extend(value.values())
        elif isinstance(value, list | tuple):
            pending.extend(value)
    return tuple(sorted(found))


def resolved(payload: Payload, ids: Mapping[str, str]) -> dict[str, Any]:
    """Put Datadog's ids in the place of the tokens; a token that `ids` does not know stays."""
    return {key: _field(key, value, ids) for key, value in payload.items()}


def _field(key: str, value: object, ids: Mapping[str, str]) -> object:
    if key in _LISTS_OF_NUMBERS and isinstance(value, list):
        return _numbers(value, ids)
    found = _resolved(value, ids)
    return _number(value, found) if key in _NUMBERS else found


def _resolved(value: object, ids: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return TOKEN.sub(lambda token: ids.get(token[1], token[0]), value) if "%{" in value else value
    if isinstance(value, Mapping):
        return resolved(value, ids)
    if isinstance(value, list):
        return [_resolved(each, ids) for each in value]
    return value


def _numbers(tokens: list[object], ids: Mapping[str, str]) -> list[object]:
    return [_number(each, _resolved(each, ids)) for each in tokens]


def _number(token: object, text: object) -> object:
    replaced = isinstance(text, str) and text != token and text.isascii() and text.isdigit()
    return int(str(text)) if replaced else text
