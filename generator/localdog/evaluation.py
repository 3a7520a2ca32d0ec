"""Answers a metric query from stored series: filter, roll up, aggregate, group, then functions and arithmetic.

Simple on purpose, and honest: gaps are not interpolated, and what is not evaluated here is refused by name.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from generator.localdog.functions import FUNCTIONS, SHIFTS, WITH_NUMBER
from generator.localdog.lines import Line, Span
from generator.localdog.metric_leaf import leaf_lines
from generator.localdog.series_store import SeriesStore
from generator.localdog.unevaluated import NotEvaluated
from generator.query.nodes import Binary, Call, Expression, MetricQuery, Name, Number, Unary

Lines = tuple[Line, ...]
Operand = float | Lines
OPERATIONS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True)
class Evaluation:
    """`named` are the queries that a formula's names stand for."""

    series: SeriesStore
    named: Mapping[str, Expression]

    def lines(self, expression: Expression, span: Span) -> Lines:
        found = self._operand(expression, span)
        if isinstance(found, tuple):
            return found
        raise NotEvaluated("a query without a metric")

    def _operand(self, expression: Expression, span: Span) -> Operand:
        match expression:
            case Number():
                return float(expression.value)
            case MetricQuery():
                return leaf_lines(expression, self.series, span)
            case Unary():
                return combined("-", 0.0, self._operand(expression.operand, span))
            case Binary():
                left, right = (self._operand(part, span) for part in (expression.left, expression.right))
                return combined(expression.operator, left, right)
            case Call():
                return self._called(expression, span)
            case Name():
                if expression.text not in self.named:
                    raise NotEvaluated(f"`{expression.text}`: no query of the request has this name")
                return self._operand(self.named[expression.text], span)
        raise NotEvaluated(f"a {type(expression).__name__} in this place")

    def _called(self, call: Call, span: Span) -> Lines:
        if not call.args:
            raise NotEvaluated(f"`{call.name}()` without a query")
        name, query = call.name, call.args[0]
        if name == "timeshift" or name in SHIFTS:
            shift = SHIFTS.get(name) or int(number_of(call))
            return shifted(self.lines(query, span.moved(shift)), -shift)
        function = FUNCTIONS.get(name)
        if function is None:
            raise NotEvaluated(f"the function `{name}()`")
        return function(self.lines(query, span), number_of(call) if name in WITH_NUMBER else 0.0, span)


def number_of(call: Call) -> float:
    second = call.args[1] if len(call.args) > 1 else None
    if not isinstance(second, Number) or not abs(second.value) < 2**40:
        raise NotEvaluated(f"`{call.name}()` without a number")
    return second.value


def shifted(lines: Lines, seconds: int) -> Lines:
    return tuple(
        Line(line.group, {start + seconds: value for start, value in line.values.items()}, line.interval)
        for line in lines
    )


def combined(operation: str, left: Operand, right: Operand) -> Operand:
    """Lines of equal groups are paired; one without groups goes with each of the others."""
    if not isinstance(left, tuple) and not isinstance(right, tuple):
        found = calculated(operation, left, right)
        if found is None:
            raise NotEvaluated(f"`{left} {operation} {right}`")
        return found
    if not isinstance(left, tuple):
        return tuple(with_number(operation, line, left, before=True) for line in as_lines(right))
    if not isinstance(right, tuple):
        return tuple(with_number(operation, line, right, before=False) for line in left)
    by_group = {line.group: line for line in right}
    found_lines = []
    for one in left:
        others = [by_group.get(one.group) or by_group.get(())] if one.group else right
        found_lines += [together(operation, one, other) for other in others if other is not None]
    return tuple(found_lines)


def as_lines(operand: Operand) -> Lines:
    return operand if isinstance(operand, tuple) else ()


def with_number(operation: str, line: Line, number: float, *, before: bool) -> Line:
    found = {
        start: calculated(operation, number, value) if before else calculated(operation, value, number)
        for start, value in line.values.items()
    }
    return Line(line.group, {start: value for start, value in found.items() if value is not None}, line.interval)


def together(operation: str, one: Line, other: Line) -> Line:
    """At the buckets that both have."""
    values: dict[int, float] = {}
    for start, value in one.values.items():
        second = other.values.get(start)
        found = None if second is None else calculated(operation, value, second)
        if found is not None:
            values[start] = found
    return Line(one.group or other.group, values, max(one.interval, other.interval))


def calculated(operation: str, left: float, right: float) -> float | None:
    """None where the result is no finite number."""
    try:
        found = OPERATIONS[operation](left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return found if math.isfinite(found) else None
