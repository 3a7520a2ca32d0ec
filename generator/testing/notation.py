"""Points in a row as promtool writes them: `0x10 5+1x3 _ stale`
(https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series).
"""

from __future__ import annotations

import math
import re
from typing import Final

from msgspec import Struct

MOST_POINTS: Final = 50_000
Point = float | None
"""None where there is no point."""

_NUMBER = r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,3})?"
_MOST_DIGITS = 15
_TOKEN = re.compile(r"\S+")
_GAP = re.compile(r"_(?:x(?P<count>[0-9]+))?\Z")
_NUMBERS = re.compile(rf"(?P<first>{_NUMBER})(?:(?P<step>[+-]{_NUMBER})?x(?P<count>[0-9]+))?\Z")
_HINT = "write `5`, `5x3` (four points of 5), `5+1x3` (5 6 7 8), `5-1x3` (5 4 3 2), `_` or `_x3` (no point)"


class NotationProblem(Struct, frozen=True):
    """What is wrong with the characters from `start` to `end`."""

    message: str
    hint: str
    start: int
    end: int


def points_of(text: str) -> tuple[Point, ...] | NotationProblem:
    found: list[Point] = []
    for token in _TOKEN.finditer(text):
        expanded = _expanded(token.group())
        if isinstance(expanded, str):
            return NotationProblem(expanded, _HINT, *token.span())
        count, first, step = expanded
        if len(found) + count > MOST_POINTS:
            message = f"these are more than {MOST_POINTS:,} points"
            return NotationProblem(message, "write fewer, further apart with `every`", *token.span())
        found += [None] * count if first is None else [first + step * index for index in range(count)]
    if not all(point is None or math.isfinite(point) for point in found):
        return NotationProblem("a point is not a finite number", "write smaller numbers", 0, len(text))
    return tuple(found)


def _expanded(token: str) -> tuple[int, float | None, float] | str:
    """How many points, the first, and the step to the next; or what is wrong."""
    if token == "stale":  # noqa: S105 - promtool's word
        return 1, None, 0.0
    if gap := _GAP.match(token):
        return _number(gap["count"] or "1"), None, 0.0
    numbers = _NUMBERS.match(token)
    if numbers is None:
        shown = token if len(token) <= 30 else f"{token[:29]}…"
        return f"`{shown}` is no point"
    return _number(numbers["count"] or "0") + 1, float(numbers["first"]), float(numbers["step"] or 0)


def _number(digits: str) -> int:
    """What has more digits than matter is a large number all the same."""
    return int(digits.lstrip("0")[:_MOST_DIGITS] or 0)
