"""A plan as JSON.

`{"version": 1, "digest", "desired_digest", "summary": {"create", "update", "replace", "delete", "adopt", "unchanged"},
"changes": [{"action", "resource", "tracking_id", "id", "title", "path", "line", "fields": [{"path", "before", "after",
"words"}], "before", "after", "notes"}], "obstacles": [{"rule", "message", "hint", "blocks", "tracking_id", "id",
"path", "line", "needs_review", "about"}], "drift": […]}`, the last as `toban drift` tells it. Changes stand in the
order in which they are carried out; a field's path is a list of keys and indices, and its `words` are null where there
are none; `before` and `after` of a change are payloads, or null.
"""

from __future__ import annotations

from typing import Any

import msgspec

from generator.plan.model import Change, Plan, summary
from generator.report.drift_json import drift_fields
from generator.report.field_json import field_json
from generator.report.json_text import json_text


def plan_json(plan: Plan) -> str:
    told = {
        "version": 1,
        "digest": plan.digest,
        "desired_digest": plan.desired_digest,
        "summary": summary(plan),
        "changes": [_change(change) for change in plan.changes],
        "drift": [drift_fields(each) for each in plan.drift],
        "obstacles": [msgspec.structs.asdict(obstacle) for obstacle in plan.obstacles],
    }
    return json_text(told) + "\n"


def _change(change: Change) -> dict[str, Any]:
    return {
        "action": change.action.value,
        "resource": change.resource,
        "tracking_id": change.tracking_id,
        "id": change.id,
        "title": change.title,
        "path": change.path,
        "line": change.line,
        "fields": [field_json(field) for field in change.fields],
        "before": change.before,
        "after": change.after,
        "notes": change.notes,
    }
