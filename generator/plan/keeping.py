"""The YAML that would keep an edit: what is written is changed at its place, and rendered to see that it is that edit.

A text that was edited is looked up in the file, as far as the file has it as it stands; a guess that is wrong does not
render to what is live, and is given up.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from generator.finding import Excerpt, Span
from generator.plan.model import Drift, FieldChange, Path
from generator.render.locating import Locator
from generator.render.model import FileRendering, Resource
from generator.render.project import Project, load_project
from generator.render.renderer import file_rendering, own_files
from generator.resources.types import resource_types
from generator.source.encoding import decode_text
from generator.source.places import line_starts
from generator.source.reader import Files
from generator.source.scalars import plain_scalar

_WORD = re.compile(r"\w")
_PLAIN = (str, int, float, bool)


class _Edit(NamedTuple):
    """Characters `start` to `end` of a file's text become `text`."""

    start: int
    end: int
    text: str


def kept_in(files: Files, drift: Drift, resource: Resource) -> bytes | None:
    """The resource's file with the edit in it; None where it cannot be put there without doing anything else.

    `files` is the whole project, `resource` what they render to.
    """
    project, _ = load_project(files)
    content = files.get(drift.path)
    if drift.live is None or project is None or content is None or resource.path not in own_files(files):
        return None
    text = decode_text(content).text
    edits = sorted(set(_edits(files, text, drift, resource)))
    if not edits or any(one.end > other.start for one, other in pairwise(edits)):
        return None
    mark = BOM_UTF8 if content.startswith(BOM_UTF8) else b""
    edited = mark + _edited(text, edits).encode(errors="replace")
    return edited if _is_kept(files, edited, project, drift, resource) else None


def _edits(files: Files, text: str, drift: Drift, resource: Resource) -> Iterator[_Edit]:
    locator, starts = Locator(files), line_starts(text)
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
        yield _Edit(start, end, now.replace("\n", f"\n{indent}"))


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


def _edited(text: str, edits: list[_Edit]) -> str:
    parts, position = [], 0
    for edit in edits:
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join((*parts, text[position:]))


def _is_kept(files: Files, edited: bytes, project: Project, drift: Drift, resource: Resource) -> bool:
    """Whether the file renders to what is live, and all else in it to what it was."""
    before = file_rendering(drift.path, files, project, None)
    after = file_rendering(drift.path, {**files, drift.path: edited}, project, None)
    if len(after.findings) > len(before.findings) or after.broken != before.broken:
        return False
    was, now = _payloads(before), _payloads(after)
    key = (drift.resource, drift.tracking_id)
    if was.keys() != now.keys() or key not in now:
        return False
    kind = resource_types()[drift.resource]
    marked = kind.tracked(now[key], resource.tracking_id)
    is_live = kind.comparable(marked, marked) == kind.comparable(drift.live or {}, marked)
    return is_live and all(now[each] == payload for each, payload in was.items() if each != key)


def _payloads(rendering: FileRendering) -> dict[tuple[str, str], dict[str, Any]]:
    return {(each.resource, each.tracking_id): each.payload for each in rendering.resources}
