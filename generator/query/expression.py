"""Expressions of metric queries and formulas: one function a precedence level."""

from __future__ import annotations

from generator.query.arguments import check_arguments
from generator.query.functions import FUNCTIONS
from generator.query.leaf import (
    ExpressionCursor,
    FormulaCursor,
    keys,
    metric_query,
    missing_scope,
    space_aggregation,
    string,
    word_argument,
)
from generator.query.modifiers import MODIFIERS
from generator.query.nodes import Binary, Call, Expression, Grouping, Name, Number, QueryList, SourceRange, Unary
from generator.query.numbers import leading_zero, number_value
from generator.query.problem import nearest, shown
from generator.query.vocabulary import is_space_aggregation

_SLIP_LIKENESS = 0.85
_OPERATORS = "the operators are `+`, `-`, `*` and `/`"
_SIGNS = {
    "%": _OPERATORS,
    "^": _OPERATORS,
    ")": "this bracket closes none; remove it, or open one before",
    "}": "this brace closes none; remove it",
}
_OTHER_WORDS = {
    **dict.fromkeys(("log", "ln"), "write `log2` or `log10`"),
    **dict.fromkeys(("ceil", "floor"), "write `round`"),
    **dict.fromkeys(("if", "case", "pow", "sqrt", "exp"), "Datadog has no such function"),
}


def query_list(cursor: ExpressionCursor) -> Expression:
    """Parse a whole text: one expression, or several with commas between them."""
    start = cursor.start
    queries = [expression(cursor)]
    while cursor.accept(","):
        queries.append(expression(cursor))
    if cursor.kind == "comparator":
        raise cursor.refusal(f"{cursor.found()} compares, but only a monitor's query has a comparator")
    _expect_operator_or_end(cursor)
    return queries[0] if len(queries) == 1 else QueryList(tuple(queries), span=(start, cursor.end))


def formula(text: str) -> Expression:
    """Parse one formula over the names of queries."""
    cursor = FormulaCursor(text)
    found = expression(cursor)
    _expect_operator_or_end(cursor)
    return found


def expression(cursor: ExpressionCursor) -> Expression:
    start = cursor.start
    left = _product(cursor)
    while (operator := cursor.text) in {"+", "-"}:
        height = cursor.height
        cursor.advance()
        left = Binary(operator, left, _product(cursor), span=(start, cursor.end))
        cursor.grow(height, cursor.height)
    return left


def _product(cursor: ExpressionCursor) -> Expression:
    start = cursor.start
    left = _unary(cursor)
    while (operator := cursor.text) in {"*", "/"}:
        height = cursor.height
        cursor.advance()
        left = Binary(operator, left, _unary(cursor), span=(start, cursor.end))
        cursor.grow(height, cursor.height)
    return left


def _unary(cursor: ExpressionCursor) -> Expression:
    if cursor.text != "-":
        return _atom(cursor)
    start = cursor.start
    cursor.advance()
    if cursor.kind == "number":
        cursor.height = 1
        return Number(-number_value(cursor), span=(start, cursor.end))
    operand = _atom(cursor)
    cursor.grow(cursor.height)
    return Unary(operand, span=(start, cursor.end))


def _atom(cursor: ExpressionCursor) -> Expression:
    if cursor.kind == "name":
        return _named(cursor)
    start = cursor.start
    if cursor.kind == "number":
        cursor.height = 1
        return Number(number_value(cursor), span=(start, cursor.end))
    if cursor.text == "(":
        cursor.descend()
        cursor.advance()
        inner = expression(cursor)
        _close(cursor, "the bracket")
        return inner
    raise cursor.refusal(f"expected a metric, a function or a number, found {cursor.found()}", _atom_hint(cursor))


def _named(cursor: ExpressionCursor) -> Expression:
    after = cursor.peek()
    if after == "(" and not (cursor.text == "count" and _counts_above_threshold(cursor)):
        return _call(cursor)
    cursor.height = 1
    start = cursor.start
    if after in {":", "("}:
        space = space_aggregation(cursor)
        if cursor.kind != "name":
            raise cursor.refusal(f"expected a metric after the space aggregation, found {cursor.found()}")
        return metric_query(cursor, space, start)
    if after[:1] == "{":
        return metric_query(cursor, None, start)
    return _bare_name(cursor)


def _counts_above_threshold(cursor: ExpressionCursor) -> bool:
    """Tell `count(v: v<5):m{*}` from the function `count`."""
    return cursor.peek(2) == "v" and cursor.peek(3) == ":"


def _call(cursor: ExpressionCursor) -> Call:
    name, start = cursor.text, cursor.start
    if name not in FUNCTIONS:
        _check_function(cursor)
    cursor.advance()
    cursor.descend()
    cursor.advance()
    args: list[Expression] = []
    kwargs: list[tuple[str, Expression]] = []
    places: list[SourceRange] = []
    tallest = 0
    while True:
        if cursor.kind == "name" and cursor.peek() == "=":
            places.append((cursor.start, cursor.start + len(cursor.text)))
            kwargs.append(_keyword(cursor))
        elif kwargs:
            raise cursor.refusal(f"expected `name=value`, found {cursor.found()}", "named arguments come last")
        else:
            args.append(_argument(cursor))
        tallest = max(tallest, cursor.height)
        if not cursor.accept(","):
            break
    _close(cursor, f"`{name}(`")
    cursor.grow(tallest)
    call = Call(name, tuple(args), tuple(kwargs), span=(start, cursor.end), keyword_spans=tuple(places))
    check_arguments(call, cursor.written)
    return call


def _close(cursor: ExpressionCursor, opened: str) -> None:
    if cursor.text != ")":
        raise cursor.refusal(f"expected `)` to close {opened}, found {cursor.found()}", missing_operator(cursor))
    cursor.advance()
    cursor.ascend()


def _check_function(cursor: ExpressionCursor) -> None:
    """Refuse an unknown function; where any may stand, only what is a slip of the pen."""
    if is_space_aggregation(cursor.text):
        message = f"{shown(cursor.text)} is a space aggregation, no function"
        raise cursor.refusal(message, f"write `{cursor.text}:` before the metric")
    likeness = _SLIP_LIKENESS if cursor.any_function else 0.6
    hint = _OTHER_WORDS.get(cursor.text.lower()) or nearest(cursor.text, FUNCTIONS, likeness=likeness)
    if hint or not cursor.any_function:
        raise cursor.refusal(f"unknown function {shown(cursor.text)}", hint)


def _argument(cursor: ExpressionCursor) -> Expression:
    if cursor.kind == "string":
        return string(cursor)
    if cursor.kind == "block":
        start = cursor.start
        found, places = keys(cursor)
        return Grouping(found, span=(start, cursor.end), key_spans=places)
    return expression(cursor)


def _keyword(cursor: ExpressionCursor) -> tuple[str, Expression]:
    name = cursor.text
    cursor.advance()
    cursor.advance()
    return name, word_argument(cursor)


def _bare_name(cursor: ExpressionCursor) -> Name:
    text, start = cursor.text, cursor.start
    if not cursor.names or "." in text:
        cursor.advance()
        raise missing_scope(cursor, text)
    cursor.advance()
    return Name(text, span=(start, cursor.end))


def _expect_operator_or_end(cursor: ExpressionCursor) -> None:
    if cursor.kind != "end":
        raise cursor.refusal(
            f"expected an operator or the end of {cursor.whole}, found {cursor.found()}", missing_operator(cursor)
        )


def missing_operator(cursor: ExpressionCursor) -> str:
    """Hint at what is meant where an expression goes on without an operator."""
    text = cursor.text
    if text.lower() == "by":
        return _by_hint(cursor)
    if cursor.kind in {"name", "number"} and text.rstrip("()") in MODIFIERS:
        return f"write `.{text}()`, without a blank before it"
    if cursor.kind in {"name", "number", "string"}:
        return f"put an operator {'or `,` ' if cursor.depth else ''}before {shown(text)}"
    if cursor.kind == "method":
        return "modifiers follow a metric's scope, not brackets"
    if cursor.kind == "comparator" and cursor.depth:
        return "close the bracket before the comparator"
    return _SIGNS.get(text, "")


def _by_hint(cursor: ExpressionCursor) -> str:
    if cursor.text != "by":
        return "write `by` in small letters"
    return "`by` follows a metric's scope; a function over groups takes its keys inside: `avg(query, { env })`"


def _atom_hint(cursor: ExpressionCursor) -> str:
    if cursor.text == "*":
        return _OPERATORS
    if cursor.text == "-":
        return "two minus signs cancel out; keep none of them"
    if cursor.kind == "fraction":
        return leading_zero(cursor)
    if cursor.kind == "string":
        return "a string stands only among a function's arguments"
    if cursor.kind == "block":
        return "a scope follows a metric: `avg:system.cpu.user{…}`"
    return ""
