"""Comments of a YAML file that speak to toban: YAML itself keeps none, so they are looked up where one may be."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

import msgspec
import yaml

from generator.finding import Span
from generator.source.encoding import decode_text
from generator.source.events import events
from generator.source.places import line_and_column, line_starts

_MARKS: Final = (b"toban:", b"Toban:", b"TOBAN:")
_CANDIDATE: Final = re.compile(r"(?:(?<=\s)|^)#[ \t]*(?:toban|Toban|TOBAN):[^\r\n]*", re.MULTILINE)
_HEADER: Final = re.compile(r"[^\r\n]*")


class Comment(msgspec.Struct, frozen=True):
    """`text` is what follows `toban:`; `covers` is the line that it speaks of, its own or the next with content.

    `is_at_top` says that only comments stand above it.
    """

    text: str
    span: Span
    covers: int
    is_at_top: bool


def toban_comments(path: str, content: bytes) -> tuple[Comment, ...]:
    """Those that begin with `toban:`, also in capitals, in order; a `#` inside a text is none."""
    if not any(mark in content for mark in _MARKS):
        return ()
    text = decode_text(content).readable or ""
    return tuple(_comments(path, text))


def _comments(path: str, text: str) -> Iterator[Comment]:
    starts: tuple[int, ...] = ()
    scalars, end = _scalars(text)
    ends = [last for _, last in scalars]
    contents: list[int] = []
    for found in _CANDIDATE.finditer(text, 0, end):
        position = bisect_right(ends, found.start())
        if position < len(scalars) and scalars[position][0] <= found.start():
            continue
        starts = starts or line_starts(text)
        contents = contents or _lines_with_content(text, starts)
        yield _comment(path, found, starts, contents)


def _comment(path: str, found: re.Match[str], starts: tuple[int, ...], contents: list[int]) -> Comment:
    written = found[0].rstrip()
    line, column = line_and_column(starts, found.start())
    position = bisect_right(contents, line)
    is_alone = not position or contents[position - 1] != line
    following = contents[position] if position < len(contents) else line
    return Comment(
        text=written.partition(":")[2].strip(),
        span=Span(path, line, column, line, column + len(written)),
        covers=following if is_alone else line,
        is_at_top=is_alone and not position,
    )


def _lines_with_content(text: str, starts: tuple[int, ...]) -> list[int]:
    lines = (text[start:end] for start, end in zip(starts, (*starts[1:], len(text)), strict=True))
    stripped = (line.lstrip() for line in lines)
    return [number for number, line in enumerate(stripped, 1) if line and line[0] != "#" and line.rstrip() != "---"]


def _scalars(text: str) -> tuple[list[tuple[int, int]], int]:
    """Where texts begin and end, and how far the file is YAML; what follows `|` or `>` on its line is outside."""
    found: list[tuple[int, int]] = []
    try:
        for event in events(text):
            if isinstance(event, yaml.ScalarEvent) and event.start_mark and event.end_mark:
                start, end = event.start_mark.index, event.end_mark.index
                if event.style in ("|", ">"):
                    header = _HEADER.match(text, start)
                    start = header.end() if header else start
                if end > start:
                    found.append((start, end))
    except yaml.MarkedYAMLError as error:
        index: int = getattr(error.problem_mark, "index", len(text))
        return found, index
    return found, len(text)
