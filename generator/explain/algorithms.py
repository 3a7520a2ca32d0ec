"""Anomalies and outliers in words: what they count is no value of the metric."""

from __future__ import annotations

from collections.abc import Callable

from generator.explain.durations import span_words, window_words
from generator.explain.phrases import QUANTITIES, code, number
from generator.query.nodes import Call, Expression, MonitorQuery, Number, StringLiteral, Window

_SIDES = {"above": "above", "below": "below", "both": "outside"}
_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month"}


def algorithm_condition(query: MonitorQuery, words: Callable[[Expression], str], where: str) -> str:
    """`… is above its expected range (`agile`, 2 deviations) for …`; empty where the query is neither."""
    call = query.expression
    if not isinstance(call, Call) or not call.args or isinstance(query.threshold, str):
        return ""
    if call.name == "anomalies":
        return f"{words(call.args[0])}{where} {_anomalous(call, query, query.threshold)}"
    if call.name == "outliers":
        last = span_words(window_words(query.aggregation.window))
        return f"{words(call.args[0])}{where} of one group is unlike the others {_told(call)} in the last {last}"
    return ""


def _anomalous(call: Call, query: MonitorQuery, threshold: float) -> str:
    named = dict(call.kwargs)
    side = _SIDES.get(_text(named.get("direction")), "outside")
    share = round(threshold * 100, 6)
    is_whole = query.comparator == ">=" and share == 100
    amount = "all" if is_whole else f"{QUANTITIES[query.comparator]} {number(share)} %"
    window = _window(_text(named.get("alert_window"))) or query.aggregation.window
    return f"is {side} its expected range {_told(call)} in {amount} of the last {span_words(window_words(window))}"


def _told(call: Call) -> str:
    """The algorithm and how far it lets values go: (`agile`, 2)."""
    told = [code(each.text) if isinstance(each, StringLiteral) else number(each.value) for each in call.args[1:3]
            if isinstance(each, StringLiteral | Number)]  # fmt: skip
    return f"({', '.join(told)})" if told else ""


def _text(value: Expression | None) -> str:
    return value.text if isinstance(value, StringLiteral) else ""


def _window(text: str) -> Window | None:
    """`last_15m` as it stands in an argument."""
    size = text.removeprefix("last_")
    unit = size.lstrip("0123456789")
    amount = size[: len(size) - len(unit)]
    return Window("last", int(amount), unit) if amount and len(amount) < 7 and unit in _UNITS else None
