"""One metric with its scope, groups and modifiers: a leaf of an expression."""

from __future__ import annotations

import re

from generator.query.cursor import (
    COMPARATOR,
    NUMBER,
    STRING,
    Cursor,
    closed_string,
    comparator,
    signed_number,
    tokens,
)
from generator.query.modifiers import PERCENTILE, Arguments, ModifierArgument, modifier
from generator.query.nodes import (
    NOWHERE,
    MetricQuery,
    Modifier,
    Name,
    Number,
    SourceRange,
    StringLiteral,
    ThresholdCount,
)
from generator.query.problem import Refusal, choices, nearest, shown
from generator.query.scope import scope_within

MAX_HEIGHT = 150
SPACE_AGGREGATIONS = ("avg", "sum", "min", "max", "count", "stddev", "histogram")

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
    """Knows whether bare names stand for queries (a formula) or are mistakes, and whether any function may stand."""

    __slots__ = ("any_function", "names")

    def __init__(self, source: str, *, names: bool, any_function: bool = False) -> None:
        super().__init__(_TOKENS, source)
        self.names = names
        self.any_function = any_function

    def grow(self, *heights: int) -> None:
        """Note the height of a tree just built; the limit keeps comparing and printing within Python's stack."""
        self.height = max(heights) + 1
        if self.height > MAX_HEIGHT:
            raise self.refusal(f"the expression has more than {MAX_HEIGHT} operators or functions inside each other")


def space_aggregation(cursor: ExpressionCursor) -> str | ThresholdCount:
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


def metric_query(cursor: ExpressionCursor, space: str | ThresholdCount | None, start: int) -> MetricQuery:
    metric = cursor.text
    metric_span = (cursor.start, cursor.start + len(metric))
    cursor.advance()
    if cursor.kind != "block":
        raise missing_scope(cursor, metric)
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
    return keys(cursor), span


def keys(cursor: ExpressionCursor) -> tuple[str, ...]:
    found = tuple(key.strip() for key in cursor.text[1:-1].split(","))
    for key in found:
        if not _KEY.match(key):
            raise cursor.refusal(
                f"expected tag keys with `,` between them, found {shown(key)} in {shown(cursor.text)}",
                "write `{host,env}`",
            )
    cursor.advance()
    return found


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
    if cursor.kind == "word":
        # Where a calendar rollup's day starts: `.rollup(sum, daily, 12am)`.
        return _word(cursor)
    return word_argument(cursor)


def word_argument(cursor: ExpressionCursor) -> ModifierArgument:
    start = cursor.start
    if cursor.kind == "string":
        return string(cursor)
    if cursor.kind == "name":
        return _word(cursor)
    return Number(signed_number(cursor), span=(start, cursor.end))


def _word(cursor: ExpressionCursor) -> Name:
    text, start = cursor.text, cursor.start
    cursor.advance()
    return Name(text, span=(start, cursor.end))


def string(cursor: Cursor) -> StringLiteral:
    """Read a string; its quotes become single ones where its text allows."""
    start = cursor.start
    text, quote = closed_string(cursor)
    if quote == '"' and "'" not in text and "\\" not in text:
        quote = "'"
    return StringLiteral(text, quote, span=(start, cursor.end))


def missing_scope(cursor: ExpressionCursor, metric: str) -> Refusal:
    """Refuse a metric that no scope follows."""
    if cursor.text == "{":
        return cursor.refusal(f"the scope of {shown(metric)} is not one pair of braces", "write `{…}` once")
    span = (cursor.end - len(metric), cursor.end)
    hint = f"write `{metric}{{*}}` for everything, or put a word argument in quotes" if len(metric) <= 100 else ""
    return Refusal(f"{shown(metric)} has no scope in braces, found {cursor.found()}", span, hint)
