"""A composite monitor's query: a boolean tree over monitors."""

from __future__ import annotations

from collections.abc import Callable

from generator.query.cursor import Cursor, tokens
from generator.query.nodes import Both, CompositeQuery, Either, Inverse, MonitorId, Operand, Reference
from generator.query.problem import Refusal, shown
from generator.query.vocabulary import MOST_ID_DIGITS, REFERENCE

_TOKENS = tokens(
    r"(?P<number>[0-9]++)",
    rf"(?P<reference>{REFERENCE})",
    r"(?P<mark>&&|\|\||[!()])",
    r"(?P<word>[A-Za-z_%&|][\w%{}/.&|-]*+)",
)
_SIGNS = {
    **dict.fromkeys("'\"", "an id takes no quotes"),
    **dict.fromkeys("=<>", "a composite compares nothing: it takes the states of its monitors"),
    ",": "write `&&` or `||`",
    ")": "this bracket closes none; remove it, or open one before",
}
_WORDS = {"and": "&&", "or": "||", "not": "!", "&": "&&", "|": "||"}


def composite_query(text: str) -> CompositeQuery:
    cursor = Cursor(_TOKENS, text)
    start = cursor.start
    tree = _either(cursor)
    if cursor.kind != "end":
        raise cursor.refusal(f"expected `&&`, `||` or the end of the query, found {cursor.found()}", _hint(cursor))
    return CompositeQuery(tree, span=(start, cursor.end))


def _either(cursor: Cursor) -> Operand:
    return _chain(cursor, "||", _both, Either)


def _both(cursor: Cursor) -> Operand:
    return _chain(cursor, "&&", _inverse, Both)


def _chain(cursor: Cursor, operator: str, part: Callable[[Cursor], Operand], kind: type[Both | Either]) -> Operand:
    start = cursor.start
    operands = [part(cursor)]
    while cursor.accept(operator):
        operands.append(part(cursor))
    if len(operands) == 1:
        return operands[0]
    flat = [inner for operand in operands for inner in (operand.operands if isinstance(operand, kind) else (operand,))]
    return kind(tuple(flat), span=(start, cursor.end))


def _inverse(cursor: Cursor) -> Operand:
    if cursor.text != "!":
        return _primary(cursor)
    start = cursor.start
    cursor.descend()
    cursor.advance()
    operand = _inverse(cursor)
    cursor.ascend()
    return Inverse(operand, span=(start, cursor.end))


def _primary(cursor: Cursor) -> Operand:
    start, text, kind = cursor.start, cursor.text, cursor.kind
    if text == "(":
        cursor.descend()
        cursor.advance()
        inner = _either(cursor)
        if cursor.text != ")":
            raise cursor.refusal(f"expected `)`, `&&` or `||`, found {cursor.found()}", _hint(cursor))
        cursor.advance()
        cursor.ascend()
        return inner
    if kind == "reference":
        cursor.advance()
        return Reference(text[2:-1], span=(start, cursor.end))
    if kind == "number":
        cursor.advance()
        return MonitorId(_identifier(text, start), span=(start, cursor.end))
    raise cursor.refusal(f"expected a monitor's id or `%{{NAME}}`, found {cursor.found()}", _hint(cursor))


def _identifier(text: str, start: int) -> int:
    if len(text) > MOST_ID_DIGITS:
        raise Refusal(f"{shown(text)} is longer than any monitor's id", (start, start + len(text)))
    return int(text)


def _hint(cursor: Cursor) -> str:
    word = cursor.text
    if operator := _WORDS.get(word.lower()):
        negated = operator != "!" and cursor.peek().lower() == "not"
        return f"write `{operator} !`" if negated else f"write `{operator}`"
    if word.startswith("%"):
        return "a reference is `%{NAME}`, `%{SERVICE/NAME}` or `%{SERVICE/NAME/ENVIRONMENT}`, in small letters"
    if cursor.kind in {"number", "reference"}:
        return f"put `&&` or `||` before {shown(word)}"
    if cursor.kind == "word":
        return "a monitor is named by its id; the letters of the browser's editor are no names"
    return _SIGNS.get(word, "")
