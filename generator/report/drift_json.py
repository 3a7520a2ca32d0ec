"""Drift as JSON.

`{"version": 1, "workspace", "applied": {"run", "revision"}, "drift": [{"resource", "tracking_id", "id", "title",
"kind", "conflict", "edited", "path", "line", "fields", "wanted", "live", "yaml"}], "looks": [{"rule", "message",
"hint", "tracking_id", "id", "path", "line"}]}`. `kind` is `edited` or `deleted`; `conflict` says that git has changed
it too, in `wanted`; `live` is its normal form, or null; `yaml` are lines that would keep it. `applied` is null where
nothing says what the last sync was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from generator.plan.model import Drift, FieldChange, Obstacle, Plan
from generator.report.field_json import field_json
from generator.report.json_text import json_text


def drift_json(
    plan: Plan,
    *,
    looks: Sequence[Obstacle],
    snippets: Mapping[str, Sequence[str]],
    applied: tuple[str, str] | None,
) -> str:
    told = {
        "version": 1,
        "workspace": plan.workspace,
        "applied": {"run": applied[0], "revision": applied[1]} if applied else None,
        "drift": [{**drift_fields(each), "yaml": list(snippets.get(each.tracking_id, ()))} for each in plan.drift],
        "looks": [_look(each) for each in looks],
    }
    return json_text(told) + "\n"


def drift_fields(drift: Drift) -> dict[str, Any]:
    return {
        "resource": drift.resource,
        "tracking_id": drift.tracking_id,
        "id": drift.id,
        "title": drift.title,
        "kind": "deleted" if drift.live is None else "edited",
        "conflict": drift.is_conflict,
        "edited": drift.edited.strip(" ()"),
        "path": drift.path,
        "line": drift.line,
        "fields": _fields(drift.fields),
        "wanted": _fields(drift.wanted),
        "live": drift.live,
    }


def _fields(fields: Sequence[FieldChange]) -> list[dict[str, Any]]:
    return [field_json(each) for each in fields]


def _look(obstacle: Obstacle) -> dict[str, Any]:
    told = msgspec.structs.asdict(obstacle)
    return {name: told[name] for name in ("rule", "message", "hint", "tracking_id", "id", "path", "line")}
