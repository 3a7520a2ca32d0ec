"""The filters of our templates. Each takes and gives single values of bounded size, whatever a template asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import jinja2
from jinja2.filters import FILTERS as JINJA2

from generator.render.templates import LONGEST_TEXT, TOO_LONG, printed

_MOST_DIGITS = 15
_WORD_LIMIT = 2**63


def fits(value: object) -> bool:
    """Whether a value can stand in JSON: a number of 64 bits, a text of characters."""
    if isinstance(value, str):
        return not any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or -_WORD_LIMIT <= value < _WORD_LIMIT


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _single(value: object, name: str) -> Any:
    if isinstance(value, jinja2.Undefined):
        str(value)  # a look-up that found nothing says so
    if isinstance(value, Mapping | list | tuple):
        raise jinja2.TemplateRuntimeError(f"`{name}` takes a single value, found a group of values")
    return value


def _of_text(name: str) -> Callable[[Any], str]:
    return lambda value: str(JINJA2[name](printed(_single(value, name))))


def _trimmed(value: Any, characters: str | None = None) -> str:
    return printed(_single(value, "trim")).strip(characters)


def _of_number(value: Any, name: str) -> Any:
    if not _is_number(_single(value, name)):
        raise jinja2.TemplateRuntimeError(f"`{name}` takes a number, found `{printed(value)[:40]}`")
    return value


def _absolute(value: Any) -> Any:
    return abs(_of_number(value, "abs"))


def _rounded(value: Any, digits: Any = 0, method: str = "common") -> float:
    """As Jinja2's, which computes ten to the power of however many digits it is asked for."""
    if type(digits) is not int or abs(digits) > _MOST_DIGITS:
        raise jinja2.TemplateRuntimeError(f"`round` takes at most {_MOST_DIGITS} digits")
    return float(JINJA2["round"](_of_number(value, "round"), digits, method))


def _whole(value: Any, default: Any = 0) -> Any:
    return _in_json(JINJA2["int"](_single(value, "int"), default))


def _decimal(value: Any, default: Any = 0.0) -> Any:
    return _in_json(JINJA2["float"](_single(value, "float"), default))


def _in_json(number: Any) -> Any:
    if not fits(number):
        raise jinja2.TemplateRuntimeError("the number does not fit into 64 bits")
    return number


def _joined(value: Any, separator: str = "") -> str:
    """Join a list of single values; a text is no list, and the whole stays within the limit of a text."""
    if not isinstance(value, list | tuple):
        raise jinja2.TemplateRuntimeError("`join` takes a list")
    if not isinstance(separator, str):
        raise jinja2.TemplateRuntimeError("`join` takes a text to put between")
    parts = [printed(_single(each, "join")) for each in value]
    if sum(len(part) + len(separator) for part in parts) > LONGEST_TEXT:
        raise jinja2.TemplateRuntimeError(TOO_LONG.problems[0].message)
    return separator.join(parts)


BY_NAME: Mapping[str, Callable[..., Any]] = {
    "abs": _absolute,
    "default": JINJA2["default"],
    "float": _decimal,
    "int": _whole,
    "join": _joined,
    "lower": _of_text("lower"),
    "round": _rounded,
    "title": _of_text("title"),
    "trim": _trimmed,
    "upper": _of_text("upper"),
}
