"""What a plan shows of one change, the same in every format: its name, its sentences and its field changes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.explain.resource_words import explain_resource
from generator.explain.words import field_words
from generator.message.handles import handles
from generator.plan.model import Action, Change, FieldChange, Path
from generator.report.json_text import json_text
from generator.report.text_diff import Line, line_diff, word_diff
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, expanded, short
from generator.resources.tracking import TAG_KEY
from generator.resources.types import resource_types

SYMBOLS = {Action.CREATE: "+", Action.UPDATE: "~", Action.REPLACE: "-/+", Action.DELETE: "-", Action.ADOPT: "~"}
MOST_LINES = 60
"""Lines of field changes shown of one resource."""

_CRITICAL = ("options", "thresholds", "critical")
_LONG = 40
_PLAIN_KEY = re.compile(r"[\w-]+")


def field_name(path: Path) -> str:
    """`options.thresholds.critical`, `monitor_ids[0]`."""
    told = ""
    for part in path:
        if isinstance(part, int):
            told += f"[{part}]"
        elif _PLAIN_KEY.fullmatch(part):
            told += f".{part}"
        else:
            told += f"[{json_text(part)}]"
    return short(told.removeprefix("."), LONGEST_VALUE)


def sentences(change: Change) -> Iterator[str]:
    """What the resource is (when it comes or goes), whom it notifies, its old name, and the plan's notes."""
    if change.previous_id:
        yield f"renamed from `{change.previous_id}`"
    payload = {Action.CREATE: change.after, Action.DELETE: change.before}.get(change.action)
    words = explain_resource(change.resource, payload) if payload is not None else ""
    if words:
        yield words
    if payload is not None and resource_types()[change.resource].alerts:
        yield _notified(str(payload.get("message") or ""), is_past=change.action is Action.DELETE)
    yield from (f"note: {note}" for note in change.notes)


def change_lines(fields: Sequence[FieldChange]) -> tuple[Line, ...]:
    """The field changes, in words where there are words, each line safe to print and cut to a bearable length."""
    fields = telling(fields)
    return shown_lines([line for field in fields[:MOST_LINES] for line in field_lines(field)], len(fields))


def shown_lines(lines: Sequence[Line], fields: int) -> tuple[Line, ...]:
    """Lines of the first of so many fields, safe to print and not too many."""
    shown = tuple(_shown(line) for line in lines[:MOST_LINES])
    if len(lines) <= MOST_LINES and fields <= MOST_LINES:
        return shown
    return (*shown, Line("…", f"{max(len(lines), fields) - MOST_LINES:,} more lines"))


def telling(fields: Sequence[FieldChange]) -> tuple[FieldChange, ...]:
    """The field changes without what others say already: a rename its own tag, a query's threshold the option."""
    without_tracking = (_without_tracking(field) if field.path == ("tags",) else field for field in fields)
    told = tuple(field for field in without_tracking if field.before != field.after)
    query_words = " ".join(
        field_words(each.path, each.before, each.after) or "" for each in told if each.path == ("query",)
    )
    return tuple(each for each in told if not ("threshold" in query_words and each.path == _CRITICAL))


def _without_tracking(field: FieldChange) -> FieldChange:
    return FieldChange(field.path, *map(_without_own_tag, (field.before, field.after)))


def _without_own_tag(tags: object) -> object:
    if tags is None:
        return []
    return [tag for tag in tags if not str(tag).startswith(f"{TAG_KEY}:")] if isinstance(tags, list) else tags


def field_lines(field: FieldChange) -> tuple[Line, ...]:
    words = field_words(field.path, field.before, field.after)
    name = field_name(field.path)
    if isinstance(field.before, str) and isinstance(field.after, str):
        heading = Line("!", f"{name}: {words or ''}".rstrip())
        if "\n" in field.before.strip() or "\n" in field.after.strip():
            return (heading, *line_diff(field.before, field.after))
        if field.path == ("query",) or max(len(field.before), len(field.after)) > _LONG:
            return (heading, *word_diff(field.before.strip(), field.after.strip()))
    return (Line("!", words or f"{name}: {_value(field.before)} → {_value(field.after)}"),)


def _value(value: object) -> str:
    return "(none)" if value is None else short(json_text(value), LONGEST_VALUE)


def _notified(message: str, *, is_past: bool) -> str:
    verb = "notified" if is_past else "notifies"
    return f"{verb} {', '.join(dict.fromkeys(handles(message))) or 'nobody'}"


def _shown(line: Line) -> Line:
    if not line.marked:
        return Line(line.mark, short(line.text.replace("\t", "    "), LONGEST_SENTENCE))
    return _around_marks(line)


def _around_marks(line: Line) -> Line:
    """Make visible part by part, so that the marks stay where they belong."""
    text = "…" if line.marked[0][0] > LONGEST_VALUE else ""
    position = max(0, line.marked[0][0] - LONGEST_VALUE // 2) if text else 0
    marked: list[tuple[int, int]] = []
    end_shown = min(len(line.text), position + LONGEST_SENTENCE)
    for start, end in line.marked:
        if start >= end_shown:
            break
        text += expanded(line.text[position:start])
        marked_part = expanded(line.text[start : min(end, end_shown)])
        marked.append((len(text), len(text) + len(marked_part)))
        text += marked_part
        position = min(end, end_shown)
    text += expanded(line.text[position:end_shown]) + ("…" if end_shown < len(line.text) else "")
    return Line(line.mark, text, tuple(marked))
