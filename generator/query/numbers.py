"""Numbers, comparators and what a query is compared with."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

from generator.query.cursor import Cursor
from generator.query.nodes import SourceRange
from generator.query.problem import choices
from generator.query.vocabulary import COMPARATORS

# What a float can hold, written without an exponent.
_MAX_DIGITS = 400
_LARGEST = 1e308
# Beyond, a float leaves whole numbers out.
_EXACT = 2**53

_WRITTEN_OTHERWISE = re.compile(r"(?=.{1,40}\Z)([0-9][0-9_]*(?:\.[0-9]+)?)\.?([A-Za-z]*)\Z")
_THOUSANDS = {"k": "000", "K": "000", "M": "000000"}
_NO_NUMBERS = {
    **dict.fromkeys("+-", "a number has no sign, or one `-`"),
    **dict.fromkeys("${", "write the number itself"),
}
_JOINED = frozenset({"and", "or", "&", "&&", "|", "||"})


def number_value(cursor: Cursor) -> float:
    """Read the number token; whole ones become int however they are written, so that they stay exact."""
    text = cursor.text
    if cursor.kind != "number":
        raise cursor.refusal(f"expected a number, found {cursor.found()}", _number_hint(cursor))
    if len(text) > _MAX_DIGITS:
        raise cursor.refusal(f"the number {cursor.found()} has more than {_MAX_DIGITS} digits")
    value = int(text) if text.isdigit() else decimal_value(text)
    if value > _LARGEST:
        raise cursor.refusal(f"the number {cursor.found()} is too large")
    cursor.advance()
    return value


def decimal_value(text: str) -> float:
    """Return a number written with a fraction or an exponent; infinite where a float cannot hold it."""
    value = float(text)
    if not value.is_integer():
        return value
    if abs(value) < _EXACT:
        return int(value)
    exact = Decimal(text)
    return int(exact) if exact == int(exact) else int(value)


def signed_number(cursor: Cursor) -> float:
    if cursor.accept("-"):
        return -number_value(cursor)
    return number_value(cursor)


def comparator(cursor: Cursor, place: str) -> str:
    found = cursor.text
    if cursor.kind != "comparator":
        allowed = choices(COMPARATORS)
        message = f"expected a comparator ({allowed}) {place}, found {cursor.found()}"
        raise cursor.refusal(message, _comparator_hint(cursor))
    cursor.advance()
    return found


def comparison(cursor: Cursor, place: str, *, word: bool) -> tuple[str, float | Literal["threshold"], SourceRange]:
    """Read the end of a monitor's query: comparator and threshold, which may be a `word` that the options explain."""
    found = comparator(cursor, place)
    start = cursor.start
    if word and cursor.accept("threshold"):
        threshold: float | Literal["threshold"] = "threshold"
    else:
        threshold = signed_number(cursor)
    if cursor.kind != "end":
        message = f"expected the end of the query after the threshold, found {cursor.found()}"
        raise cursor.refusal(message, _after_threshold_hint(cursor))
    return found, threshold, (start, cursor.end)


def leading_zero(cursor: Cursor) -> str:
    """Hint at the zero that a fraction lacks."""
    return f"a number needs a leading zero: `0{cursor.text}`" if len(cursor.text) <= _MAX_DIGITS // 10 else ""


def _number_hint(cursor: Cursor) -> str:
    text = cursor.text
    if cursor.kind == "fraction":
        return leading_zero(cursor)
    if cursor.kind == "comparator" or text == "=":
        return f"write one comparator: {choices(COMPARATORS)}"
    if cursor.kind == "string":
        return "a number takes no quotes"
    if found := _WRITTEN_OTHERWISE.match(text):
        return _plain_number(found[1].replace("_", ""), found[2])
    return _NO_NUMBERS.get(text, "")


def _plain_number(digits: str, unit: str) -> str:
    if digits.isdigit() and unit in _THOUSANDS:
        return f"write `{digits}{_THOUSANDS[unit]}`"
    return f"write `{digits}`, without a unit" if unit else f"write `{digits}`"


def _comparator_hint(cursor: Cursor) -> str:
    if cursor.text.lower() == "by":
        return 'write `.by("host")` before the window'
    if cursor.text != "=":
        return ""
    return {">": "write `>=`", "<": "write `<=`"}.get(cursor.peek(), "write `==`")


def _after_threshold_hint(cursor: Cursor) -> str:
    text = cursor.text
    if text in {"%", ",", ";"}:
        return f"leave `{text}` out"
    if text.lower() in _JOINED:
        return "a query compares once; a composite monitor joins two monitors"
    return "a query compares once" if cursor.kind == "comparator" else ""
