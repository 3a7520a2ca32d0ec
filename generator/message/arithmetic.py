"""What the functions and operators of `eval` compute
(https://docs.datadoghq.com/monitors/guide/template-variable-evaluation/).

Its documentation leaves open, and so it is chosen here, that `round` rounds halves away from zero, and that
`humanize_bytes` and `humanize_bits` step by 1024 and show two decimals.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from msgspec import Struct

Value = float | str | bool
"""What an expression can come to; int counts as float."""

_LARGEST_EXACT_POWER: Final = 64
_MOST_DECIMALS: Final = 15
_STEP: Final = 1024


class NotComputable(Exception):  # noqa: N818 - it never leaves the package: an evaluation that fails has no value
    """A word where a number is needed, a division by zero, or a result that no number can hold."""


class Operation(Struct, frozen=True):
    least: int
    most: int
    apply: Callable[..., Value]


def number_text(number: float) -> str:
    """A number as a message shows it: whole ones as they are held, `5` or `5.0`, others with the fewest digits."""
    return str(number)


def number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NotComputable
    try:
        found = float(value) if isinstance(value, str) else value
    except ValueError as error:
        raise NotComputable from error
    if isinstance(found, float) and not math.isfinite(found):
        raise NotComputable
    return found


def _power(base: float, exponent: float) -> float:
    exact = isinstance(base, int) and isinstance(exponent, int) and 0 <= exponent <= _LARGEST_EXACT_POWER
    found = base**exponent if exact else math.pow(base, exponent)
    return float(found) if isinstance(found, int) and abs(found) > 2**53 else found


def _rounded(value: float, decimals: float = 0) -> float:
    places = int(decimals)
    if not 0 <= places <= _MOST_DECIMALS:
        raise NotComputable
    scaled = abs(value) * 10**places
    whole = math.floor(scaled + 0.5)
    found = math.copysign(whole / 10**places, value)
    return int(found) if places == 0 else found


def _sign(value: float) -> float:
    return (value > 0) - (value < 0)


def _truth(value: float) -> bool:
    if value not in {0, 1}:
        raise NotComputable
    return value == 1


def _humanized(value: float, units: tuple[str, ...]) -> str:
    scaled, step = float(value), 0
    while abs(scaled) >= _STEP and step < len(units) - 1:
        scaled, step = scaled / _STEP, step + 1
    return f"{scaled:.2f} {units[step]}"


def _of_numbers(apply: Callable[..., Value], least: int = 1, most: int = 1) -> Operation:
    return Operation(least, most, lambda *values: apply(*map(number, values)))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else str(value)


def _substring(value: Value, start: Value, end: Value | None = None) -> str:
    return _text(value)[int(number(start)) : None if end is None else int(number(end))]


def _stripped(value: Value, signs: Value | None = None) -> str:
    return _text(value).strip(None if signs is None else _text(signs))


_BYTES: Final = ("B", "KB", "MB", "GB", "TB", "PB", "EB")
_BITS: Final = ("b", "Kb", "Mb", "Gb", "Tb", "Pb", "Eb")

FUNCTIONS: Final[dict[str, Operation]] = {
    "abs": _of_numbers(abs),
    "acos": _of_numbers(math.acos),
    "acosh": _of_numbers(math.acosh),
    "asin": _of_numbers(math.asin),
    "asinh": _of_numbers(math.asinh),
    "atan": _of_numbers(math.atan),
    "atan2": _of_numbers(math.atan2, 2, 2),
    "atanh": _of_numbers(math.atanh),
    "ceil": _of_numbers(math.ceil),
    "cos": _of_numbers(math.cos),
    "cosh": _of_numbers(math.cosh),
    "dec": _of_numbers(lambda value: math.modf(value)[0]),
    "exp": _of_numbers(math.exp),
    "float": _of_numbers(float),
    "floor": _of_numbers(math.floor),
    "humanize_bits": _of_numbers(lambda value: _humanized(value, _BITS)),
    "humanize_bytes": _of_numbers(lambda value: _humanized(value, _BYTES)),
    "int": _of_numbers(math.trunc),
    "log10": _of_numbers(math.log10),
    "lower": Operation(1, 1, lambda value: _text(value).lower()),
    "round": _of_numbers(_rounded, 1, 2),
    "sgn": _of_numbers(_sign),
    "sin": _of_numbers(math.sin),
    "sinh": _of_numbers(math.sinh),
    "strip": Operation(1, 2, _stripped),
    "substring": Operation(2, 3, _substring),
    "tan": _of_numbers(math.tan),
    "tanh": _of_numbers(math.tanh),
    "to_bool": _of_numbers(_truth),
    "trunc": _of_numbers(math.trunc),
    "upper": Operation(1, 1, lambda value: _text(value).upper()),
}

OPERATORS: Final[dict[str, Operation]] = {
    "+": _of_numbers(lambda left, right: left + right, 2, 2),
    "-": _of_numbers(lambda left, right: left - right, 2, 2),
    "*": _of_numbers(lambda left, right: left * right, 2, 2),
    "/": _of_numbers(lambda left, right: left / right, 2, 2),
    "%": _of_numbers(lambda left, right: left % right, 2, 2),
    "^": _of_numbers(_power, 2, 2),
    "negate": _of_numbers(lambda value: -value),
}
