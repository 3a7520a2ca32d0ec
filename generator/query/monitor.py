"""A metric monitor's query: time aggregation, expression, comparator, threshold."""

from __future__ import annotations

import re
from typing import Literal

from generator.query.expression import expression, missing_operator
from generator.query.leaf import ExpressionCursor
from generator.query.nodes import Change, MonitorQuery, TimeAggregation, Window
from generator.query.numbers import comparison
from generator.query.problem import Refusal, choices, nearest, shown
from generator.query.signs import sign_hint
from generator.query.vocabulary import CHANGES, SPACE_AGGREGATIONS, TIME_AGGREGATIONS
from generator.query.windows import meant_window

_AHEAD_OR_BACK = re.compile(r"(last|current|next)_([0-9]{1,6})(mo|[mhdw])\Z")
_AGO = re.compile(r"([0-9]{1,6})(mo|[mhdw])_ago\Z")
_WINDOW_END = re.compile(r"[(),:{}\r\n]")
_LONGEST_WINDOW = 40
_EXAMPLE = "start with a time aggregation such as `avg(last_5m):`"
_WINDOW_HINT = "a window is written `last_5m`; units are `m`, `h`, `d`, `w` and `mo`"


def metric_monitor(text: str) -> MonitorQuery:
    cursor = ExpressionCursor(text, names=False)
    start = cursor.start
    aggregation = _time_aggregation(cursor)
    cursor.expect(":", "after the time aggregation")
    body = expression(cursor)
    if cursor.kind not in {"comparator", "end"} and cursor.text != "=":
        raise cursor.refusal(f"expected an operator or a comparator, found {cursor.found()}", _unfinished(cursor))
    compared, threshold, place = comparison(cursor, "and a threshold after the expression", word=True)
    return MonitorQuery(
        aggregation,
        body,
        compared,
        threshold,
        span=(start, cursor.end),
        threshold_span=place,
    )


def _time_aggregation(cursor: ExpressionCursor) -> TimeAggregation:
    for kind in CHANGES:
        if cursor.text == kind:
            return _change(cursor, kind)
    return _plain_aggregation(cursor)


def _change(cursor: ExpressionCursor, kind: Literal["change", "pct_change"]) -> TimeAggregation:
    start = cursor.start
    cursor.advance()
    cursor.expect("(", f"after `{kind}`")
    inner = _plain_aggregation(cursor)
    cursor.expect(",", "before the shift", f"write `{kind}(avg(last_5m),last_1h)`")
    shift = _window(cursor, shift=True)
    cursor.expect(")", f"to close `{kind}(`")
    span = (start, cursor.end)
    return TimeAggregation(inner.function, inner.window, Change(kind, shift, span=span), span=span)


def _plain_aggregation(cursor: ExpressionCursor) -> TimeAggregation:
    name, start = cursor.text, cursor.start
    if cursor.kind != "name" or name not in TIME_AGGREGATIONS or cursor.peek() != "(":
        raise cursor.refusal(*_no_time_aggregation(cursor))
    cursor.advance()
    cursor.advance()
    window = _window(cursor, shift=False)
    if cursor.text == ",":
        hint = f"two windows compare with an earlier time: `change({name}(last_5m),last_1h)`"
        raise cursor.refusal(f"expected `)` after the evaluation window, found {cursor.found()}", hint)
    cursor.expect(")", "after the evaluation window")
    return TimeAggregation(name, window, span=(start, cursor.end))


def _no_time_aggregation(cursor: ExpressionCursor) -> tuple[str, str]:
    name, after = cursor.text, cursor.peek()
    if cursor.kind == "name" and after == "(":
        if name == "formula":
            return "a formula stands where a metric query is expected", _EXAMPLE
        known = (*TIME_AGGREGATIONS, *CHANGES)
        hint = nearest(name, (*known, "formula")) or f"allowed are {choices(known)}"
        return f"unknown time aggregation {shown(name)}", hint
    if name in SPACE_AGGREGATIONS:
        hint = sign_hint(after) and f"{sign_hint(after)} after {shown(name)}"
        found = shown(after) if after else "the end of the query"
        return f"{shown(name)} lacks its evaluation window: found {found} after it", hint or _EXAMPLE
    hint = "remove the quotes around the query" if cursor.kind == "string" else _EXAMPLE
    return f"expected a time aggregation with its window, found {cursor.found()}", hint


def _window(cursor: ExpressionCursor, *, shift: bool) -> Window:
    text = cursor.text
    span = (cursor.start, cursor.start + len(text))
    window: Window | None = None
    if match := _AHEAD_OR_BACK.match(text):
        window = Window(_KINDS[match[1]], int(match[2]), match[3], span=span)
    elif shift and (match := _AGO.match(text)):
        window = Window("ago", int(match[1]), match[2], span=span)
    if window is None or window.amount == 0 or (shift and window.kind not in {"last", "ago"}):
        raise _no_window(cursor, "a shift (`last_1h` or `1h_ago`)" if shift else "an evaluation window")
    cursor.advance()
    return window


def _no_window(cursor: ExpressionCursor, wanted: str) -> Refusal:
    """Refuse all that stands where a window should, as far as the bracket or comma after it."""
    if cursor.kind in {"end", "other"} or cursor.text in {")", ","}:
        return cursor.refusal(f"expected {wanted}, found {cursor.found()}", _WINDOW_HINT)
    written = _WINDOW_END.split(cursor.source[cursor.start : cursor.start + _LONGEST_WINDOW], maxsplit=1)[0].rstrip()
    text = written or cursor.text
    meant = meant_window(text)
    hint = f"{meant} {_WINDOW_HINT}" if meant and f"`{text}`" not in meant else _WINDOW_HINT
    return Refusal(f"expected {wanted}, found {shown(text)}", (cursor.start, cursor.start + len(text)), hint)


def _unfinished(cursor: ExpressionCursor) -> str:
    """Hint at what is meant where an expression ends in neither an operator nor a comparator."""
    text = cursor.text.lower()
    if text == ",":
        return "a monitor takes one expression"
    if text == "group":
        return "write `by {host}` for `group by`"
    if text in _COMPARING_WORDS:
        return f"write `{_COMPARING_WORDS[text]}`"
    if text in {"and", "or", "&", "|"}:
        return "a composite monitor joins two monitors"
    return missing_operator(cursor)


_KINDS: dict[str, Literal["last", "current", "next"]] = {"last": "last", "current": "current", "next": "next"}
_COMPARING_WORDS = {
    **dict.fromkeys(("above", "over", "exceeds", "gt"), ">"),
    **dict.fromkeys(("below", "under", "lt"), "<"),
    **dict.fromkeys(("is", "equals", "eq"), "=="),
}
