"""Our mark as the last line of a text, on resources that take no tags."""

from __future__ import annotations

import re

from generator.resources.tracking import TRACKING_ID, is_tracking_id

_MARK = "Managed by toban, do not edit here: "
_MARKED = re.compile(rf"Managed by toban[^:\n]{{0,40}}:[ \t]*`?({TRACKING_ID.pattern})(?![^\s`*,;)])")
_LINE = re.compile(r"^[^\n]{0,20}Managed by toban[^:\n]{0,40}:[^\n]*$\n?", re.MULTILINE)


def without_mark(text: str) -> str:
    return _LINE.sub("", text).rstrip()


def with_mark(text: str, tracking_id: str) -> str:
    own, line = without_mark(text), _MARK + tracking_id
    return f"{own}\n\n{line}" if own else line


def marked_id(text: str) -> str | None:
    """None also where two of our lines contradict each other: nobody can tell whose it is."""
    found = set(_MARKED.findall(text))
    if len(found) != 1:
        return None
    (candidate,) = found
    return candidate if is_tracking_id(candidate) else None
