"""Expressions of metric queries and formulas: one function a precedence level."""

from __future__ import annotations

import re

from generator.query.cursor import (
    COMPARATOR,
    NUMBER,
    STRING,
    Cursor,
    closed_string,
    comparator,
    number_value,
    signed_number,
    tokens,
)
from generator.query.functions import FUNCTIONS
from generator.query.modifiers import PERCENTILE, Arguments, ModifierArgument, modifier
from generator.query.nodes import (
    NOWHERE,
    Binary,
    Call,
    Expression,
    Grouping,
    MetricQuery,
    Modifier,
    Name,
    Number,
    QueryList,
    SourceRange,
    StringLiteral,
    ThresholdCount,
    Unary,
)
from generator.query.problem import Refusal, choices, nearest, shown
from generator.query.scope import scope_within

MAX_HEIGHT = 150
SPACE_AGGREGATIONS = ("avg", "sum", "min", "max", "count", "stddev")

_TOKENS = tokens(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z0-9_]++)*+)",
    r"(?P<block>\{[^{}]*+\})",
    NUMBER,
    r"(?P<word>[0-9][A-Za-z0-9_.]*+)",
    r"(?P<method>\.[A-Za-z_][A-Za-z0-9_]*+)",
    r"(?P<fraction>\.[0-9]++)",
    COMPARATOR,
    STRING,
    r"(?P<mark>[-+*/(),:=])",
)
_KEY = re.compile(r"[\w$*][\w$*.:/@-]*\Z")


class ExpressionCursor(Cursor):
    """Knows whether bare names stand for queries (a formula) or are mistakes (a metric monitor)."""

    __slots__ = ("names",)

    def __init__(self, source: str, *, names: bool) -> None:
        super().__init__(_TOKENS, source)
        self.names = names

    def grow(self, *heights: int) -> None:
        """Note the height of a tree just built; the limit keeps comparing and printing within Python's stack."""
        self.height = max(heights) + 1
        if self.height > MAX_HEIGHT:
            raise self.refusal(f"the expression has more than {MAX_HEIGHT} operators or functions inside each other")


def query_list(cursor: ExpressionCursor) -> Expression:
    """Parse a whole text: one expression, or several with commas between them."""
    start = cursor.start
    queries = [expression(cursor)]
    while cursor.accept(","):
        queries.append(expression(cursor))
    if cursor.kind == "comparator":
        raise cursor.refusal(f"{cursor.found()} compares, but only a monitor's query has a comparator")
    _expect_operator_or_end(cursor)
    return queries[0] if len(queries) == 1 else QueryList(tuple(queries), span=(start, cursor.end))


def expression(cursor: ExpressionCursor) -> Expression:
    start = cursor.start
    left = _product(cursor)
    while (operator := cursor.text) in {"+", "-"}:
        height = cursor.height
        cursor.advance()
        left = Binary(operator, left, _product(cursor), span=(start, cursor.end))
        cursor.grow(height, cursor.height)
    return left


def _product(cursor: ExpressionCursor) -> Expression:
    start = cursor.start
    left = _unary(cursor)
    while (operator := cursor.text) in {"*", "/"}:
        height = cursor.height
        cursor.advance()
        left = Binary(operator, left, _unary(cursor), span=(start, cursor.end))
        cursor.grow(height, cursor.height)
    return left


def _unary(cursor: ExpressionCursor) -> Expression:
    if cursor.text != "-":
        return _atom(cursor)
    start = cursor.start
    cursor.advance()
    if cursor.kind == "number":
        cursor.height = 1
        return Number(-number_value(cursor), span=(start, cursor.end))
    cursor.descend()
    operand = _unary(cursor)
    cursor.ascend()
    cursor.grow(cursor.height)
    return Unary(operand, span=(start, cursor.end))


def _atom(cursor: ExpressionCursor) -> Expression:
    if cursor.kind == "name":
        return _named(cursor)
    start = cursor.start
    if cursor.kind == "number":
        cursor.height = 1
        return Number(number_value(cursor), span=(start, cursor.end))
    if cursor.text == "(":
        cursor.descend()
        cursor.advance()
        inner = expression(cursor)
        cursor.expect(")", "to close the bracket", _missing_operator(cursor))
        cursor.ascend()
        return inner
    raise cursor.refusal(f"expected a metric, a function or a number, found {cursor.found()}", _atom_hint(cursor))


def _named(cursor: ExpressionCursor) -> Expression:
    after = cursor.peek()
    if after == "(" and not (cursor.text == "count" and _counts_above_threshold(cursor)):
        return _call(cursor)
    cursor.height = 1
    start = cursor.start
    if after in {":", "("}:
        space = _space(cursor)
        if cursor.kind != "name":
            raise cursor.refusal(f"expected a metric after the space aggregation, found {cursor.found()}")
        return _metric(cursor, space, start)
    if after[:1] == "{":
        return _metric(cursor, None, start)
    return _bare_name(cursor)


def _counts_above_threshold(cursor: ExpressionCursor) -> bool:
    """Tell `count(v: v<5):m{*}` from the function `count`."""
    return cursor.peek(2) == "v" and cursor.peek(3) == ":"


def _space(cursor: ExpressionCursor) -> str | ThresholdCount:
    name, start = cursor.text, cursor.start
    if name not in SPACE_AGGREGATIONS and not PERCENTILE.match(name):
        hint = nearest(name, SPACE_AGGREGATIONS) or f"allowed are {choices(SPACE_AGGREGATIONS)} and percentiles (`p95`)"
        raise cursor.refusal(f"unknown space aggregation {shown(name)}", hint)
    cursor.advance()
    if cursor.accept(":"):
        return name
    for expected in ("(", "v", ":", "v"):
        cursor.expect(expected, "in the threshold count", "write `count(v: v<=5):metric{…}`")
    found = comparator(cursor, "in the threshold count")
    bound = signed_number(cursor)
    cursor.expect(")", "to close the threshold count")
    counted = ThresholdCount(found, bound, span=(start, cursor.end))
    cursor.expect(":", "after the threshold count")
    return counted


def _metric(cursor: ExpressionCursor, space: str | ThresholdCount | None, start: int) -> MetricQuery:
    metric = cursor.text
    metric_span = (cursor.start, cursor.start + len(metric))
    cursor.advance()
    if cursor.kind != "block":
        raise _missing_scope(cursor, metric)
    block = (cursor.start + 1, cursor.start + len(cursor.text) - 1)
    scope = scope_within(cursor.source, block, depth=cursor.depth)
    cursor.advance()
    group_by, group_by_span = _group_by(cursor)
    modifiers: list[Modifier] = []
    while cursor.kind == "method":
        modifiers.append(_modifier(cursor))
    if modifiers and not group_by:
        # `by` after the modifiers is found in the wild; it is printed in its documented place.
        group_by, group_by_span = _group_by(cursor)
    return MetricQuery(
        metric,
        space,
        scope,
        group_by,
        tuple(modifiers),
        span=(start, cursor.end),
        metric_span=metric_span,
        group_by_span=group_by_span,
    )


def _group_by(cursor: ExpressionCursor) -> tuple[tuple[str, ...], SourceRange]:
    if cursor.text != "by":
        return (), NOWHERE
    cursor.advance()
    if cursor.kind != "block":
        raise cursor.refusal(f"expected tag keys in braces after `by`, found {cursor.found()}", "write `by {host,env}`")
    span = (cursor.start, cursor.start + len(cursor.text))
    return _keys(cursor), span


def _keys(cursor: ExpressionCursor) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in cursor.text[1:-1].split(","))
    for key in keys:
        if not _KEY.match(key):
            raise cursor.refusal(
                f"expected tag keys with `,` between them, found {shown(key)} in {shown(cursor.text)}",
                "write `{host,env}`",
            )
    cursor.advance()
    return keys


def _modifier(cursor: ExpressionCursor) -> Modifier:
    start, name = cursor.start, cursor.text[1:]
    cursor.advance()
    arguments: Arguments = ()
    span = (start, cursor.end)
    if not cursor.accept("("):
        raise Refusal(f"the modifier {shown('.' + name)} lacks its brackets", span, f"write `.{shown(name)[1:-1]}()`")
    if not cursor.accept(")"):
        arguments = _modifier_arguments(cursor)
    return modifier(name, arguments, (start, cursor.end))


def _modifier_arguments(cursor: ExpressionCursor) -> Arguments:
    arguments = [_modifier_argument(cursor)]
    while cursor.accept(","):
        arguments.append(_modifier_argument(cursor))
    cursor.expect(")", "to close the modifier")
    return tuple(arguments)


def _modifier_argument(cursor: ExpressionCursor) -> ModifierArgument:
    start = cursor.start
    if cursor.kind == "string":
        return string(cursor)
    if cursor.kind == "name":
        text = cursor.text
        cursor.advance()
        return Name(text, span=(start, cursor.end))
    return Number(signed_number(cursor), span=(start, cursor.end))


def _call(cursor: ExpressionCursor) -> Call:
    name, start = cursor.text, cursor.start
    if name not in FUNCTIONS:
        raise cursor.refusal(f"unknown function {shown(name)}", nearest(name, FUNCTIONS))
    cursor.advance()
    cursor.descend()
    cursor.advance()
    args: list[Expression] = []
    kwargs: list[tuple[str, Expression]] = []
    tallest = 0
    while True:
        if cursor.kind == "name" and cursor.peek() == "=":
            kwargs.append(_keyword(cursor))
        elif kwargs:
            raise cursor.refusal(f"expected `name=value`, found {cursor.found()}", "named arguments come last")
        else:
            args.append(_argument(cursor))
        tallest = max(tallest, cursor.height)
        if not cursor.accept(","):
            break
    cursor.expect(")", f"to close `{name}(`", _missing_operator(cursor))
    cursor.ascend()
    cursor.grow(tallest)
    return Call(name, tuple(args), tuple(kwargs), span=(start, cursor.end))


def _argument(cursor: ExpressionCursor) -> Expression:
    if cursor.kind == "string":
        return string(cursor)
    if cursor.kind == "block":
        start = cursor.start
        return Grouping(_keys(cursor), span=(start, cursor.end))
    return expression(cursor)


def _keyword(cursor: ExpressionCursor) -> tuple[str, Expression]:
    name = cursor.text
    cursor.advance()
    cursor.advance()
    return name, _modifier_argument(cursor)


def string(cursor: Cursor) -> StringLiteral:
    """Read a string; its quotes become single ones where its text allows."""
    start = cursor.start
    text, quote = closed_string(cursor)
    if quote == '"' and "'" not in text and "\\" not in text:
        quote = "'"
    return StringLiteral(text, quote, span=(start, cursor.end))


def _bare_name(cursor: ExpressionCursor) -> Name:
    text, start = cursor.text, cursor.start
    if not cursor.names or "." in text:
        cursor.advance()
        raise _missing_scope(cursor, text)
    cursor.advance()
    return Name(text, span=(start, cursor.end))


def _missing_scope(cursor: ExpressionCursor, metric: str) -> Refusal:
    """Refuse a metric that no scope follows."""
    if cursor.text == "{":
        return cursor.refusal(f"the scope of {shown(metric)} is not one pair of braces", "write `{…}` once")
    span = (cursor.end - len(metric), cursor.end)
    hint = f"write `{metric}{{*}}` for everything, or put a word argument in quotes" if len(metric) <= 100 else ""
    return Refusal(f"{shown(metric)} has no scope in braces, found {cursor.found()}", span, hint)


def _expect_operator_or_end(cursor: ExpressionCursor) -> None:
    if cursor.kind != "end":
        raise cursor.refusal(
            f"expected an operator or the end of the query, found {cursor.found()}", _missing_operator(cursor)
        )


def _missing_operator(cursor: ExpressionCursor) -> str:
    if cursor.kind in {"name", "number"}:
        return f"put an operator or `,` before {shown(cursor.text)}"
    if cursor.kind == "method":
        return "modifiers follow a metric's scope, not brackets"
    return ""


def _atom_hint(cursor: ExpressionCursor) -> str:
    if cursor.kind == "fraction":
        return f"a number needs a leading zero: `0{cursor.text}`" if len(cursor.text) <= 40 else ""
    if cursor.kind == "string":
        return "a string stands only among a function's arguments"
    if cursor.kind == "block":
        return "a scope follows a metric: `avg:system.cpu.user{…}`"
    return ""
