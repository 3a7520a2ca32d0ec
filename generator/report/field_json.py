"""One changed field as JSON, the same in plans and drift."""

from __future__ import annotations

from typing import Any

from generator.explain.words import field_words
from generator.plan.model import FieldChange


def field_json(field: FieldChange) -> dict[str, Any]:
    words = field_words(field.path, field.before, field.after)
    return {"path": field.path, "before": field.before, "after": field.after, "words": words}
