"""What two revisions differ in, as JSON.

`{"version": 1, "base", "desired_digest", "base_digest", "summary": {"removed", "replaced", "changed", "created",
"moved", "unchanged"}, "differences": […], "obstacles": […], "findings": […], "known"}`. A difference is `{"fate",
"resource", "tracking_id", "title", "path", "line", "previous_id", "previous_path", "fields": [{"path", "before",
"after", "words"}], "before", "after", "uses": [{"resource", "tracking_id", "remains", "goes", "silences"}],
"siblings", "notes", "effect"}`; an effect is `{"days", "before", "after", "outside_hours", "unknown"}` or null.
Obstacles are those of `toban plan`, findings those of `toban lint`; so many more findings were `known` before.
"""

from __future__ import annotations

from typing import Any

import msgspec

from generator.explain.words import field_words
from generator.plan.comparison import Comparison, Difference, counts
from generator.plan.model import FieldChange
from generator.report.findings_json import finding_json
from generator.report.json_text import json_text
from generator.report.past_effect import PastEffect
from generator.report.review_markdown import Surroundings


def review_json(comparison: Comparison, around: Surroundings) -> str:
    told = {
        "version": 1,
        "base": around.base,
        "desired_digest": comparison.desired_digest,
        "base_digest": comparison.base_digest,
        "summary": counts(comparison),
        "differences": [_difference(each, around.effects.get(each.tracking_id)) for each in comparison.differences],
        "obstacles": [msgspec.structs.asdict(obstacle) for obstacle in comparison.obstacles],
        "findings": [finding_json(each) for each in around.findings],
        "known": around.known,
    }
    return json_text(told) + "\n"


def environments_json(comparison: Comparison, first: str, second: str) -> str:
    """`{"version": 1, "environments": [first, second], "summary", "differences"}`.

    What is `removed` is only in the first, what is `created` only in the second, `changed` or `replaced` in both.
    """
    told = {
        "version": 1,
        "environments": [first, second],
        "summary": counts(comparison),
        "differences": [_difference(each, None) for each in comparison.differences],
    }
    return json_text(told) + "\n"


def _difference(difference: Difference, effect: PastEffect | None) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(difference),
        "fate": difference.fate.value,
        "fields": [_field(field) for field in difference.fields],
        "uses": [msgspec.structs.asdict(use) for use in difference.uses],
        "effect": msgspec.structs.asdict(effect) if effect else None,
    }


def _field(field: FieldChange) -> dict[str, Any]:
    words = field_words(field.path, field.before, field.after)
    return {"path": field.path, "before": field.before, "after": field.after, "words": words}
