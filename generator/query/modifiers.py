"""What may follow a metric's scope: one row a modifier."""

from __future__ import annotations

from collections.abc import Callable

from generator.query.functions import FUNCTIONS
from generator.query.nodes import (
    AsCount,
    AsRate,
    Fill,
    Modifier,
    Name,
    Number,
    Rollup,
    SourceRange,
    StringLiteral,
    Weighted,
)
from generator.query.problem import Refusal, choices, nearest, shown
from generator.query.vocabulary import CALENDAR_WORD, FILL_METHODS, PERCENTILE, ROLLUP_METHODS
from generator.query.windows import meant_seconds

ModifierArgument = Number | StringLiteral | Name
Arguments = tuple[ModifierArgument, ...]


def modifier(name: str, arguments: Arguments, span: SourceRange) -> Modifier:
    build = MODIFIERS.get(name)
    if build is None:
        hint = nearest(name, MODIFIERS) or f"modifiers are {choices(MODIFIERS)}"
        if name in FUNCTIONS:
            hint = f"it is a function: write `{name}(…)` around the query"
        raise Refusal(f"unknown modifier {shown('.' + name)}", span, hint)
    return build(arguments, span)


def _bare(node: type[AsCount | AsRate | Weighted], written: str) -> Callable[[Arguments, SourceRange], Modifier]:
    def build(arguments: Arguments, span: SourceRange) -> Modifier:
        if arguments:
            raise Refusal(f"`{written}` takes no argument", arguments[0].span, f"write `{written}`")
        return node(span=span)

    return build


def _rollup(arguments: Arguments, span: SourceRange) -> Modifier:
    if not arguments:
        raise Refusal("`.rollup()` says neither how nor how far to roll up", span, "write `.rollup(sum, 60)`")
    if isinstance(arguments[0], Number):
        if len(arguments) > 1:
            raise Refusal("`.rollup` takes its method before the seconds", arguments[0].span, _swapped(arguments))
        return Rollup(None, _seconds(arguments[0], ".rollup"), span=span, interval_span=arguments[0].span)
    method = _word(arguments[0], ".rollup", ROLLUP_METHODS)
    if len(arguments) == 1:
        return Rollup(method, span=span)
    interval = arguments[1]
    if isinstance(interval, Number):
        seconds = _seconds(interval, ".rollup")
        return Rollup(method, seconds, arguments[2:], span=span, interval_span=interval.span)
    if not CALENDAR_WORD.match(interval.text):
        hint = f"write `.rollup({method}, {meant_seconds(interval.text) or 60})`"
        raise Refusal("`.rollup` takes seconds or a word such as `daily`", interval.span, hint)
    return Rollup(method, interval.text, arguments[2:], span=span, interval_span=interval.span)


def _swapped(arguments: Arguments) -> str:
    seconds, method = arguments[:2]
    if isinstance(seconds, Number) and not isinstance(method, Number) and method.text in ROLLUP_METHODS:
        return f"write {shown(f'.rollup({method.text}, {seconds.value})')}"
    return "write `.rollup(sum, 60)`"


def _fill(arguments: Arguments, span: SourceRange) -> Modifier:
    if not 1 <= len(arguments) <= 2:
        raise Refusal("`.fill` takes a method and, if wanted, a limit in seconds", span, "write `.fill(last, 300)`")
    first = arguments[0]
    method = first.value if isinstance(first, Number) else _word(first, ".fill", FILL_METHODS)
    return Fill(method, _seconds(arguments[1], ".fill") if len(arguments) == 2 else None, span=span)


def _word(argument: ModifierArgument, place: str, allowed: tuple[str, ...]) -> str:
    text = str(argument.value) if isinstance(argument, Number) else argument.text
    if text in allowed or (place == ".rollup" and PERCENTILE.match(text)):
        return text
    hint = nearest(text, allowed) or f"allowed are {choices(allowed)}"
    if place == ".rollup" and meant_seconds(text):
        hint = f"write `.rollup({meant_seconds(text)})`"
    raise Refusal(f"`{place}` does not know the method {shown(text)}", argument.span, hint)


def _seconds(argument: ModifierArgument, place: str) -> int:
    if isinstance(argument, Number) and isinstance(argument.value, int) and argument.value > 0:
        return argument.value
    raise Refusal(f"`{place}` takes a whole number of seconds", argument.span, f"write `{place}(…, 60)`")


MODIFIERS: dict[str, Callable[[Arguments, SourceRange], Modifier]] = {
    "as_count": _bare(AsCount, ".as_count()"),
    "as_rate": _bare(AsRate, ".as_rate()"),
    "weighted": _bare(Weighted, ".weighted()"),
    "rollup": _rollup,
    "fill": _fill,
}
