"""An expression of metrics in words: what is measured, and where."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from generator.explain.functions import call_words
from generator.explain.modifiers import modifier_words
from generator.explain.phrases import COMPARISONS, LONGEST_SCOPE, code, listed, number, percentile
from generator.explain.shifts import common_shift, shift_of
from generator.query.inspection import leaves
from generator.query.nodes import (
    EVERYTHING,
    Binary,
    Call,
    Everything,
    Expression,
    MetricQuery,
    Name,
    Number,
    QueryList,
    Scope,
    StringLiteral,
    ThresholdCount,
    Unary,
)
from generator.query.printer import print_query

_MOST_METRICS = 6
_SPACES = {
    "avg": "the average of",
    "sum": "the sum of",
    "min": "the lowest",
    "max": "the highest",
    # A distribution's `count` is how many values were sent, not how many series there are.
    "count": "the number of values of",
    "histogram": "the distribution of",
    "stddev": "the standard deviation of",
}
_OPERATORS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def expression_words(expression: Expression) -> str:
    """`the sum of `a` divided by the sum of `b`, all in `env:prod``; a shift that all share is left out."""
    words, place = subject_and_place(expression)
    return f"{words}{place}".removesuffix(",")


def subject_and_place(expression: Expression) -> tuple[str, str]:
    """What is measured, and where, apart: a place that all metrics share is said once, after the rest."""
    found = leaves(expression)
    if len(found) > _MOST_METRICS:
        return f"an expression of {len(found)} metrics, {code(print_query(expression), LONGEST_SCOPE)},", ""
    scopes = {print_query(leaf.scope): leaf.scope for leaf in found}
    common = next(iter(scopes.values())) if len(scopes) == 1 and len(found) > 1 else None
    return _Words(common, common_shift(expression)).of(expression), _place(common)


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
        where = "" if is_told else f" {_where(leaf.scope)}"
        return f"{space_words(leaf)}{code(leaf.metric)}{modifier_words(leaf)}{where}"

    def _number(self, literal: Number) -> str:
        return number(literal.value)

    def _negation(self, negation: Unary) -> str:
        return f"minus {self._operand(negation.operand)}"

    def _arithmetic(self, binary: Binary) -> str:
        word = _OPERATORS.get(binary.operator, binary.operator)
        return f"{self._operand(binary.left, binary.operator)} {word} {self._operand(binary.right, binary.operator)}"

    def _operand(self, operand: Expression, operator: str = "") -> str:
        is_plain = not isinstance(operand, Binary) or (operand.operator == operator and operator in ("+", "*"))
        return self.of(operand) if is_plain else f"({self.of(operand)})"

    def _call(self, call: Call) -> str:
        shift = shift_of(call)
        if shift is not None and (not shift or shift == self._shift):
            return self._operand(call.args[0])
        return call_words(call, [self._operand(argument) for argument in call.args])

    def _name(self, literal: StringLiteral | Name) -> str:
        return code(literal.text)

    def _list(self, several: QueryList) -> str:
        return listed(map(self.of, several.queries))

    _WORDINGS: dict[type, Callable[..., str]] = {  # noqa: RUF012 - a table, never changed
        MetricQuery: _metric,
        Number: _number,
        Unary: _negation,
        Binary: _arithmetic,
        Call: _call,
        StringLiteral: _name,
        Name: _name,
        QueryList: _list,
    }


def space_words(leaf: MetricQuery) -> str:
    """`the sum of `, to stand before the metric."""
    space = leaf.space
    if space is None:
        return ""
    if isinstance(space, ThresholdCount):
        compared = COMPARISONS.get(space.comparator, space.comparator)
        return f"the number of values {compared} {number(space.bound)} of "
    return f"{_SPACES.get(space) or f'the {percentile(space) or space} of'} "


def _place(common: Scope | None) -> str:
    """Where all metrics are measured, if that is said once for all."""
    return "" if common is None or common == EVERYTHING else f", all {_where(common)},"


def _where(scope: Scope) -> str:
    return f"in {code(print_query(scope), LONGEST_SCOPE)}"
