"""Trees to text: one canonical form, which parses to the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Literal

from generator.query.nodes import (
    AllOf,
    AnyOf,
    AsCount,
    AsRate,
    Binary,
    Both,
    Call,
    ChainQuery,
    Change,
    CompositeQuery,
    Either,
    Everything,
    Fill,
    Grouping,
    Inverse,
    Membership,
    Method,
    MetricQuery,
    MonitorId,
    MonitorQuery,
    Name,
    Node,
    Not,
    Number,
    Opaque,
    QueryList,
    Reference,
    Rollup,
    StringLiteral,
    Tag,
    Terms,
    ThresholdCount,
    TimeAggregation,
    Unary,
    Variable,
    Weighted,
    Window,
)

_PRECEDENCE = {"+": 1, "-": 1, "*": 2, "/": 2}
_WELL_QUOTED = {quote: re.compile(rf"(?:[^{quote}\\]++|\\.)*+\Z", re.DOTALL) for quote in "'\""}
_BARE_QUOTE = {quote: re.compile(rf"(\\.)|({quote}|\\\Z)", re.DOTALL) for quote in "'\""}
_LIST_METHODS = frozenset({"over", "exclude", "by"})


def print_query(node: Node) -> str:
    """Return the canonical text of any node."""
    return _PRINTERS[type(node)](node)


def number_text(value: float) -> str:
    """Return the shortest plain decimal: no exponent, no trailing `.0`, a leading zero."""
    if isinstance(value, int):
        return str(value)
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text.removesuffix(".0")


# Scopes.


def _terms(node: Terms) -> str:
    return ",".join([_PRINTERS[type(term)](term) for term in node.operands])


def _tag(node: Tag) -> str:
    return node.key if node.value is None else f"{node.key}:{node.value}"


def _membership(node: Membership) -> str:
    return f"{node.key} {'NOT IN' if node.negated else 'IN'} ({','.join(node.values)})"


def _not(node: Not) -> str:
    """Print a negation that stands alone or among symbolic terms."""
    if type(node.operand) in _TERMS:
        return "!" + print_query(node.operand)
    return _boolean_not(node)


def _boolean_not(node: Not) -> str:
    inner = _part(node.operand)
    return f"NOT ({inner})" if type(node.operand) in {Not, AllOf, AnyOf, Terms} else f"NOT {inner}"


def _all_of(node: AllOf) -> str:
    return " AND ".join([f"({_part(part)})" if type(part) is AnyOf else _part(part) for part in node.operands])


def _any_of(node: AnyOf) -> str:
    return " OR ".join([_part(part) for part in node.operands])


def _part(node: Node) -> str:
    """Print a part of a boolean filter, where negation is a word."""
    return _boolean_not(node) if isinstance(node, Not) else print_query(node)


# Expressions.


def _metric_query(node: MetricQuery) -> str:
    scope = print_query(node.scope)
    text = f"{node.metric}{{{scope}}}"
    if node.space is not None:
        space = node.space if isinstance(node.space, str) else print_query(node.space)
        text = f"{space}:{text}"
    if node.group_by:
        text += f" by {{{','.join(node.group_by)}}}"
    for modifier in node.modifiers:
        text += _PRINTERS[type(modifier)](modifier)
    return text


def _threshold_count(node: ThresholdCount) -> str:
    return f"count(v: v{node.comparator}{number_text(node.bound)})"


def _rollup(node: Rollup) -> str:
    interval = number_text(node.interval) if isinstance(node.interval, int) else node.interval
    parts = [part for part in (node.method, interval) if part is not None]
    return f".rollup({', '.join([*parts, *map(print_query, node.rest)])})"


def _fill(node: Fill) -> str:
    method = node.method if isinstance(node.method, str) else number_text(node.method)
    return f".fill({method})" if node.limit_seconds is None else f".fill({method}, {node.limit_seconds})"


def _string(node: StringLiteral) -> str:
    quote, text = node.quote, node.text
    if not _WELL_QUOTED[quote].match(text):
        text = _BARE_QUOTE[quote].sub(lambda found: found[1] or "\\" + found[2], text)
    return f"{quote}{text}{quote}"


def _grouping(node: Grouping) -> str:
    return f"{{ {','.join(node.keys)} }}"


def _arguments(node: Call | Method) -> list[str]:
    return [*map(print_query, node.args), *(f"{name}={print_query(value)}" for name, value in node.kwargs)]


def _call(node: Call) -> str:
    return f"{node.name}({', '.join(_arguments(node))})"


def _unary(node: Unary) -> str:
    inner = print_query(node.operand)
    return f"-({inner})" if type(node.operand) in {Binary, Unary, Number} else f"-{inner}"


def _binary(node: Binary) -> str:
    """Print a chain of operators from its left end, in a loop: chains are as long as people write them."""
    rights: list[str] = []
    left: Node = node
    outer = 0
    while isinstance(left, Binary) and _PRECEDENCE[left.operator] >= outer:
        outer = _PRECEDENCE[left.operator]
        rights.append(f" {left.operator} {_right(left.right, outer)}")
        left = left.left
    first = f"({print_query(left)})" if isinstance(left, Binary) else print_query(left)
    return first + "".join(reversed(rights))


def _right(node: Node, precedence: int) -> str:
    text = print_query(node)
    return f"({text})" if isinstance(node, Binary) and _PRECEDENCE[node.operator] <= precedence else text


def _query_list(node: QueryList) -> str:
    return ", ".join(map(print_query, node.queries))


# Monitors.


def _window(node: Window) -> str:
    size = f"{node.amount}{node.unit}"
    return f"{size}_ago" if node.kind == "ago" else f"{node.kind}_{size}"


def _time_aggregation(node: TimeAggregation) -> str:
    text = f"{node.function}({_window(node.window)})"
    return text if node.change is None else f"{node.change.kind}({text},{_window(node.change.shift)})"


def _change(node: Change) -> str:
    return f"{node.kind}({_window(node.shift)})"


def _monitor_query(node: MonitorQuery) -> str:
    compared = f"{node.comparator} {_threshold(node.threshold)}"
    return f"{_time_aggregation(node.aggregation)}:{print_query(node.expression)} {compared}"


def _threshold(threshold: float | Literal["threshold"]) -> str:
    return threshold if isinstance(threshold, str) else number_text(threshold)


def _method(node: Method) -> str:
    separator = "," if node.name in _LIST_METHODS else ", "
    return f".{node.name}({separator.join(_arguments(node))})"


def _chain_query(node: ChainQuery) -> str:
    arguments = ", ".join(map(print_query, node.arguments))
    text = f"{node.head}({arguments})" if isinstance(node.head, str) else _string(node.head)
    text += "".join(map(_method, node.methods))
    if node.comparator is None or node.threshold is None:
        return text
    return f"{text} {node.comparator} {_threshold(node.threshold)}"


def _both(node: Both) -> str:
    return " && ".join([_bracketed(part) if isinstance(part, Either) else print_query(part) for part in node.operands])


def _either(node: Either) -> str:
    return " || ".join([_bracketed(part) if isinstance(part, Both) else print_query(part) for part in node.operands])


def _inverse(node: Inverse) -> str:
    return "!" + (_bracketed(node.operand) if isinstance(node.operand, Both | Either) else print_query(node.operand))


def _bracketed(node: Node) -> str:
    return f"({print_query(node)})"


_TERMS = frozenset({Tag, Variable, Everything})

_PRINTERS: dict[type[Node], Callable[[Any], str]] = {
    Everything: lambda _: "*",
    Tag: _tag,
    Variable: lambda node: f"${node.name}",
    Membership: _membership,
    Not: _not,
    Terms: _terms,
    AllOf: _all_of,
    AnyOf: _any_of,
    Number: lambda node: number_text(node.value),
    StringLiteral: _string,
    Name: lambda node: node.text,
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
    Window: _window,
    TimeAggregation: _time_aggregation,
    Change: _change,
    MonitorQuery: _monitor_query,
    Method: _method,
    ChainQuery: _chain_query,
    MonitorId: lambda node: str(node.number),
    Reference: lambda node: f"%{{{node.path}}}",
    Inverse: _inverse,
    Both: _both,
    Either: _either,
    CompositeQuery: lambda node: print_query(node.tree),
    Opaque: lambda node: node.text,
}
