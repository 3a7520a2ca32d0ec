"""What is odd about the methods of a chain query, or about a composite."""

from __future__ import annotations

from collections.abc import Iterator

from generator.query.doubt import Doubt
from generator.query.methods import (
    AFTER_WINDOW,
    AGGREGATIONS,
    ARGUMENTS,
    HEADS,
    PERCENTILE,
    SERVICE_CHECK,
    Head,
)
from generator.query.nodes import (
    Both,
    ChainQuery,
    CompositeQuery,
    Either,
    Inverse,
    Method,
    Name,
    Number,
    Operand,
    StringLiteral,
    Window,
)
from generator.query.printer import print_query
from generator.query.problem import choices, shown
from generator.query.search_text import unbalanced
from generator.query.windows import window_minutes

_MOST_MONITORS = 10
_MOST_CHECKS = 100
_LONGEST_SEARCH_MINUTES = 2 * 24 * 60
# Datadog documents the current month for metrics only.
_CURRENT_SEARCHES = ("1h", "1d")
_WINDOWS = ("last", "current")
_SLO_PERIODS = ("7d", "30d", "90d")
_WITHOUT_LIMIT = frozenset({"formula", "burn_rate", "error_budget", SERVICE_CHECK})


def chain_doubts(query: ChainQuery) -> Iterator[Doubt]:
    head = HEADS[SERVICE_CHECK if isinstance(query.head, StringLiteral) else query.head]
    named = {method.name: method for method in query.methods}
    for method in query.methods:
        if method.name not in head.methods:
            hint = f"it takes {choices(f'.{name}' for name in head.methods)}"
            yield Doubt(f"`{head.name}` is not known to take `.{method.name}`", method.span, hint)
    missing = [f".{name}" for name in head.expected if name not in named]
    if missing:
        yield Doubt(f"`{head.name}` usually has {choices(missing)}", query.span, f"add {choices(missing)}")
    yield from _method_doubts(query.methods, head)
    if head.is_search:
        yield from _search_doubts(query)
    yield from _aggregation_doubts(named.get("rollup"), head)
    yield from _window_doubts(named, head)


def composite_doubts(query: CompositeQuery) -> Iterator[Doubt]:
    if _size(query.tree) > _MOST_MONITORS:
        hint = "make composites of some of them, and one of these"
        yield Doubt(f"a composite takes at most {_MOST_MONITORS} monitors", query.span, hint)
    yield from _repeated_operands(query.tree)


def _repeated_operands(operand: Operand) -> Iterator[Doubt]:
    if isinstance(operand, Inverse):
        yield from _repeated_operands(operand.operand)
    elif isinstance(operand, Both | Either):
        seen: set[Operand] = set()
        for part in operand.operands:
            if part in seen:
                yield Doubt(f"{shown(print_query(part))} stands twice beside itself", part.span, "keep one")
            seen.add(part)
            yield from _repeated_operands(part)


def _method_doubts(methods: tuple[Method, ...], head: Head) -> Iterator[Doubt]:
    seen: set[str] = set()
    for method in methods:
        name = method.name
        if name in seen:
            yield Doubt(f"`.{name}` stands twice", method.span, "keep one")
        elif head.is_search and name in head.methods and name not in AFTER_WINDOW:
            yield from _after_window(method, seen)
        seen.add(name)
        few, many = ARGUMENTS.get(name, (0, 100))
        given = len(method.args)
        if not few <= given <= many:
            takes = "no argument" if not many else "an argument" if given < few else f"at most {many}"
            yield Doubt(f"`.{name}` takes {takes}", method.span)
        if len(method.kwargs) > 1:
            yield from _repeated_keywords(method)


def _after_window(method: Method, seen: set[str]) -> Iterator[Doubt]:
    window = next((each for each in _WINDOWS if each in seen), None)
    if window is not None and method.name in _WINDOWS:
        yield Doubt(f"`.{method.name}` is a second window, beside `.{window}`", method.span, "keep one")
    elif window is not None:
        yield Doubt(
            f"`.{method.name}` stands after the window", method.span, f"write `.{window}(…)` as the last method"
        )


def _repeated_keywords(method: Method) -> Iterator[Doubt]:
    places = method.keyword_spans or (method.span,) * len(method.kwargs)
    seen: set[str] = set()
    for (keyword, _), place in zip(method.kwargs, places, strict=True):
        if keyword in seen:
            yield Doubt(f"the argument {shown(keyword)} of `.{method.name}` is given twice", place, "keep one")
        seen.add(keyword)


def _search_doubts(query: ChainQuery) -> Iterator[Doubt]:
    if len(query.arguments) != 1:
        yield Doubt(f"`{query.head}` takes one search", query.span, f'write `{query.head}("…")`')
    for argument in (*query.arguments, *(each for method in query.methods for each in method.args)):
        if isinstance(argument, Name):
            yield Doubt(f"{shown(argument.text)} stands without quotes", argument.span, 'write `"` around it')
    for argument in query.arguments[:1]:
        odd = unbalanced(argument.text) if isinstance(argument, StringLiteral) else ""
        if odd:
            yield Doubt(f"the search has {odd}", argument.span)


def _size(operand: Operand) -> int:
    if isinstance(operand, Inverse):
        return _size(operand.operand)
    return sum(map(_size, operand.operands)) if isinstance(operand, Both | Either) else 1


def _aggregation_doubts(rollup: Method | None, head: Head) -> Iterator[Doubt]:
    first = rollup.args[0] if rollup and rollup.args else None
    if rollup is None or not isinstance(first, StringLiteral):
        return
    if first.text not in AGGREGATIONS and not PERCENTILE.match(first.text):
        yield Doubt(f"{shown(first.text)} is no known aggregation", first.span, f"known are {choices(AGGREGATIONS)}")
    if first.text != "count" and len(rollup.args) == 1 and head.name != "formula":
        yield Doubt(f"{shown(first.text)} needs a measure", rollup.span, 'write `.rollup("avg", "@duration")`')


def _window_doubts(named: dict[str, Method], head: Head) -> Iterator[Doubt]:
    last = named.get("last")
    if last is not None and head.name == SERVICE_CHECK:
        count = last.args[0] if last.args else None
        is_count = isinstance(count, Number) and isinstance(count.value, int) and 1 <= count.value <= _MOST_CHECKS
        if not is_count:
            yield Doubt(
                f"a service check looks at 1 to {_MOST_CHECKS} of the last checks", last.span, "write `.last(2)`"
            )
    elif last is not None and head.name not in _WITHOUT_LIMIT and _minutes(last) > _LONGEST_SEARCH_MINUTES:
        yield Doubt("Datadog searches at most the last 2 days", last.span, 'write `.last("2d")` or less')
    current = named.get("current")
    if current is not None and head.is_search and _text(current) not in _CURRENT_SEARCHES:
        message = "only the current hour or day of a search can be added up"
        yield Doubt(message, current.span, 'write `.current("1h")` or `.current("1d")`')
    if "long_window" in named and "short_window" in named:
        yield from _burn_doubts(named["long_window"], named["short_window"])
    over = named.get("over")
    if over is not None and head.name in {"burn_rate", "error_budget"} and _text(over) not in _SLO_PERIODS:
        yield Doubt(f"an SLO has no period {shown(_text(over))}", over.span, f"periods are {choices(_SLO_PERIODS)}")


def _burn_doubts(long: Method, short: Method) -> Iterator[Doubt]:
    if not 60 <= _minutes(long) <= _LONGEST_SEARCH_MINUTES:
        yield Doubt("the long window of a burn rate is 1 to 48 hours", long.span, 'write such as `.long_window("1h")`')
    if _minutes(short) >= _minutes(long):
        hint = "a twelfth of the long window is usual"
        yield Doubt("the short window of a burn rate is shorter than the long one", short.span, hint)


def _minutes(method: Method) -> float:
    text = _text(method)
    number = text.rstrip("smohdw")
    return window_minutes(Window("last", int(number), text[len(number) :])) if number.isdecimal() else 0


def _text(method: Method) -> str:
    first = method.args[0] if method.args else None
    return "" if first is None or isinstance(first, Number) else first.text
