"""One metric with its scope, groups and modifiers: a leaf of an expression."""

from __future__ import annotations

import re
from collections.abc import Iterable

from generator.query.cursor import BLANKS, COMPARATOR, NUMBER, STRING, Cursor, closed_string, tokens
from generator.query.modifiers import Arguments, ModifierArgument, modifier
from generator.query.nodes import (
    NOWHERE,
    MetricQuery,
    Modifier,
    Name,
    Node,
    Number,
    SourceRange,
    StringLiteral,
    ThresholdCount,
)
from generator.query.numbers import comparator, signed_number
from generator.query.problem import Refusal, choices, nearest, shown
from generator.query.scope import scope_within
from generator.query.signs import sign_hint
from generator.query.vocabulary import PERCENTILE, SPACE_AGGREGATIONS, is_key, is_space_aggregation

MAX_HEIGHT = 150
_OTHER_WORDS = {"mean": "avg", "average": "avg", "total": "sum", "median": "p50"}
_OUT_OF_RANGE = re.compile(r"[pP][0-9]")

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

_Groups = tuple[tuple[str, ...], SourceRange, tuple[SourceRange, ...]]
_NO_GROUPS: _Groups = ((), NOWHERE, ())


class ExpressionCursor(Cursor):
    """Knows whether bare names stand for queries or are mistakes, and whether functions may stand that no row names."""

    __slots__ = ("names",)
    any_function = False

    def __init__(self, source: str, *, names: bool) -> None:
        super().__init__(_TOKENS, source)
        self.names = names

    def written(self, node: Node) -> str:
        return self.source[slice(*node.span)]

    def grow(self, *heights: int) -> None:
        """Note the height of a tree just built; the limit keeps comparing and printing within Python's stack."""
        self.height = max(heights) + 1
        if self.height > MAX_HEIGHT:
            raise self.refusal(f"more than {MAX_HEIGHT} operators or functions follow or hold each other")


class FormulaCursor(ExpressionCursor):
    """Reads what stands inside `formula("…")`: products have functions of their own, such as `failed_runs`."""

    __slots__ = ()
    any_function = True
    whole = "the formula"

    def __init__(self, source: str) -> None:
        super().__init__(source, names=True)


def space_aggregation(cursor: ExpressionCursor) -> str | ThresholdCount:
    name, start = cursor.text, cursor.start
    if not is_space_aggregation(name):
        raise cursor.refusal(f"unknown space aggregation {shown(name)}", _aggregation_hint(cursor))
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
    groups = _NO_GROUPS if cursor.text != "by" else _group_by(cursor)
    modifiers: tuple[Modifier, ...] = ()
    if cursor.kind == "method":
        groups, modifiers = _modifiers(cursor, groups)
    elif cursor.text == "by":
        raise _second_by(cursor)
    return MetricQuery(
        metric,
        space,
        scope,
        groups[0],
        modifiers,
        span=(start, cursor.end),
        metric_span=metric_span,
        group_by_span=groups[1],
        key_spans=groups[2],
    )


def _modifiers(cursor: ExpressionCursor, groups: _Groups) -> tuple[_Groups, tuple[Modifier, ...]]:
    """Read modifiers and, where none stands before them, the groups: `by` is found among them in the wild.

    It is printed in its documented place.
    """
    modifiers: list[Modifier] = []
    while True:
        if cursor.kind == "method":
            modifiers.append(_modifier(cursor))
        elif cursor.text != "by":
            return groups, tuple(modifiers)
        elif groups[0]:
            raise _second_by(cursor)
        else:
            groups = _group_by(cursor)


def _aggregation_hint(cursor: ExpressionCursor) -> str:
    name = cursor.text
    if cursor.depth and cursor.peek(2)[:1] in {"'", '"'}:
        return f"a named argument is written {shown(f'{name}={cursor.peek(2)}')}"
    if _OUT_OF_RANGE.match(name):
        small = name.lower()
        return f"did you mean `{small}`?" if PERCENTILE.match(small) else "a percentile is `p0` to `p99.99`"
    if meant := _OTHER_WORDS.get(name.lower()):
        return f"did you mean `{meant}`?"
    return nearest(name, SPACE_AGGREGATIONS) or f"allowed are {choices(SPACE_AGGREGATIONS)} and percentiles (`p95`)"


def _group_by(cursor: ExpressionCursor) -> _Groups:
    cursor.advance()
    if cursor.kind != "block":
        bracketed = cursor.peek() if cursor.text in {"(", "["} else cursor.text
        hint = f"write {shown(f'by {{{bracketed}}}')}" if is_key(bracketed) else "write `by {host,env}`"
        raise cursor.refusal(f"expected tag keys in braces after `by`, found {cursor.found()}", hint)
    span = (cursor.start, cursor.start + len(cursor.text))
    found, places = keys(cursor)
    return found, span, places


def _second_by(cursor: ExpressionCursor) -> Refusal:
    return cursor.refusal("a metric is grouped once, found a second `by`", "name all keys in one: `by {host,env}`")


def keys(cursor: ExpressionCursor) -> tuple[tuple[str, ...], tuple[SourceRange, ...]]:
    """Read the keys in braces, and where each stands."""
    start = cursor.start + 1
    found: list[str] = []
    places: list[SourceRange] = []
    for written in cursor.text[1:-1].split(","):
        key = written.strip(BLANKS)
        if not is_key(key):
            raise _no_key(cursor, key, start + written.find(key))
        first = start if key == written else start + written.index(key)
        found.append(key)
        places.append((first, first + len(key)))
        start += len(written) + 1
    cursor.advance()
    return tuple(found), tuple(places)


def _no_key(cursor: ExpressionCursor, key: str, place: int) -> Refusal:
    text = cursor.text
    found = [each.strip(BLANKS) for each in text[1:-1].split(",")]
    if found == [""]:
        return cursor.refusal(f"{shown(text)} names no tag key", "write `by {host}`, or leave `by` out")
    if not key:
        place -= bool(found[0])
        message = f"expected a tag key on both sides of `,` in {shown(text)}"
        return Refusal(message, (place, place + 1), f"write {_braced(filter(None, found))}")
    words = key.split()
    hint = f"write {_braced(words)}" if len(words) > 1 else "keys hold letters, digits and `_-./`"
    hint = next(filter(None, map(sign_hint, key)), hint)
    message = f"expected tag keys with `,` between them, found {shown(key)}"
    return Refusal(message, (place, place + len(key)), hint)


def _braced(found: Iterable[str]) -> str:
    return shown("{" + ",".join(found) + "}")


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
    if cursor.text != ")":
        hint = f"put `,` before {shown(cursor.text)}" if cursor.kind in {"name", "number", "string", "word"} else ""
        raise cursor.refusal(f"expected `)` to close the modifier, found {cursor.found()}", hint)
    cursor.advance()
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
    if cursor.kind == "block":
        message = f"expected a text, a number or a word, found {cursor.found()}"
        raise cursor.refusal(message, "group keys stand without a name: `avg(query, { env })`")
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
    if cursor.text == "{" and "}" not in cursor.source[cursor.start :]:
        return cursor.refusal(f"the scope of {shown(metric)} is not closed", "close it with `}`")
    if cursor.text == "{":
        return cursor.refusal(f"the scope of {shown(metric)} is not one pair of braces", "write `{…}` once")
    message = f"{shown(metric)} has no scope in braces, found {cursor.found()}"
    if cursor.kind == "other" and sign_hint(cursor.text):
        return cursor.refusal(message)
    return Refusal(message, (cursor.end - len(metric), cursor.end), _scope_hint(cursor, metric[:100]))


def _scope_hint(cursor: ExpressionCursor, metric: str) -> str:
    after = cursor.text
    if after in {"(", "["}:
        return f"the scope stands in braces: `{metric}{{…}}`"
    if cursor.kind == "name" and metric in SPACE_AGGREGATIONS:
        return f"write `{metric}:` before the metric"
    if after == "-" and cursor.peek(2)[:1] == "{":
        return "a metric's name holds letters, digits, `_` and `.`; Datadog writes `_` for what else a name holds"
    if after in {".", "*"} and cursor.start == cursor.end:
        return "a metric's name holds letters, digits, `_` and `.`, and no wildcard"
    quotes = ", or put a word argument in quotes" if cursor.depth else ""
    return f"write `{metric}{{*}}` for everything{quotes}"
