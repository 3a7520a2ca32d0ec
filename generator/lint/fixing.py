"""Safe fixes, made in the text of a file so that its comments and its layout stay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from generator.finding import Fix
from generator.source.documents import load
from generator.source.encoding import decode_text
from generator.source.places import line_starts
from generator.source.scalars import plain_scalar

_QUOTES = ("'", '"')
_MOST_TRIED_ALONE = 50


class Fixed(msgspec.Struct, frozen=True):
    """The file's new text, and how many of the fixes it has."""

    text: str
    count: int


class _Edit(msgspec.Struct, frozen=True, order=True):
    """`text` in place of the characters `start` to `end`; the value `was` becomes `now`, None where it is not said."""

    start: int
    end: int
    text: str
    was: Any
    now: Any


def fixed(path: str, content: bytes, fixes: Iterable[Fix]) -> Fixed:
    """Make those fixes that change one value each, from exactly what they expect, and nothing else of the YAML."""
    text = decode_text(content).text
    edits = _without_overlaps(sorted({edit for fix in fixes for edit in _edits(text, fix)}, key=_order))
    if _is_safe(path, text, edits):
        return Fixed(_edited(text, edits), len(edits))
    made: list[_Edit] = []
    for edit in edits[:_MOST_TRIED_ALONE]:
        if _is_safe(path, text, [*made, edit]):
            made.append(edit)
    return Fixed(_edited(text, made), len(made))


def _order(edit: _Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _edits(text: str, fix: Fix) -> Iterator[_Edit]:
    """None where the file does not have the expected value in so many letters."""
    starts = line_starts(text)
    if not (0 < fix.span.line <= len(starts) and 0 < fix.span.end_line <= len(starts)):
        return
    start = starts[fix.span.line - 1] + fix.span.column - 1
    end = starts[fix.span.end_line - 1] + fix.span.end_column - 1
    written = text[start:end]
    quote = written[:1] if written[:1] in _QUOTES and written[-1:] == written[:1] and len(written) > 1 else ""
    inner = written[len(quote) : len(written) - len(quote)]
    if not _means(inner, quote, fix.was):
        return
    if fix.start < 0:
        yield _Edit(start, end, fix.text, fix.was, None)
    elif isinstance(fix.was, str):
        now = fix.was[: fix.start] + fix.text + fix.was[fix.end :]
        yield _Edit(start + len(quote) + fix.start, start + len(quote) + fix.end, fix.text, fix.was, now)


def _means(inner: str, quote: str, value: object) -> bool:
    if isinstance(value, str):
        return inner == value
    read = plain_scalar(inner)
    return not quote and type(read) is type(value) and read == value


def _without_overlaps(edits: Sequence[_Edit]) -> list[_Edit]:
    kept: list[_Edit] = []
    for edit in edits:
        if not kept or kept[-1].end <= edit.start:
            kept.append(edit)
    return kept


def _edited(text: str, edits: Sequence[_Edit]) -> str:
    parts, position = [], 0
    for edit in edits:
        parts += [text[position : edit.start], edit.text]
        position = edit.end
    return "".join((*parts, text[position:]))


def _is_safe(path: str, text: str, edits: Sequence[_Edit]) -> bool:
    """Whether the edits change as many values as they are, each as it says: an alias could repeat what they change."""
    before, after = load(path, text.encode(errors="replace")), load(path, _edited(text, edits).encode(errors="replace"))
    if before.findings or after.findings:
        return False
    changes = list(_changes(before.root, after.root))
    told = Counter(repr(was) for was, _ in changes)
    becomes = {repr(now) for _, now in changes}
    return told == Counter(repr(edit.was) for edit in edits) and all(
        edit.now is None or repr(edit.now) in becomes for edit in edits
    )


def _changes(before: Any, after: Any) -> Iterator[tuple[Any, Any]]:
    """Pairs of values that differ, the smallest that can be told; source refuses what nests too deep."""
    if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        for key, value in before.items():
            yield from _changes(value, after[key])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for value, other in zip(before, after, strict=True):
            yield from _changes(value, other)
    elif type(before) is not type(after) or before != after:
        yield before, after
