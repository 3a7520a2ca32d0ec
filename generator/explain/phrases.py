"""Small pieces of sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_LONGEST_CODE = 160
_FEW = 2

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


def code(text: str) -> str:
    """The text as it is written, on one line and cut where it is long."""
    flat = " ".join(text.replace("`", "'").split())
    return f"`{flat}`" if len(flat) <= _LONGEST_CODE else f"`{flat[:_LONGEST_CODE]}…`"


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    *firsts, final = words
    return f"{', '.join(firsts)} {last} {final}" if firsts else final


def number(value: object) -> str:
    """A number as short as it can be; anything else as it is written."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def ordinal(value: str) -> str:
    """`99th`, `1st`; `99.9th`."""
    if value.endswith(("11", "12", "13")) or "." in value:
        return f"{value}th"
    return value + {"1": "st", "2": "nd", "3": "rd"}.get(value[-1:], "th")


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
