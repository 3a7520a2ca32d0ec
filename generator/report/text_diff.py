"""What differs between two texts: lines of a long one, words of a short one. Bounded in time whatever the texts are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

from generator.report.visible import display_width

Ranges = tuple[tuple[int, int], ...]

_WORD = re.compile(r"[\w.]+|\s+|[^\w\s]")
_MOST_PARTS = 1_000
_MOST_PAIRS = 4_000
"""Above these the texts count as different in full: difflib's worst case is cubic."""
_LEAST_IN_COMMON = 0.4
"""Below this share of equal characters, marks on single words would be noise."""


class Line(msgspec.Struct, frozen=True):
    """A line of a comparison: `-` goes, `+` comes, `|` stays, `…` stands for lines left out, `!` is a sentence.

    `marked` are character ranges of the text that differ.
    """

    mark: str
    text: str
    marked: Ranges = ()


def line_diff(before: str, after: str, *, context: int = 2) -> tuple[Line, ...]:
    """Lines that go and come, with some that stay round them."""
    old, new = before.splitlines(), after.splitlines()
    blocks = _blocks(old, new)
    lines: list[Line] = []
    for number, (tag, i, j, k, m) in enumerate(blocks):
        if tag == "equal":
            lines += _stay(old[i:j], context if number else 0, context if number < len(blocks) - 1 else 0)
        else:
            lines += [Line("-", text) for text in old[i:j]]
            lines += [Line("+", text) for text in new[k:m]]
    return tuple(lines)


def word_diff(before: str, after: str) -> tuple[Line, Line]:
    """Two one-line texts, the words that differ marked; nothing is marked where little is equal."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    blocks = _blocks(old, new)
    same = sum(len("".join(old[i:j])) for tag, i, j, _, _ in blocks if tag == "equal")
    if same < _LEAST_IN_COMMON * max(len(before), len(after), 1):
        return Line("-", before), Line("+", after)
    changed = [block for block in blocks if block[0] != "equal"]
    return (
        Line("-", before, _ranges(old, [(i, j) for _, i, j, _, _ in changed])),
        Line("+", after, _ranges(new, [(k, m) for _, _, _, k, m in changed])),
    )


def underline(line: Line) -> str:
    """`~~~` under the ranges that differ."""
    told, position = "", 0
    for start, end in line.marked:
        told += " " * display_width(line.text[position:start]) + "~" * max(1, display_width(line.text[start:end]))
        position = end
    return told


def _stay(lines: Sequence[str], head: int, tail: int) -> Iterator[Line]:
    if len(lines) <= head + tail + 1:
        shown = lines if head and tail else lines[:head] if head else lines[len(lines) - tail :]
        yield from (Line("|", text) for text in shown)
        return
    yield from (Line("|", text) for text in lines[:head])
    if head and tail:
        yield Line("…", "")
    yield from (Line("|", text) for text in lines[len(lines) - tail :])


def _blocks(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if not _is_affordable(old, new):
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _is_affordable(old: Sequence[str], new: Sequence[str]) -> bool:
    if len(old) > _MOST_PARTS or len(new) > _MOST_PARTS:
        return False
    ours, theirs = Counter(old), Counter(new)
    return sum(number * theirs[part] for part, number in ours.items()) <= _MOST_PAIRS


def _ranges(parts: Sequence[str], changed: Sequence[tuple[int, int]]) -> Ranges:
    offsets = [0]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return tuple((offsets[start], offsets[end]) for start, end in changed if start < end)
