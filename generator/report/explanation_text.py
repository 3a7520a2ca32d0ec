"""One resource explained: in words, and field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from generator.explain.resource_words import explain_resource
from generator.render.explanation import Explanation, SetField
from generator.report.style import PLAIN, Style
from generator.report.telling_lines import telling_lines
from generator.report.visible import visible
from generator.resources.types import resource_types

NO_DAYS: Mapping[date, str] = {}
_LONGEST = 60


def explanation_text(explanation: Explanation, *, days: Mapping[date, str] = NO_DAYS, style: Style = PLAIN) -> str:
    """Title, words and notes, then each field with the layer that set it and where.

    `days` are public holidays with their names, on which it is told when alerts come.
    """
    resource = explanation.resource
    title = resource_types()[resource.resource].title(resource.payload)
    sentences = (explain_resource(resource.resource, resource.payload), *resource.notes)
    head = [style.bold(resource.tracking_id), visible(title), "", *map(visible, filter(None, sentences)), ""]
    return "\n".join([*head, *telling_lines(explanation, days), *_fields(explanation.fields, style)]) + "\n"


def _fields(fields: tuple[SetField, ...], style: Style) -> list[str]:
    shown = [(each.field, _short(each.value), each) for each in fields]
    names = max((len(name) for name, _, _ in shown), default=0)
    values = max((len(value) for _, value, _ in shown), default=0)
    return [
        f"  {name:<{names}}  {value:<{values}}  " + style.faint(f"{each.layer}, {each.span.path}:{each.span.line}")
        for name, value, each in shown
    ]


def _short(value: object) -> str:
    text = visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    first = text.splitlines()[0] if text else ""
    return first if len(first) <= _LONGEST and first == text else f"{first[: _LONGEST - 1]}…"
