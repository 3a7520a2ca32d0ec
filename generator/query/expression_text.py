"""Expressions of metric queries and formulas to text."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from generator.query.arguments import check_arguments
from generator.query.nodes import (
    AsCount,
    AsRate,
    Binary,
    Call,
    Fill,
    Grouping,
    MetricQuery,
    Name,
    Node,
    Number,
    QueryList,
    Rollup,
    StringLiteral,
    ThresholdCount,
    Unary,
    Weighted,
)
from generator.query.problem import Refusal
from generator.query.scope_text import scope_text
from generator.query.unwritable import refuse, require
from generator.query.vocabulary import (
    CALENDAR_WORD,
    COMPARATORS,
    FILL_METHODS,
    PERCENTILE,
    ROLLUP_METHODS,
    is_key,
    is_space_aggregation,
)

_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}
_WELL_QUOTED = {quote: re.compile(rf"(?:[^{quote}\\]++|\\.)*+\Z", re.DOTALL) for quote in "'\""}
_BARE_QUOTE = {quote: re.compile(rf"(\\.)|({quote}|\\\Z)", re.DOTALL) for quote in "'\""}
_METRIC = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+(?:\.[A-Za-z0-9_]++)*+\Z")
_ARGUMENT_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.]*+\Z")
CHAIN_WORD = re.compile(r"[\w@*%$][\w@*%$./:{}-]*+\Z")
_NO_OPERANDS = frozenset({StringLiteral, Grouping, QueryList})
_WORDS = frozenset({StringLiteral, Number, Name})


def expression_text(node: Node) -> str:
    return EXPRESSION_PRINTERS[type(node)](node)


def number_text(value: float) -> str:
    """Return the shortest plain decimal: no exponent, no trailing `.0`, a leading zero."""
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text.removesuffix(".0")


def _metric_query(node: MetricQuery) -> str:
    if not _METRIC.match(node.metric):
        refuse(node, "a metric's name holds letters, digits, `_` and `.`")
    text = f"{node.metric}{{{scope_text(node.scope)}}}"
    if node.space is not None:
        space = node.space if isinstance(node.space, str) else _threshold_count(node.space)
        if space is node.space and not is_space_aggregation(space):
            refuse(node, "its space aggregation is not known")
        text = f"{space}:{text}"
    if node.group_by:
        if not all(map(is_key, node.group_by)):
            refuse(node, "a tag key has no separators, brackets or quotes")
        text += f" by {{{','.join(node.group_by)}}}"
    for modifier in node.modifiers:
        text += EXPRESSION_PRINTERS[type(modifier)](modifier)
    return text


def _threshold_count(node: ThresholdCount) -> str:
    require(node.comparator in COMPARATORS, node, "its comparator is not known")
    return f"count(v: v{node.comparator}{number_text(node.bound)})"


def _rollup(node: Rollup) -> str:
    _require_rollup(node)
    interval = number_text(node.interval) if isinstance(node.interval, int) else node.interval
    parts = [part for part in (node.method, interval) if part is not None]
    return f".rollup({', '.join([*parts, *map(expression_text, node.rest)])})"


def _require_rollup(node: Rollup) -> None:
    method, interval = node.method, node.interval
    require(method is None or method in ROLLUP_METHODS or PERCENTILE.match(method), node, "its method is not known")
    if isinstance(interval, str):
        require(method is not None and CALENDAR_WORD.match(interval), node, "a calendar is a word after a method")
    elif interval is None:
        require(method is not None and not node.rest, node, "it lacks an interval")
    else:
        require(interval > 0 and (method is not None or not node.rest), node, "an interval is above 0")
    for each in node.rest:
        require(not isinstance(each, Name) or _ARGUMENT_WORD.match(each.text), node, "a start is one word")


def _fill(node: Fill) -> str:
    require(not isinstance(node.method, str) or node.method in FILL_METHODS, node, "its method is not known")
    require(node.limit_seconds is None or node.limit_seconds > 0, node, "its limit is above 0")
    method = node.method if isinstance(node.method, str) else number_text(node.method)
    return f".fill({method})" if node.limit_seconds is None else f".fill({method}, {node.limit_seconds})"


def string_text(node: StringLiteral, *, usual: str = "'") -> str:
    """Print a string in the usual quotes if its text takes any."""
    require(node.quote in _WELL_QUOTED, node, "a string has single or double quotes")
    quote, text = node.quote, node.text
    if node.is_plain:
        quote = usual
    elif not _WELL_QUOTED[quote].match(text):
        text = _BARE_QUOTE[quote].sub(lambda found: found[1] or "\\" + found[2], text)
    return f"{quote}{text}{quote}"


def _name(node: Name) -> str:
    require(_ARGUMENT_WORD.match(node.text) or CHAIN_WORD.match(node.text), node, "a name is one word")
    return node.text


def _grouping(node: Grouping) -> str:
    if not (node.keys and all(map(is_key, node.keys))):
        refuse(node, "a tag key has no separators, brackets or quotes")
    return f"{{ {','.join(node.keys)} }}"


def _arguments(node: Call) -> list[str]:
    return [*map(expression_text, node.args), *(f"{name}={expression_text(value)}" for name, value in node.kwargs)]


def _call(node: Call) -> str:
    if not (_METRIC.match(node.name) and (node.args or node.kwargs)):
        refuse(node, "a function has a name and an argument")
    for each in node.args:
        if type(each) is QueryList:
            refuse(node, "a list of queries is no argument")
    for name, value in node.kwargs:
        is_word = type(value) in _WORDS and _METRIC.match(name)
        if not is_word:
            refuse(node, "a named argument is a text, a number or a word")
    try:
        check_arguments(node, expression_text)
    except Refusal as refused:
        refuse(node, refused.problem.message)
    return f"{node.name}({', '.join(_arguments(node))})"


def _unary(node: Unary) -> str:
    require_operand(node, node.operand)
    inner = expression_text(node.operand)
    return f"-({inner})" if type(node.operand) in {Binary, Unary, Number} else f"-{inner}"


def _binary(node: Binary) -> str:
    """Print a chain of operators from its left end, in a loop: chains are as long as people write them."""
    rights: list[str] = []
    left: Node = node
    outer = 0
    while isinstance(left, Binary) and _precedence(left) >= outer:
        outer = _PRECEDENCE[left.operator]
        require_operand(left, left.right)
        rights.append(f" {left.operator} {_right(left.right, outer)}")
        left = left.left
    require_operand(node, left)
    first = f"({expression_text(left)})" if isinstance(left, Binary) else expression_text(left)
    return first + "".join(reversed(rights))


def _precedence(node: Binary) -> int:
    require(node.operator in _PRECEDENCE, node, "its operator is not known")
    return _PRECEDENCE[node.operator]


def require_operand(node: Node, operand: Node) -> None:
    if type(operand) in _NO_OPERANDS:
        refuse(node, "it calculates with metrics, numbers and functions only")


def _right(node: Node, precedence: int) -> str:
    text = expression_text(node)
    return f"({text})" if isinstance(node, Binary) and _PRECEDENCE[node.operator] <= precedence else text


def _query_list(node: QueryList) -> str:
    require(len(node.queries) > 1, node, "it takes two queries or more")
    for each in node.queries:
        require_operand(node, each)
    return ", ".join(map(expression_text, node.queries))


EXPRESSION_PRINTERS: dict[type[Node], Callable[[Any], str]] = {
    Number: lambda node: number_text(node.value),
    StringLiteral: string_text,
    Name: _name,
    Grouping: _grouping,
    AsCount: lambda _: ".as_count()",
    AsRate: lambda _: ".as_rate()",
    Weighted: lambda _: ".weighted()",
    Rollup: _rollup,
    Fill: _fill,
    ThresholdCount: _threshold_count,
    MetricQuery: _metric_query,
    Call: _call,
    Unary: _unary,
    Binary: _binary,
    QueryList: _query_list,
}
