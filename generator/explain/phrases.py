"""Small pieces of sentences."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from generator.query.printer import number_text

LONGEST_CODE = 160
LONGEST_SCOPE = 2000
_FEW = 2
_PERCENTILE = re.compile(r"pc?([0-9]+(?:\.[0-9]+)?)")

COMPARISONS = {
    ">": "above",
    ">=": "at or above",
    "<": "below",
    "<=": "at or below",
    "==": "equal to",
    "!=": "other than",
}
QUANTITIES = {
    ">": "more than",
    ">=": "at least",
    "<": "less than",
    "<=": "at most",
    "==": "exactly",
    "!=": "anything but",
}
RISING = (">", ">=")
FALLING = ("<", "<=")


def code(text: str, longest: int = LONGEST_CODE) -> str:
    """The text as it is written, on one line and cut where it is long."""
    flat = " ".join(text.replace("`", "'").split())
    return f"`{flat}`" if len(flat) <= longest else f"`{flat[:longest]}…`"


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *firsts, final = words
    return f"{', '.join(firsts)} {last} {final}" if firsts else final


def number(value: object) -> str:
    """A number as short as it can be, without an exponent; anything else as it is written."""
    is_finite = isinstance(value, float) and math.isfinite(value)
    return number_text(value) if isinstance(value, float) and is_finite else str(value)


def ordinal(value: str) -> str:
    """`99th`, `1st`; `99.9th`."""
    if value.endswith(("11", "12", "13")) or "." in value:
        return f"{value}th"
    return value + {"1": "st", "2": "nd", "3": "rd"}.get(value[-1:], "th")


def percentile(name: str) -> str:
    """`95th percentile` for `p95` and `pc95`; empty for other names."""
    found = _PERCENTILE.fullmatch(name)
    return f"{ordinal(found[1])} percentile" if found else ""


_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_words(days: Sequence[int]) -> str:
    """`Tuesday to Friday`, `Monday and Thursday`, `every day`; 0 is Monday, none means all."""
    if len(days) in (0, len(_DAYS)):
        return "every day"
    if len(days) > _FEW and days[-1] - days[0] == len(days) - 1:
        return f"{_DAYS[days[0]]} to {_DAYS[days[-1]]}"
    return listed(_DAYS[day] for day in days)


def on_days(days: Sequence[int]) -> str:
    """`on Tuesday to Friday`, `every day`."""
    words = day_words(days)
    return words if words == "every day" else f"on {words}"
