"""What rules on `anomalies`, `forecast` and `outliers` share."""

from __future__ import annotations

from typing import Final

from generator.query.nodes import Call, Expression, Number, SourceRange, StringLiteral, Window
from generator.query.windows import meant_seconds, window_minutes

_ALGORITHM: Final = 1
_WIDTH: Final = 2


def algorithm(call: Call) -> str:
    """`basic`, `linear` and so on; empty where it is not written as a text."""
    return _text(call.args[_ALGORITHM]) if len(call.args) > _ALGORITHM else ""


def width(call: Call) -> Number | None:
    """How far from the expected a value may be: bounds, deviations or tolerance."""
    found = call.args[_WIDTH] if len(call.args) > _WIDTH else None
    return found if isinstance(found, Number) else None


def keyword(call: Call, name: str) -> Expression | None:
    return next((value for each, value in call.kwargs if each == name), None)


def duration_seconds(value: Expression | None) -> float:
    """Of `60`, `'60m'` or `'last_15m'`; 0 where it is none of these."""
    if isinstance(value, Number):
        return value.value
    return text_seconds(_text(value)) if value is not None else 0


def text_seconds(text: object) -> float:
    """How long `last_15m` or `15m` lasts; 0 where it is neither."""
    return meant_seconds(text.removeprefix("last_")) if isinstance(text, str) else 0


def horizon_days(window: Window) -> float:
    return window_minutes(window) / 60 / 24


def place_of(value: Expression | None, call: Call) -> SourceRange:
    return call.span if value is None else value.span


def _text(value: Expression | None) -> str:
    return value.text if isinstance(value, StringLiteral) else ""
