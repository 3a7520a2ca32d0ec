"""Whether arguments are those of the function's row in the table: the parser refuses others, odd ones are doubted."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from generator.query.doubt import Doubt
from generator.query.functions import FUNCTIONS, Function, Kind, Parameter
from generator.query.nodes import Call, Expression, Grouping, Name, Number, SourceRange, StringLiteral
from generator.query.problem import Refusal, choices, nearest, shown
from generator.query.windows import meant_duration, meant_seconds, meant_window

_DURATION = re.compile(r"[1-9][0-9]{0,6}(?:mo|[smhdw])\Z")
_WINDOW = re.compile(r"last_[1-9][0-9]{0,6}(?:mo|[mhdw])\Z")
_SHIFT = re.compile(r"-[1-9][0-9]{0,4}(?:mo|[dw])\Z")
_TIMEZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*\Z")
_MOST_CHOICES = 10

_Slot = tuple[Callable[[Expression], bool], Parameter]


def check_arguments(call: Call, written: Callable[[Expression], str]) -> None:
    """Refuse arguments that the row of the function has no place for; a function without a row takes any.

    `written` returns the text of an argument.
    """
    if call.name not in FUNCTIONS:
        return
    slots = _slots(call.name)
    place = 0
    for argument in call.args:
        while place < len(slots) and slots[place][1].optional and not slots[place][0](argument):
            place += 1
        if place == len(slots):
            usage = _usage(FUNCTIONS[call.name])
            raise Refusal(f"`{call.name}` takes no further argument", argument.span, f"write {usage}")
        _check_value(call.name, slots[place], argument, written)
        place += 1
    missing = [parameter.name for _, parameter in slots[place:] if not parameter.optional]
    if missing:
        raise Refusal(f"`{call.name}` lacks {choices(missing)}", call.span, f"write {_usage(FUNCTIONS[call.name])}")
    if call.kwargs:
        _check_keywords(call, written)


def argument_doubts(call: Call) -> Iterator[Doubt]:
    """Yield what is odd about arguments that fit."""
    if call.name not in FUNCTIONS:
        return
    if len(call.kwargs) > 1:
        yield from _repeated_keywords(call)
    if len(call.args) > 1:
        for (_, parameter), value in zip(_slots(call.name), call.args, strict=False):
            if not _is_choice(parameter, value):
                yield Doubt(*_no_choice(call.name, parameter, value))


def is_timezone(text: str) -> bool:
    """Tell whether the text has the shape of a name in the tz database."""
    return bool(_TIMEZONE.match(text))


@functools.cache
def _slots(name: str) -> tuple[_Slot, ...]:
    return tuple((_FITTING[parameter.kind], parameter) for parameter in FUNCTIONS[name].parameters)


@functools.cache
def _keyword_slots(name: str) -> dict[str, _Slot]:
    return {parameter.name: (_FITTING[parameter.kind], parameter) for parameter in FUNCTIONS[name].keywords}


def _check_keywords(call: Call, written: Callable[[Expression], str]) -> None:
    known = _keyword_slots(call.name)
    for (name, value), place in zip(call.kwargs, _keyword_places(call), strict=True):
        slot = known.get(name)
        if slot is None:
            hint = nearest(name, known) or (f"it takes {choices(known)}" if known else "it takes none")
            raise Refusal(f"`{call.name}` has no argument named {shown(name)}", place, hint)
        _check_value(call.name, slot, value, written)


def _repeated_keywords(call: Call) -> Iterator[Doubt]:
    seen: set[str] = set()
    for (name, _), place in zip(call.kwargs, _keyword_places(call), strict=True):
        if name in seen:
            yield Doubt(f"the argument {shown(name)} is given twice", place, "keep one")
        seen.add(name)


def _keyword_places(call: Call) -> tuple[SourceRange, ...]:
    return call.keyword_spans or (call.span,) * len(call.kwargs)


def _check_value(function: str, slot: _Slot, value: Expression, written: Callable[[Expression], str]) -> None:
    fits, parameter = slot
    if not fits(value):
        what = f"`{parameter.name}` of `{function}` is {parameter.kind.value}"
        hint = _meant(parameter.kind, value) or f"write {_usage(FUNCTIONS[function])}"
        raise Refusal(f"{what}, found {shown(written(value))}", value.span, hint)
    if parameter.closed and not _is_choice(parameter, value):
        raise Refusal(*_no_choice(function, parameter, value))


def _meant(kind: Kind, value: Expression) -> str:
    """Suggest what a value of another kind probably means; empty if nothing is plain."""
    if isinstance(value, Name):
        return "put it in quotes" if kind in _TEXTS else ""
    text = value.text if isinstance(value, StringLiteral) else ""
    seconds = meant_seconds(text.removeprefix("-"))
    if kind is Kind.WHOLE_NUMBER and seconds:
        return f"write `{'-' if text.startswith('-') else ''}{seconds}`"
    if kind is Kind.SHIFT and _SHIFT.match(f"-{text}"):
        return f"did you mean `-{text}`?"
    return _MEANT[kind](text) if kind in _MEANT else ""


def _is_choice(parameter: Parameter, value: Expression) -> bool:
    """Tell whether the text is one that the parameter may be; that capital letters matter is not known."""
    if not parameter.choices or not isinstance(value, StringLiteral) or value.text in parameter.choices:
        return True
    return value.text.lower() in map(str.lower, parameter.choices)


def _no_choice(function: str, parameter: Parameter, value: Expression) -> tuple[str, SourceRange, str]:
    text = value.text if isinstance(value, StringLiteral) else ""
    few = len(parameter.choices) <= _MOST_CHOICES
    hint = nearest(text, parameter.choices) or (f"allowed are {choices(parameter.choices)}" if few else "")
    return f"`{parameter.name}` of `{function}` cannot be {shown(text)}", value.span, hint


def _usage(function: Function) -> str:
    named = (f"[{each.name}]" if each.optional else each.name for each in function.parameters)
    return f"`{function.name}({', '.join(named)})`"


def _is_text(pattern: re.Pattern[str]) -> Callable[[Expression], bool]:
    return lambda value: isinstance(value, StringLiteral) and bool(pattern.match(value.text))


def _is_duration(value: Expression) -> bool:
    """Text with a unit, or whole seconds."""
    return _is_whole(value) or (isinstance(value, StringLiteral) and bool(_DURATION.match(value.text)))


def _is_whole(value: Expression) -> bool:
    return isinstance(value, Number) and isinstance(value.value, int)


_NO_EXPRESSIONS = frozenset({StringLiteral, Grouping})
_MEANT = {Kind.WINDOW: meant_window, Kind.DURATION: meant_duration}
_TEXTS = frozenset({Kind.STRING, Kind.DURATION, Kind.WINDOW, Kind.SHIFT, Kind.TIMEZONE})
_FITTING: dict[Kind, Callable[[Expression], bool]] = {
    Kind.EXPRESSION: lambda value: type(value) not in _NO_EXPRESSIONS,
    Kind.NUMBER: lambda value: isinstance(value, Number),
    Kind.WHOLE_NUMBER: _is_whole,
    Kind.STRING: lambda value: isinstance(value, StringLiteral),
    Kind.DURATION: _is_duration,
    Kind.WINDOW: _is_text(_WINDOW),
    Kind.SHIFT: _is_text(_SHIFT),
    Kind.TIMEZONE: _is_text(_TIMEZONE),
    Kind.GROUPING: lambda value: isinstance(value, Grouping),
}
