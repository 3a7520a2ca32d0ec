"""A metric monitor's query: time aggregation, expression, comparator, threshold."""

from __future__ import annotations

import re
from typing import Literal

from generator.query.cursor import Cursor, comparator, signed_number
from generator.query.expression import expression
from generator.query.leaf import SPACE_AGGREGATIONS, ExpressionCursor
from generator.query.nodes import Change, MonitorQuery, TimeAggregation, Window
from generator.query.problem import choices, nearest, shown
from generator.query.windows import meant_window

TIME_AGGREGATIONS = ("avg", "sum", "min", "max", "percentile")
CHANGES: tuple[Literal["change", "pct_change"], ...] = ("change", "pct_change")

_AHEAD_OR_BACK = re.compile(r"(last|current|next)_([0-9]{1,6})(mo|[mhdw])\Z")
_AGO = re.compile(r"([0-9]{1,6})(mo|[mhdw])_ago\Z")
_WINDOW_HINT = "a window is written `last_5m`; units are `m`, `h`, `d`, `w` and `mo`"


def metric_monitor(text: str) -> MonitorQuery:
    cursor = ExpressionCursor(text, names=False)
    start = cursor.start
    aggregation = _time_aggregation(cursor)
    cursor.expect(":", "after the time aggregation")
    body = expression(cursor)
    if cursor.kind not in {"comparator", "end"} and cursor.text != "=":
        raise cursor.refusal(f"expected an operator or a comparator, found {cursor.found()}", _unfinished(cursor))
    compared = comparator(cursor, "and a threshold after the expression")
    threshold_start = cursor.start
    threshold = _threshold(cursor)
    cursor.expect_end("after the threshold")
    return MonitorQuery(
        aggregation,
        body,
        compared,
        threshold,
        span=(start, cursor.end),
        threshold_span=(threshold_start, cursor.end),
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
    cursor.expect(")", "after the evaluation window")
    return TimeAggregation(name, window, span=(start, cursor.end))


def _no_time_aggregation(cursor: ExpressionCursor) -> tuple[str, str]:
    name = cursor.text
    example = "start with a time aggregation such as `avg(last_5m):`"
    if cursor.kind == "name" and cursor.peek() == "(":
        if name == "formula":
            return "a formula stands where a metric query is expected", example
        known = (*TIME_AGGREGATIONS, *CHANGES)
        hint = nearest(name, known) or f"allowed are {choices(known)}"
        return f"unknown time aggregation {shown(name)}", hint
    if name in SPACE_AGGREGATIONS:
        return f"{shown(name)} lacks its evaluation window: found {shown(cursor.peek())} after it", example
    return f"expected a time aggregation with its window, found {cursor.found()}", example


def _window(cursor: ExpressionCursor, *, shift: bool) -> Window:
    text = cursor.text
    span = (cursor.start, cursor.start + len(text))
    window: Window | None = None
    if match := _AHEAD_OR_BACK.match(text):
        window = Window(_KINDS[match[1]], int(match[2]), match[3], span=span)
    elif shift and (match := _AGO.match(text)):
        window = Window("ago", int(match[1]), match[2], span=span)
    if window is None or window.amount == 0 or (shift and window.kind not in {"last", "ago"}):
        what = "a shift (`last_1h` or `1h_ago`)" if shift else "an evaluation window"
        raise cursor.refusal(f"expected {what}, found {cursor.found()}", _window_hint(text))
    cursor.advance()
    return window


def _window_hint(text: str) -> str:
    meant = meant_window(text)
    return f"{meant} {_WINDOW_HINT}" if meant and f"`{text}`" not in meant else _WINDOW_HINT


def _threshold(cursor: ExpressionCursor) -> float | Literal["threshold"]:
    if cursor.accept("threshold"):
        return "threshold"
    return signed_number(cursor)


def _unfinished(cursor: Cursor) -> str:
    if cursor.text == ")":
        return "this bracket closes none; remove it, or open one before"
    if cursor.text == ",":
        return "a monitor takes one expression"
    if cursor.kind == "method":
        return "modifiers follow a metric's scope, not brackets"
    return ""


_KINDS: dict[str, Literal["last", "current", "next"]] = {"last": "last", "current": "current", "next": "next"}
