"""YAML that would keep an edit, for people: the lines of the file that change, else the resource as Datadog has it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from generator.plan.model import Drift
from generator.report.json_text import json_text
from generator.resources.tracking import OWNER_TAG, TAG_KEY
from generator.source.writing import number_text

_CONTEXT = 1
_OURS = (OWNER_TAG, f"{TAG_KEY}:")
_FOR_RAW = ("type", "name", "query", "message", "options", "priority", "tags", "draft_status", "restricted_roles")


def changed_lines(path: str, before: str, after: str) -> tuple[str, ...]:
    """A unified diff of the file."""
    found = difflib.unified_diff(
        before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="", n=_CONTEXT
    )
    return tuple(found)


def whole_lines(drift: Drift) -> tuple[str, ...]:
    """A monitor as `kind: raw`; of any other resource the fields that were edited. Nothing of what is gone."""
    if drift.live is None:
        return ()
    if drift.resource == "monitor":
        return tuple(_raw(drift, drift.live))
    return tuple(_fields({str(each.path[0]): drift.live.get(str(each.path[0])) for each in drift.fields}, ""))


def _raw(drift: Drift, live: Mapping[str, Any]) -> Iterator[str]:
    name, environment = drift.tracking_id.rsplit("/", 2)[1:]
    yield f"# {environment}, as it is in Datadog"
    yield f"{name}:"
    yield "  kind: raw"
    fields = {each: live[each] for each in _FOR_RAW if live.get(each) not in (None, [], {}, "")}
    yield from _fields({**fields, **_own_tags(fields)}, "  ")


def _own_tags(fields: Mapping[str, Any]) -> dict[str, Any]:
    tags = fields.get("tags")
    return {"tags": [tag for tag in tags if not str(tag).startswith(_OURS)]} if isinstance(tags, list) else {}


def _fields(fields: Mapping[str, Any], indent: str) -> Iterator[str]:
    """JSON is YAML; a text of several lines is easier to read as a block."""
    for key, value in fields.items():
        is_block = isinstance(value, str) and "\n" in value and _is_plain(value)
        if is_block:
            yield f"{indent}{key}: |-"
            yield from (f"{indent}  {line}".rstrip() for line in value.split("\n"))
        elif isinstance(value, Mapping) and value:
            yield f"{indent}{key}:"
            yield from _fields(value, f"{indent}  ")
        else:
            yield f"{indent}{key}: {number_text(value) if isinstance(value, float) else json_text(value)}"


def _is_plain(text: str) -> bool:
    """Whether a block says it as it stands."""
    lines = text.split("\n")
    return (
        all(line.isprintable() and line == line.rstrip() for line in lines)
        and bool(lines[-1])
        and not text[0].isspace()
    )
