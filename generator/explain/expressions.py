"""A metric query in words: what is measured, where, and when it alerts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from generator.explain.algorithms import algorithm_condition
from generator.explain.durations import duration_words, span_words, window_words
from generator.explain.functions import call_words
from generator.explain.modifiers import modifier_words
from generator.explain.phrases import COMPARISONS, FALLING, QUANTITIES, RISING, code, listed, number, ordinal
from generator.query.inspection import calls, group_keys, leaves
from generator.query.nodes import (
    Binary,
    Call,
    Everything,
    Expression,
    MetricQuery,
    MonitorQuery,
    Number,
    Scope,
    StringLiteral,
    ThresholdCount,
    Unary,
    Window,
)
from generator.query.printer import print_query

_MOST_METRICS = 6
_SPACES = {"avg": "average", "sum": "sum", "min": "lowest", "max": "highest", "count": "number of series"}
_OPERATORS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_FIXED_SHIFTS = {
    "hour_before": timedelta(hours=1),
    "day_before": timedelta(days=1),
    "week_before": timedelta(weeks=1),
    "month_before": timedelta(days=28),
}


def metric_condition(query: MonitorQuery, threshold: str) -> str:
    """`sum of … adds up to more than 0 over 2 hours`; the threshold is passed in, as it may stand in the options."""
    found = leaves(query)
    if len(found) > _MOST_METRICS:
        subject = f"an expression of {len(found)} metrics, {code(print_query(query.expression))},"
        return f"{subject} {_predicate(query, threshold)}"
    scopes = {print_query(leaf.scope): leaf.scope for leaf in found}
    common = next(iter(scopes.values())) if len(scopes) == 1 else None
    words = _Words(common, _common_shift(query))
    algorithm = algorithm_condition(query, words.of, _place(common, len(found)))
    if algorithm:
        return algorithm
    subject = words.of(query.expression)
    return f"{subject}{_place(common, len(found))} {_predicate(query, threshold)}"


def group_words(query: MonitorQuery) -> str:
    """`for each host and role`, or nothing."""
    keys = group_keys(query)
    return f" for each {listed(keys)}" if keys else ""


def shift_sentence(query: MonitorQuery) -> str:
    """That all metrics are read some time ago, where they are."""
    shift = _common_shift(query)
    if shift is None:
        return ""
    return f"It looks at what happened {duration_words(shift)} before."


class _Words:
    """Words of an expression, without what is said once for all: a common scope, a common shift."""

    def __init__(self, common: Scope | None, shift: timedelta | None) -> None:
        self._common = common
        self._shift = shift

    def of(self, expression: Expression) -> str:
        wording = self._WORDINGS.get(type(expression))
        return wording(self, expression) if wording else code(print_query(expression))

    def _metric(self, leaf: MetricQuery) -> str:
        is_told = self._common is not None or isinstance(leaf.scope, Everything)
        return f"{_space(leaf)}{code(leaf.metric)}{modifier_words(leaf)}{'' if is_told else f' {_where(leaf.scope)}'}"

    def _number(self, literal: Number) -> str:
        return number(literal.value)

    def _negation(self, negation: Unary) -> str:
        return f"minus {self._operand(negation.operand)}"

    def _sum(self, binary: Binary) -> str:
        word = _OPERATORS.get(binary.operator, binary.operator)
        return f"{self._operand(binary.left, binary.operator)} {word} {self._operand(binary.right)}"

    def _operand(self, operand: Expression, operator: str = "") -> str:
        is_plain = not isinstance(operand, Binary) or (operand.operator == operator and operator in ("+", "*"))
        return self.of(operand) if is_plain else f"({self.of(operand)})"

    def _call(self, call: Call) -> str:
        shift = _shift_of(call)
        if shift is not None:
            inner = self._operand(call.args[0])
            return inner if shift == self._shift else f"{inner} {duration_words(shift)} before"
        return call_words(call, [self._operand(argument) for argument in call.args])

    def _literal(self, literal: StringLiteral) -> str:
        return code(literal.text)

    _WORDINGS: dict[type, Callable[..., str]] = {  # noqa: RUF012 - a table, never changed
        MetricQuery: _metric,
        Number: _number,
        Unary: _negation,
        Binary: _sum,
        Call: _call,
        StringLiteral: _literal,
    }


def _predicate(query: MonitorQuery, threshold: str) -> str:
    aggregation = query.aggregation
    span = _span(aggregation.window)
    over = f"over {span}"
    side = f"is {COMPARISONS[query.comparator]} {threshold}"
    if aggregation.change is not None:
        ago = window_words(aggregation.change.shift)
        return f"{_change(query, threshold)} against {ago} before ({aggregation.function} {over})"
    if aggregation.function == "sum":
        return f"adds up to {QUANTITIES[query.comparator]} {threshold} {over}"
    if aggregation.function == "avg":
        return f"{side} on average {over}"
    if aggregation.function in ("min", "max") and query.comparator in (*RISING, *FALLING):
        is_all = (aggregation.function == "min") == (query.comparator in RISING)
        return f"{side} {'throughout' if is_all else 'at any time in'} {span}"
    return f"{side} ({aggregation.function} {over})"


def _change(query: MonitorQuery, threshold: str) -> str:
    """`rises by more than 5`, `falls by more than 20 %`."""
    change = query.aggregation.change
    percent = " %" if change is not None and change.kind == "pct_change" else ""
    if query.comparator in FALLING and threshold.startswith("-"):
        quantity = QUANTITIES[query.comparator.replace("<", ">")]
        return f"falls by {quantity} {threshold[1:]}{percent}"
    verb = "rises" if query.comparator in RISING and not threshold.startswith("-") else "changes"
    return f"{verb} by {QUANTITIES[query.comparator]} {threshold}{percent}"


def _span(window: Window) -> str:
    """`the last 5 minutes`, `the day so far`."""
    words = window_words(window)
    if window.kind == "current":
        return words
    return f"the {'next' if window.kind == 'next' else 'last'} {span_words(words)}"


def _space(leaf: MetricQuery) -> str:
    space = leaf.space
    if space is None:
        return ""
    if isinstance(space, ThresholdCount):
        return f"the number of values {COMPARISONS.get(space.comparator, space.comparator)} {number(space.bound)} in "
    if space in _SPACES:
        return f"the {_SPACES[space]} of " if space in ("avg", "sum", "count") else f"the {_SPACES[space]} "
    return f"the {ordinal(space[1:])} percentile of " if space.startswith("p") else f"the {space} of "


def _place(common: Scope | None, metrics: int) -> str:
    """Where all metrics are measured, if that is said once for all."""
    if common is None or isinstance(common, Everything):
        return ""
    return f", all {_where(common)}," if metrics > 1 else f" {_where(common)}"


def _where(scope: Scope) -> str:
    return f"in {code(print_query(scope))}"


def _common_shift(query: MonitorQuery) -> timedelta | None:
    """The shift under which every metric stands, each under one of its own."""
    found = [shift for call in calls(query) if (shift := _shift_of(call)) is not None]
    is_common = len(found) == len(leaves(query)) and len(set(found)) == 1
    return found[0] if is_common else None


def _shift_of(call: Call) -> timedelta | None:
    if not call.args:
        return None
    if call.name == "timeshift" and len(call.args) > 1 and isinstance(call.args[1], Number):
        return timedelta(seconds=-min(max(call.args[1].value, -1e10), 1e10))
    return _FIXED_SHIFTS.get(call.name)
