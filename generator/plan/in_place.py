"""An edit made where the YAML has what was edited, as far as it has it as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from generator.finding import Excerpt, Span
from generator.plan.model import Drift, FieldChange, Path
from generator.render.locating import Locator
from generator.render.model import Resource
from generator.source.places import line_starts
from generator.source.scalars import plain_scalar
from generator.source.writing import Edit

_WORD = re.compile(r"\w")
_PLAIN = (str, int, float, bool)


def edits_in_place(locator: Locator, text: str, drift: Drift, resource: Resource) -> Iterator[Edit]:
    """A guess for each field of which the file of the resource, whose text this is, has the value."""
    starts = line_starts(text)
    for field in drift.fields:
        span, now = _written(locator, resource, field)
        if span is None or span.path != drift.path:
            continue
        start = starts[span.line - 1] + span.column - 1
        end = starts[span.end_line - 1] + span.end_column - 1
        if not isinstance(field.before, str) and plain_scalar(text[start:end]) != field.before:
            continue
        line = text[starts[span.line - 1] : start]
        indent = line[: len(line) - len(line.lstrip(" "))]
        yield Edit(start, end, now.replace("\n", f"\n{indent}"))


def _written(locator: Locator, resource: Resource, field: FieldChange) -> tuple[Span | None, str]:
    """Where the YAML has what was edited, and what is to stand there."""
    before, after = field.before, field.after
    if isinstance(before, str) and isinstance(after, str):
        desired = _at(resource.payload, field.path)
        source = desired if isinstance(desired, str) else before
        start, end, now = _apart(before, after)
        if source[start:end] != before[start:end]:
            return None, ""
        return locator.marked(resource, field.path, Excerpt(source, start, end)), now
    if isinstance(before, _PLAIN) and isinstance(after, _PLAIN):
        return locator(resource, field.path), msgspec.json.encode(after).decode()
    return None, ""


def _at(payload: Any, path: Path) -> Any:
    for step in path:
        try:
            payload = payload[step]
        except (KeyError, IndexError, TypeError):
            return None
    return payload


def _apart(before: str, after: str) -> tuple[int, int, str]:
    """From where to where the first differs, in whole words and at least one character, and what the second has."""
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    most = shorter - start
    tail = next((at for at in range(most) if before[-1 - at] != after[-1 - at]), most)
    while start and _WORD.match(before[start - 1]):
        start -= 1
    while tail and _WORD.match(before[len(before) - tail]):
        tail -= 1
    if start == len(before) - tail and start:
        start -= 1
    elif start == len(before) - tail and tail:
        tail -= 1
    return start, len(before) - tail, after[start : len(after) - tail]
