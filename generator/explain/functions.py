"""What a call of a function makes of its arguments, in words; the words stand in the table of functions."""

from __future__ import annotations

import functools
import string
from collections.abc import Iterator, Sequence

from generator.explain.durations import counted, duration_text, span_words
from generator.explain.phrases import code, listed, number, percentile
from generator.query.function import Function, Groups, Kind, Parameter
from generator.query.functions import FUNCTIONS
from generator.query.nodes import Call, Expression, Grouping, Name, Number, StringLiteral
from generator.query.printer import print_query

_CHOICES = {
    "area": "area",
    "asc": "lowest",
    "avg": "average",
    "count": "number of points",
    "desc": "highest",
    "l2norm": "L2 norm",
    "last": "last value",
    "max": "maximum",
    "mean": "mean",
    "min": "minimum",
}
_CALENDAR_UNITS = {"d": "day", "w": "week", "mo": "month"}
_MOST_DIGITS = 6


def call_words(call: Call, arguments: Sequence[str]) -> str:
    """The call in words, given its arguments in words."""
    if not arguments:
        return code(print_query(call))
    function = FUNCTIONS.get(call.name)
    told = _row_words(function, call, arguments) if function else ""
    return told or f"{code(call.name)} of {listed(arguments)}{_bracketed(_keyword_words(call))}"


def _row_words(function: Function, call: Call, arguments: Sequence[str]) -> str:
    """Words by the row; empty where the arguments are not those of the row, so that nothing is left out."""
    given: list[tuple[Expression, str]] = [
        (each, words) for each, words in zip(call.args, arguments, strict=True) if not isinstance(each, Grouping)
    ]
    if function.groups is Groups.ARGUMENT:
        given = _subjects_as_one(given)
    size = _placeholders(function.words)
    rest = [*(each for each, _ in given[size:]), *(value for _, value in call.kwargs)]
    values = [_value(function, parameter, *each) for parameter, each in zip(function.parameters, given, strict=False)]
    if function.name == "moving_rollup" and len(given) == size - 1:
        values.append(_CHOICES["avg"])
    values = values[:size]
    if len(values) < size or "" in values or not all(isinstance(each, Number | StringLiteral | Name) for each in rest):
        return ""
    details = [*(words for _, words in given[size:]), *_keyword_words(call)]
    return f"{function.words.format(*values)}{_bracketed([*details, *_group_words(function, call)])}"


def _subjects_as_one(given: list[tuple[Expression, str]]) -> list[tuple[Expression, str]]:
    """A nested aggregation of several queries has one subject: `a and b`."""
    texts = [each for each in given if isinstance(each[0], StringLiteral)]
    subjects = [words for each, words in given if not isinstance(each, StringLiteral)]
    return [(given[0][0], listed(subjects)), *texts] if subjects else given


def _value(function: Function, parameter: Parameter, argument: Expression, words: str) -> str:
    """An argument in words; empty where it is not of the parameter's kind."""
    if parameter.name == "seconds":
        return _seconds(function, argument)
    if parameter.kind in _TEXTS:
        return _text(parameter, argument.text) if isinstance(argument, StringLiteral) else ""
    return words


def _text(parameter: Parameter, text: str) -> str:
    if parameter.kind is Kind.SHIFT:
        return _shift(text)
    if parameter.name == "percentile":
        return percentile(text).removesuffix(" percentile")
    return _CHOICES.get(text, text)


def _seconds(function: Function, argument: Expression) -> str:
    if not isinstance(argument, Number):
        return ""
    words = duration_text(argument.value)
    if function.name != "timeshift":
        return span_words(words)
    return f"{words} {'later' if argument.value > 0 else 'earlier'}"


def _shift(text: str) -> str:
    """`1 month earlier` for `-1mo`."""
    size = text.removeprefix("-")
    amount = size.rstrip("dwmo")
    unit = _CALENDAR_UNITS.get(size[len(amount) :])
    if unit and amount.isascii() and amount.isdigit() and len(amount) <= _MOST_DIGITS:
        return f"{counted(int(amount), unit)} {'earlier' if text.startswith('-') else 'later'}"
    return f"shifted by {code(text)}"


def _group_words(function: Function, call: Call) -> Iterator[str]:
    if function.groups is not Groups.ARGUMENT:
        return
    named = [each for each in call.args if isinstance(each, Grouping)]
    keys = [key for each in named for key in each.keys if key != "*"]
    if keys:
        yield f"for each {listed(keys)}"
    elif named or sum(not isinstance(each, StringLiteral) for each in call.args) == 1:
        yield "over all groups"


def _keyword_words(call: Call) -> list[str]:
    return [f"{name} {_literal(value)}" for name, value in call.kwargs]


def _literal(value: Expression) -> str:
    if isinstance(value, Number):
        return number(value.value)
    return code(value.text if isinstance(value, StringLiteral) else print_query(value))


def _bracketed(details: list[str]) -> str:
    return f" ({', '.join(details)})" if details else ""


@functools.cache
def _placeholders(words: str) -> int:
    return len({name for _, name, _, _ in string.Formatter().parse(words) if name is not None})


_TEXTS = frozenset({Kind.STRING, Kind.SHIFT, Kind.TIMEZONE})
