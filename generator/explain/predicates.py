"""When a metric's value alerts: how it is compared, and over which time."""

from __future__ import annotations

from generator.explain.durations import window_span, window_words
from generator.explain.phrases import COMPARISONS, FALLING, QUANTITIES, RISING, number
from generator.explain.shifts import shift_of
from generator.query.inspection import has_modifier, nodes
from generator.query.nodes import (
    AsCount,
    Binary,
    Call,
    Change,
    Expression,
    MetricQuery,
    MonitorQuery,
    Number,
    TimeAggregation,
    Unary,
)

DYNAMIC_THRESHOLD = "`critical_query`"
"""The option that holds the query whose value is the threshold."""

_FIRST = {
    "sum": "added up over",
    "avg": "averaged over",
    "min": "at its lowest over",
    "max": "at its highest over",
}
_COMPARED = {"sum": "totals", "avg": "averages", "min": "lowest values", "max": "highest values"}


def predicate(query: MonitorQuery) -> str:
    """`is above 90 on average over the last 5 minutes`."""
    aggregation, threshold = query.aggregation, threshold_words(query)
    side = f"is {COMPARISONS[query.comparator]} {threshold}"
    if aggregation.change is not None:
        return _changed(query, aggregation.change)
    if _adds_up_before_arithmetic(query):
        first = _FIRST.get(aggregation.function, f"({aggregation.function}) over")
        # https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/
        wanted = "" if aggregation.function == "sum" else "; Datadog asks for `sum` beside `.as_count()`"
        return f"{side}, each metric {first} {window_span(aggregation.window)} first{wanted}"
    if aggregation.function == "sum":
        return f"adds up to {QUANTITIES[query.comparator]} {threshold} over {window_span(aggregation.window)}"
    return f"{side} {_time_words(aggregation, query.comparator)}"


def threshold_words(query: MonitorQuery) -> str:
    """The number; where the options hold it, the option that does."""
    return DYNAMIC_THRESHOLD if isinstance(query.threshold, str) else number(query.threshold)


def _time_words(aggregation: TimeAggregation, comparator: str) -> str:
    """`throughout the last 5 minutes`; which of the points must be beyond the threshold."""
    function, span = aggregation.function, window_span(aggregation.window)
    if function in ("min", "max") and comparator in (*RISING, *FALLING):
        is_all = (function == "min") == (comparator in RISING)
        return f"{'throughout' if is_all else 'at any time in'} {span}"
    return f"{_TIMES.get(function, f'({function}) over')} {span}"


def _changed(query: MonitorQuery, change: Change) -> str:
    """`rises by more than 20 % against 1 hour earlier, on average over the last 5 minutes`."""
    aggregation = query.aggregation
    against = f"{change_words(query.comparator, query.threshold, change)} against {window_words(change.shift)} earlier"
    if has_modifier(query, AsCount):
        totals = _COMPARED.get(aggregation.function, f"`{aggregation.function}`")
        return f"{against}, comparing {totals} over {window_words(aggregation.window)}"
    return f"{against}, {_time_words(aggregation, query.comparator)}"


def change_words(comparator: str, threshold: float | str, change: Change) -> str:
    """`falls by more than 5 %` for `< -5`; `rises, or falls by less than 5` for `> -5`."""
    percent = " %" if change.kind == "pct_change" else ""
    if isinstance(threshold, str):
        return f"changes by {QUANTITIES[comparator]} {DYNAMIC_THRESHOLD}{percent}"
    if threshold == 0:
        return _AGAINST_NOTHING[comparator]
    size = f"{number(abs(threshold))}{percent}"
    towards = "rises" if threshold > 0 else "falls"
    if comparator == "!=":
        return f"does not {towards.removesuffix('s')} by exactly {size}"
    if comparator == "==":
        return f"{towards} by exactly {size}"
    way = "rises" if comparator in RISING else "falls"
    if towards == way:
        return f"{way} by {QUANTITIES[_BEYOND[comparator]]} {size}"
    return f"{way}, stays, or {towards} by {QUANTITIES[_WITHIN[comparator]]} {size}"


def _adds_up_before_arithmetic(query: MonitorQuery) -> bool:
    """Datadog aggregates each metric over time before it calculates, where one is `.as_count()`.

    Where that makes no difference, a total of totals, it need not be told.
    https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/
    """
    is_calculated = any(isinstance(node, Binary | Unary) for node in nodes(query))
    is_plain_total = query.aggregation.function == "sum" and _is_linear(query.expression)
    return is_calculated and has_modifier(query, AsCount) and not is_plain_total


def _is_linear(node: Expression) -> bool:
    """Whether the sum over time of the result is the result of the sums."""
    if isinstance(node, Unary):
        return _is_linear(node.operand)
    if isinstance(node, Call):
        return shift_of(node) is not None and _is_linear(node.args[0])
    return _is_linear_pair(node) if isinstance(node, Binary) else isinstance(node, MetricQuery)


def _is_linear_pair(node: Binary) -> bool:
    if node.operator in "+-":
        return _is_linear(node.left) and _is_linear(node.right)
    if isinstance(node.right, Number):
        return _is_linear(node.left)
    return node.operator == "*" and isinstance(node.left, Number) and _is_linear(node.right)


_BEYOND = {">": ">", ">=": ">=", "<": ">", "<=": ">="}
_WITHIN = {">": "<", ">=": "<=", "<": "<", "<=": "<="}
_AGAINST_NOTHING = {
    ">": "rises",
    ">=": "rises or stays as it was",
    "<": "falls",
    "<=": "falls or stays as it was",
    "==": "stays as it was",
    "!=": "changes",
}
_TIMES = {
    "avg": "on average over",
    "sum": "added up over",
    "min": "at its lowest over",
    "max": "at its highest over",
    "percentile": "over all values of",
}
