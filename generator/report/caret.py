"""A line of text with carets under a part of it."""

from __future__ import annotations

from generator.report.visible import display_width, expanded

_ELLIPSIS = "…"


def with_caret(line: str, start: int, end: int, *, width: int) -> tuple[str, str]:
    """The line and its `^^^` line, cut round the caret to `width` columns; start and end count characters from 0."""
    start = min(max(start, 0), len(line))
    end = min(max(end, start), len(line))
    whole = _fits(line, width)
    room = width - 2 * len(_ELLIPSIS)
    first = 0 if whole else _first_shown(start, end, room)
    last = len(line) if whole else _last_shown(line, first, room)
    before = (_ELLIPSIS if first else "") + expanded(line[first:start])
    marked = expanded(line[start : min(end, last)])
    after = expanded(line[max(min(end, last), start) : last]) + (_ELLIPSIS if last < len(line) else "")
    carets = "^" * max(1, display_width(marked))
    return (before + marked + after).rstrip(), " " * display_width(before) + carets


def line_at(text: str, offset: int) -> tuple[str, int]:
    """The line of a text that holds an offset, and where in the text it starts."""
    offset = min(max(offset, 0), len(text))
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)], start


def _first_shown(start: int, end: int, width: int) -> int:
    lead = max(width // 4, width - (end - start) - width // 4)
    return max(0, start - lead)


def _last_shown(line: str, first: int, width: int) -> int:
    taken = 0
    for position in range(first, min(len(line), first + width)):
        taken += display_width(expanded(line[position]))
        if taken > width:
            return position
    return min(len(line), first + width)


def _fits(line: str, width: int) -> bool:
    return len(line) <= width and display_width(expanded(line)) <= width
