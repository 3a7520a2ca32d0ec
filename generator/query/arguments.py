"""Whether a function's arguments are those of its row in the table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from generator.query.doubt import Doubt
from generator.query.functions import FUNCTIONS, Function, Kind, Parameter
from generator.query.nodes import Call, Expression, Grouping, Name, Number, SourceRange, StringLiteral
from generator.query.problem import choices, nearest, shown

_DURATION = re.compile(r"[1-9][0-9]{0,6}(?:mo|[smhdw])\Z")
_WINDOW = re.compile(r"last_[1-9][0-9]{0,6}(?:mo|[mhdw])\Z")
_SHIFT = re.compile(r"-[1-9][0-9]{0,4}(?:mo|[dw])\Z")
_TIMEZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*\Z")
_MOST_CHOICES = 10


def argument_doubts(call: Call) -> Iterator[Doubt]:
    """Yield what does not fit; a function that no row describes fits."""
    function = FUNCTIONS.get(call.name)
    if function is None:
        return
    yield from _positional_doubts(call, function)
    known = {parameter.name: parameter for parameter in function.keywords}
    given: set[str] = set()
    for name, value in call.kwargs:
        if name in given:
            yield Doubt(f"the argument {shown(name)} is given twice", value.span, "keep one")
        given.add(name)
        if name in known:
            yield from _value_doubts(function, known[name], value)
        else:
            hint = nearest(name, known) or (f"it takes {choices(known)}" if known else "it takes none")
            yield Doubt(f"`{call.name}` has no argument named {shown(name)}", value.span, hint)


def is_timezone(text: str) -> bool:
    """Tell whether the text has the shape of a name in the tz database."""
    return bool(_TIMEZONE.match(text))


def _positional_doubts(call: Call, function: Function) -> Iterator[Doubt]:
    waiting = list(function.parameters)
    for argument in call.args:
        while waiting and waiting[0].optional and not _fits(waiting[0].kind, argument):
            waiting.pop(0)
        if not waiting:
            yield Doubt(f"`{call.name}` takes no further argument", argument.span, f"write {_usage(function)}")
            return
        yield from _value_doubts(function, waiting.pop(0), argument)
    missing = [parameter.name for parameter in waiting if not parameter.optional]
    if missing:
        yield Doubt(f"`{call.name}` lacks {choices(missing)}", call.span, f"write {_usage(function)}")


def _value_doubts(function: Function, parameter: Parameter, value: Expression) -> Iterator[Doubt]:
    place: SourceRange = value.span
    where = f"`{parameter.name}` of `{function.name}`"
    if not _fits(parameter.kind, value):
        hint = "put it in quotes" if isinstance(value, Name) and parameter.kind in _TEXTS else ""
        yield Doubt(f"{where} is {parameter.kind.value}", place, hint)
    elif parameter.choices and isinstance(value, StringLiteral) and value.text not in parameter.choices:
        few = len(parameter.choices) <= _MOST_CHOICES
        hint = nearest(value.text, parameter.choices) or (f"allowed are {choices(parameter.choices)}" if few else "")
        yield Doubt(f"{where} cannot be {shown(value.text)}", place, hint)


def _usage(function: Function) -> str:
    named = (f"[{each.name}]" if each.optional else each.name for each in function.parameters)
    return f"`{function.name}({', '.join(named)})`"


def _fits(kind: Kind, value: Expression) -> bool:
    return _FITTING[kind](value)


def _is_text(pattern: re.Pattern[str]) -> Callable[[Expression], bool]:
    return lambda value: isinstance(value, StringLiteral) and bool(pattern.match(value.text))


def _is_duration(value: Expression) -> bool:
    """Text with a unit, or whole seconds."""
    return _is_whole(value) or (isinstance(value, StringLiteral) and bool(_DURATION.match(value.text)))


def _is_whole(value: Expression) -> bool:
    return isinstance(value, Number) and isinstance(value.value, int)


_TEXTS = frozenset({Kind.STRING, Kind.DURATION, Kind.WINDOW, Kind.SHIFT, Kind.TIMEZONE})
_FITTING: dict[Kind, Callable[[Expression], bool]] = {
    Kind.EXPRESSION: lambda value: not isinstance(value, StringLiteral | Grouping),
    Kind.NUMBER: lambda value: isinstance(value, Number),
    Kind.WHOLE_NUMBER: _is_whole,
    Kind.STRING: lambda value: isinstance(value, StringLiteral),
    Kind.DURATION: _is_duration,
    Kind.WINDOW: _is_text(_WINDOW),
    Kind.SHIFT: _is_text(_SHIFT),
    Kind.TIMEZONE: _is_text(_TIMEZONE),
    Kind.GROUPING: lambda value: isinstance(value, Grouping),
}
