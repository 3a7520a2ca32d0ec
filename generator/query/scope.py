"""The filter in a metric query's braces, in either of its two syntaxes."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.query.cursor import BLANKS, Cursor, tokens
from generator.query.nodes import (
    AllOf,
    AnyOf,
    Everything,
    Membership,
    Not,
    Scope,
    SourceRange,
    Tag,
    Terms,
    Variable,
)
from generator.query.problem import Refusal, SyntaxProblem, outcome, shown
from generator.query.scope_algebra import negation
from generator.query.signs import sign_hint

_TOKENS = tokens(r"(?P<word>[\w$*?.:/@%+&#~-]++)", r"(?P<mark>[,!()])")
_SIMPLE = re.compile(rf"[{BLANKS}]*+([A-Za-z][\w.-]*+):([\w*][\w*./:-]*+)[{BLANKS}]*+\Z")
_QUOTES = frozenset({"write `'`", 'write `"`'})
_OPERATORS = frozenset({"AND", "OR", "NOT", "IN"})
_MIXED = "`,` and `!` cannot stand with AND, OR, NOT or IN in one scope"
_MIXED_HINT = "write the scope with AND and NOT only (`a:b AND NOT c:d`), or with `,` and `!` only (`a:b,!c:d`)"


def parse_scope(text: str) -> Scope | SyntaxProblem:
    """Parse a scope that stands alone, without braces; an empty one is everything."""
    return outcome(_whole_scope, text)


def _whole_scope(text: str) -> Scope:
    return scope_within(text, (0, len(text)), depth=0)


def scope_within(source: str, span: SourceRange, *, depth: int) -> Scope:
    """Parse the scope between two offsets of a longer text; `depth` is how deep it already stands."""
    text = source[span[0] : span[1]]
    if text == "*":
        return Everything(span=span)
    if simple := _plain_tags(text, span[0]):
        return simple
    cursor = _ScopeCursor(source, span, depth)
    if cursor.kind == "end":
        return Everything(span=span)
    scope = _terms(cursor)
    if cursor.kind != "end":
        raise cursor.refusal(f"expected `,`, AND, OR or the end of the scope, found {cursor.found()}", _hint(cursor))
    return scope


def _plain_tags(text: str, offset: int) -> Scope | None:
    """Read what nearly every scope is, tags with `,` between them, without tokens; None if it is more."""
    tags: list[Scope] = []
    for part in text.split(","):
        found = _SIMPLE.match(part)
        if found is None:
            return None
        tags.append(Tag(found[1], found[2], span=(offset + found.start(1), offset + found.end(2))))
        offset += len(part) + 1
    return tags[0] if len(tags) == 1 else Terms(tuple(tags), span=(tags[0].span[0], tags[-1].span[1]))


class _ScopeCursor(Cursor):
    """Remembers which of the two syntaxes the scope has used."""

    __slots__ = ("_boolean", "_symbolic")
    whole = "the scope"

    def __init__(self, source: str, span: SourceRange, depth: int) -> None:
        super().__init__(_TOKENS, source, span)
        self.depth = depth
        self._boolean = self._symbolic = False

    def refusal(self, message: str, hint: str = "") -> Refusal:
        """Refuse the current token; quotes are out of place however they look."""
        refused = super().refusal(message, hint)
        if sign_hint(self.text) in _QUOTES:
            return Refusal(message, (self.start, self.start + 1), "tag values take no quotes")
        return refused

    def advance_symbolic(self) -> None:
        if self._boolean:
            raise self.refusal(_MIXED, _MIXED_HINT)
        self._symbolic = True
        self.advance()

    def advance_boolean(self) -> None:
        if self._symbolic:
            raise self.refusal(_MIXED, _MIXED_HINT)
        self._boolean = True
        self.advance()

    def at(self, word: str) -> bool:
        return self.kind == "word" and len(self.text) <= 3 and self.text.upper() == word

    def at_operator(self) -> bool:
        return len(self.text) <= 3 and self.text.upper() in _OPERATORS


def _terms(cursor: _ScopeCursor) -> Scope:
    start = cursor.start
    operands = [_any_of(cursor)]
    while cursor.text == ",":
        cursor.advance_symbolic()
        operands.append(_any_of(cursor))
    return _flat(Terms, operands, (start, cursor.end))


def _any_of(cursor: _ScopeCursor) -> Scope:
    return _chain(cursor, "OR", _all_of, AnyOf)


def _all_of(cursor: _ScopeCursor) -> Scope:
    return _chain(cursor, "AND", _negation, AllOf)


def _chain(
    cursor: _ScopeCursor, word: str, part: Callable[[_ScopeCursor], Scope], kind: type[Terms | AllOf | AnyOf]
) -> Scope:
    start = cursor.start
    operands = [part(cursor)]
    while cursor.at(word):
        cursor.advance_boolean()
        operands.append(part(cursor))
    return _flat(kind, operands, (start, cursor.end))


def _flat(kind: type[Terms | AllOf | AnyOf], operands: list[Scope], span: SourceRange) -> Scope:
    if len(operands) == 1:
        return operands[0]
    flat = [inner for operand in operands for inner in (operand.operands if isinstance(operand, kind) else (operand,))]
    return kind(tuple(flat), span=span)


def _negation(cursor: _ScopeCursor) -> Scope:
    start = cursor.start
    if cursor.text == "!":
        return _exclusion(cursor)
    if not cursor.at("NOT"):
        return _primary(cursor)
    cursor.advance_boolean()
    operand = _primary(cursor)
    return negation(operand, span=(start, cursor.end))


def _exclusion(cursor: _ScopeCursor) -> Scope:
    start = cursor.start
    cursor.advance_symbolic()
    if cursor.kind != "word" or cursor.at_operator():
        raise cursor.refusal(f"`!` excludes one tag, found {cursor.found()}", "exclude a group with `NOT (…)`")
    return Not(_tag(cursor), span=(start, cursor.end))


def _primary(cursor: _ScopeCursor) -> Scope:
    if cursor.text == "(":
        cursor.descend()
        cursor.advance()
        scope = _terms(cursor)
        if cursor.text != ")":
            message = f"expected `)` to close the bracket in the scope, found {cursor.found()}"
            raise cursor.refusal(message, _hint(cursor))
        cursor.advance()
        cursor.ascend()
        return scope
    if cursor.kind != "word" or cursor.at_operator():
        raise cursor.refusal(f"expected a tag in the scope, found {cursor.found()}", _no_tag_hint(cursor))
    start = cursor.start
    tag = _tag(cursor)
    negated = cursor.at("NOT")
    if not (negated or cursor.at("IN")):
        return tag
    return _membership(cursor, tag, start, negated=negated)


def _membership(cursor: _ScopeCursor, tag: Scope, start: int, *, negated: bool) -> Scope:
    if not (isinstance(tag, Tag) and tag.value is None):
        raise cursor.refusal("IN follows a bare tag key", "write `key IN (value,value)`")
    cursor.advance_boolean()
    if negated:
        if not cursor.at("IN"):
            raise cursor.refusal(
                f"expected IN after {shown(tag.key)} NOT, found {cursor.found()}", "write `NOT` before a tag"
            )
        cursor.advance()
    cursor.expect("(", "after IN", "write `key IN (value,value)`")
    values = [_value(cursor)]
    places = [(cursor.end - len(values[0]), cursor.end)]
    while cursor.accept(","):
        values.append(_value(cursor))
        places.append((cursor.end - len(values[-1]), cursor.end))
    cursor.expect(")", "after the values of IN")
    return Membership(tag.key, tuple(values), negated=negated, span=(start, cursor.end), value_spans=tuple(places))


def _value(cursor: _ScopeCursor) -> str:
    value = cursor.text
    if cursor.kind != "word":
        message = f"expected a tag value in the list of IN, found {cursor.found()}"
        raise cursor.refusal(message, _SIGNS.get(cursor.text, "write `key IN (value,value)`"))
    cursor.advance()
    return value


def _tag(cursor: _ScopeCursor) -> Tag | Variable | Everything:
    text = cursor.text
    cursor.advance()
    span = (cursor.end - len(text), cursor.end)
    if text == "*":
        return Everything(span=span)
    if text[0] == "$":
        return Variable(text[1:], span=span)
    key, colon, value = text.partition(":")
    if not key:
        raise Refusal(f"the tag {shown(text)} has no key", span, "a tag is written `key:value`")
    if colon and not value and cursor.kind == "word" and cursor.start > cursor.end and not cursor.at_operator():
        # Datadog took `{servicename: ec2}`; whether it drops the blank is not known, so it stays.
        value = f" {cursor.text}"
        cursor.advance()
        span = (span[0], cursor.end)
    return Tag(key, value if colon else None, span=span)


def _no_tag_hint(cursor: _ScopeCursor) -> str:
    if cursor.at("NOT"):
        return "write one NOT before a tag or a bracket"
    if cursor.text == "," or cursor.at_operator():
        return f"remove {shown(cursor.text)}, or write a tag before it"
    return _hint(cursor)


def _hint(cursor: _ScopeCursor) -> str:
    """Hint at what is meant where a scope goes on without a comma or operator."""
    text, after = cursor.text, cursor.peek()
    if text == "!":
        return "exclude with `!` before the tag: `!key:value`" if after == "=" else "put `,` before `!`"
    if text == "(" and cursor.start == cursor.end:
        return "write `key IN (value,value)`"
    if cursor.at("NOT"):
        return "put AND before NOT"
    if text.startswith("&"):
        return f"write AND for {shown(text)}"
    if cursor.kind == "word":
        return f"put `,` or AND before {shown(text)}"
    return _SIGNS.get(text, "")


_SIGNS = {
    **dict.fromkeys("=<>", "a tag is written `key:value`"),
    **dict.fromkeys("'\"`", "tag values take no quotes"),
    "|": "write OR",
    "[": "write `key IN (value,value)`",
    ";": "write `,`",
    "\\": "tag values take no backslash",
}
