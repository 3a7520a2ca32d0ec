"""What stands in the methods of a chain query, and those of them that no sentence has told."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from generator.explain.durations import counted, span_words
from generator.explain.phrases import LONGEST_SCOPE, code, listed, number
from generator.query.nodes import ChainArgument, ChainQuery, Method, Number
from generator.query.printer import print_query

_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month"}
_MOST_DIGITS = 6


def argument_text(argument: ChainArgument) -> str:
    return number(argument.value) if isinstance(argument, Number) else argument.text.replace('\\"', '"')


def method_texts(query: ChainQuery, name: str) -> Iterator[str]:
    methods: Iterator[Method] = (method for method in query.methods if method.name == name)
    return (argument_text(argument) for method in methods for argument in method.args)


def first_text(query: ChainQuery, name: str) -> str:
    return next(method_texts(query, name), "")


def head_argument(query: ChainQuery) -> str:
    return argument_text(query.arguments[0]) if query.arguments else ""


def duration_of(text: str) -> str:
    """`5m` → `5 minutes`."""
    amount = text.rstrip("smhdwo")
    unit = _UNITS.get(text[len(amount) :])
    is_duration = unit and amount.isascii() and amount.isdigit() and len(amount) <= _MOST_DIGITS
    return counted(int(amount), unit) if unit and is_duration else text


def last_words(text: str) -> str:
    """`the last 5 minutes` for `5m`."""
    return f"the last {span_words(duration_of(text))}"


def places(texts: Iterator[str]) -> str:
    """Tags of a check or of processes: `env:prod` and `role:db`."""
    found = [text for text in texts if text != "*"]
    return listed(code(text, LONGEST_SCOPE) for text in found) if found else ""


def untold(query: ChainQuery, told: Collection[str], *, once: Collection[str] = ()) -> str:
    """The methods that a sentence does not know, as they are written, so that nothing is left out.

    Of those it tells `once` it knows the first only.
    """
    rest: list[Method] = []
    seen: set[str] = set()
    for method in query.methods:
        if method.name not in told or (method.name in seen and method.name in once):
            rest.append(method)
        seen.add(method.name)
    return f", with {listed(code(print_query(method)) for method in rest)}" if rest else ""
