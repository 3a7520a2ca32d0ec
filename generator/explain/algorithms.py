"""Anomalies and outliers in words: what they count is no value of the metric."""

from __future__ import annotations

from generator.explain.durations import window_span
from generator.explain.expressions import subject_and_place
from generator.explain.phrases import COMPARISONS, QUANTITIES, RISING, code, number
from generator.query.inspection import leaves
from generator.query.nodes import Call, Expression, MonitorQuery, Number, StringLiteral, Window

_SIDES = {"above": "above", "below": "below", "both": "outside"}
_UNITS = ("m", "h", "d", "w", "mo")
_MOST_DIGITS = 6


def algorithm_condition(query: MonitorQuery) -> str:
    """`… is above its expected range (`agile`, 2 deviations) in …`; empty where the query is neither."""
    call = query.expression
    if not isinstance(call, Call) or isinstance(query.threshold, str) or query.aggregation.change or not call.args:
        return ""
    if any(leaves(argument) for argument in call.args[1:]):
        return ""
    if call.name == "anomalies":
        return f"{''.join(subject_and_place(call.args[0]))} {_anomalous(call, query, query.threshold)}"
    is_any = (
        query.comparator in RISING and 0 <= query.threshold <= 1 and (query.comparator, query.threshold) != (">", 1)
    )
    if call.name == "outliers" and is_any and (query.comparator, query.threshold) != (">=", 0):
        subject = "".join(subject_and_place(call.args[0]))
        compared = f"{COMPARISONS[query.comparator]} {number(query.threshold)}"
        mark = "" if (query.comparator, query.threshold) == (">", 0) else f" with a mark {compared}"
        span = window_span(query.aggregation.window)
        return f"{subject} is unlike that of the other groups{_told(call)}{mark} in {span}"
    return ""


def warned_share(query: MonitorQuery, threshold: float) -> str:
    """`25 %` of the alert window; empty where the threshold is no share."""
    is_share = isinstance(query.expression, Call) and query.expression.name == "anomalies"
    return f"{_percent(threshold)} %" if is_share else ""


def _anomalous(call: Call, query: MonitorQuery, threshold: float) -> str:
    named = dict(call.kwargs)
    side = _SIDES.get(_text(named.get("direction")), "outside")
    is_whole = (query.comparator, threshold) == (">=", 1)
    amount = "all" if is_whole else f"{QUANTITIES[query.comparator]} {_percent(threshold)} %"
    window = _window(_text(named.get("alert_window"))) or query.aggregation.window
    return f"is {side} its expected range{_told(call)} in {amount} of {window_span(window)}"


def _percent(share: float) -> str:
    return number(float(f"{share * 100:.12g}"))


def _told(call: Call) -> str:
    """The algorithm, how far it lets values go, and its season: ` (`agile`, 2 deviations, weekly season)`."""
    told = [code(each.text) if isinstance(each, StringLiteral) else number(each.value) for each in call.args[1:]
            if isinstance(each, StringLiteral | Number)]  # fmt: skip
    if call.name == "anomalies" and len(told) > 1:
        told[1] += " deviation" if told[1] == "1" else " deviations"
    season = _text(dict(call.kwargs).get("seasonality"))
    return f" ({', '.join([*told, *([f'{season} season'] if season else [])])})" if told or season else ""


def _text(value: Expression | None) -> str:
    return value.text if isinstance(value, StringLiteral) else ""


def _window(text: str) -> Window | None:
    """`last_15m` as it stands in an argument."""
    size = text.removeprefix("last_")
    unit = size.lstrip("0123456789")
    amount = size[: len(size) - len(unit)]
    is_window = amount and len(amount) <= _MOST_DIGITS and unit in _UNITS
    return Window("last", int(amount), unit) if is_window else None
