"""Trees to text: one canonical form, which parses to the same tree."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from generator.query.expression_text import (
    CHAIN_WORD,
    EXPRESSION_PRINTERS,
    number_text,
    require_operand,
    string_text,
)
from generator.query.methods import HEADS, METHODS
from generator.query.nodes import (
    Both,
    ChainQuery,
    Change,
    CompositeQuery,
    Either,
    Inverse,
    Method,
    MonitorId,
    MonitorQuery,
    Node,
    Opaque,
    Reference,
    StringLiteral,
    TimeAggregation,
    Window,
)
from generator.query.scope_text import SCOPE_PRINTERS
from generator.query.unwritable import refuse, require
from generator.query.vocabulary import (
    CHANGES,
    COMPARATORS,
    MOST_ID_DIGITS,
    MOST_UNITS,
    REFERENCE,
    TIME_AGGREGATIONS,
    UNITS,
)

__all__ = ["number_text", "print_query"]

_WINDOWS = frozenset({"last", "current", "next"})
_SHIFTS = frozenset({"last", "ago"})
_LIST_METHODS = frozenset({"over", "exclude", "by"})
_REFERENCE = re.compile(rf"{REFERENCE}\Z")


def print_query(node: Node) -> str:
    """Return the canonical text of a node: parsed, it gives an equal tree.

    A tree made by hand may be what no text gives, such as a tag with a comma in its value: ValueError names the node.
    Not looked for are the methods that a chain's head takes and trees deeper than the parser goes. A bare quote
    inside a StringLiteral is escaped, and its parsed text has the escape.
    """
    return _PRINTERS[type(node)](node)


def _window(node: Window) -> str:
    if not (node.unit in UNITS and 0 < node.amount <= MOST_UNITS):
        refuse(node, f"it has 1 to {MOST_UNITS} of a known unit")
    size = f"{node.amount}{node.unit}"
    return f"{size}_ago" if node.kind == "ago" else f"{node.kind}_{size}"


def _time_aggregation(node: TimeAggregation) -> str:
    is_known = node.function in TIME_AGGREGATIONS and node.window.kind in _WINDOWS
    if not is_known:
        refuse(node, "its function or window is not known")
    text = f"{node.function}({_window(node.window)})"
    if node.change is None:
        return text
    _change(node.change)
    return f"{node.change.kind}({text},{_window(node.change.shift)})"


def _change(node: Change) -> str:
    require(node.kind in CHANGES and node.shift.kind in _SHIFTS, node, "its kind or shift is not known")
    return f"{node.kind}({_window(node.shift)})"


def _monitor_query(node: MonitorQuery) -> str:
    if node.comparator not in COMPARATORS:
        refuse(node, "its comparator is not known")
    require_operand(node, node.expression)
    compared = f"{node.comparator} {_threshold(node.threshold)}"
    return f"{_time_aggregation(node.aggregation)}:{print_query(node.expression)} {compared}"


def _threshold(threshold: float | Literal["threshold"]) -> str:
    return threshold if isinstance(threshold, str) else number_text(threshold)


def _argument(node: Node) -> str:
    """Print an argument of a chain, where double quotes are usual: some types take no others."""
    return string_text(node, usual='"') if isinstance(node, StringLiteral) else print_query(node)


def _arguments(node: Method) -> list[str]:
    return [*map(_argument, node.args), *(f"{name}={_argument(value)}" for name, value in node.kwargs)]


def _method(node: Method) -> str:
    require(node.name in METHODS, node, "its name is not known")
    require(all(CHAIN_WORD.match(name) for name, _ in node.kwargs), node, "an argument's name is one word")
    separator = "," if node.name in _LIST_METHODS else ", "
    return f".{node.name}({separator.join(_arguments(node))})"


def _chain_query(node: ChainQuery) -> str:
    require(isinstance(node.head, StringLiteral) or node.head in HEADS, node, "its head is not known")
    require(node.comparator is None or node.comparator in COMPARATORS, node, "its comparator is not known")
    arguments = ", ".join(map(_argument, node.arguments))
    text = f"{node.head}({arguments})" if isinstance(node.head, str) else _argument(node.head)
    text += "".join(map(_method, node.methods))
    if node.comparator is None or node.threshold is None:
        return text
    return f"{text} {node.comparator} {_threshold(node.threshold)}"


def _both(node: Both) -> str:
    _require_flat(node, node.operands)
    return " && ".join([_bracketed(part) if isinstance(part, Either) else print_query(part) for part in node.operands])


def _either(node: Either) -> str:
    _require_flat(node, node.operands)
    return " || ".join([_bracketed(part) if isinstance(part, Both) else print_query(part) for part in node.operands])


def _inverse(node: Inverse) -> str:
    return "!" + (_bracketed(node.operand) if isinstance(node.operand, Both | Either) else print_query(node.operand))


def _require_flat(node: Node, operands: tuple[Node, ...]) -> None:
    is_flat = len(operands) > 1 and all(type(each) is not type(node) for each in operands)
    require(is_flat, node, "it takes two operands or more, none of its own kind")


def _monitor_id(node: MonitorId) -> str:
    require(0 <= node.number < 10**MOST_ID_DIGITS, node, f"an id has at most {MOST_ID_DIGITS} digits")
    return str(node.number)


def _reference(node: Reference) -> str:
    text = f"%{{{node.path}}}"
    require(_REFERENCE.match(text), node, "a reference is SERVICE/NAME, in small letters")
    return text


def _bracketed(node: Node) -> str:
    return f"({print_query(node)})"


_PRINTERS: dict[type[Node], Callable[[Any], str]] = {
    **SCOPE_PRINTERS,
    **EXPRESSION_PRINTERS,
    Window: _window,
    TimeAggregation: _time_aggregation,
    Change: _change,
    MonitorQuery: _monitor_query,
    Method: _method,
    ChainQuery: _chain_query,
    MonitorId: _monitor_id,
    Reference: _reference,
    Inverse: _inverse,
    Both: _both,
    Either: _either,
    CompositeQuery: lambda node: print_query(node.tree),
    Opaque: lambda node: node.text,
}
