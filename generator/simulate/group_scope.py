"""The scope of a downtime: a search over a group's tags (https://docs.datadoghq.com/monitors/downtimes/#downtime-scope-syntax)."""

from __future__ import annotations

import re
from collections.abc import Callable

from generator.query.nodes import AllOf, AnyOf, Everything, Not, Scope, Tag
from generator.query.problem import shown
from generator.simulate.refusal import NotSimulated
from generator.simulate.scopes import Tags, matcher

_LONGEST = 5_000
_DEEPEST = 10
_TOKEN = re.compile(r"\s*+(?:(?P<mark>[(),])|(?P<word>-?+[^\s(),\"]++))")


def scope_matcher(text: str) -> Callable[[Tags], bool]:
    """What tells whether a group's tags match; ends the simulation where the text cannot be read."""
    if len(text) > _LONGEST:
        raise NotSimulated("a downtime whose scope is too long to be read")
    return matcher(_Reader(text).whole())


class _Reader:
    """Words and brackets in order; `,` and a blank are AND, which binds closer than OR."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._place = 0

    def whole(self) -> Scope:
        if self._text.strip() in ("", "*"):
            return Everything()
        found = self._any_of("", 0)
        if self._place < len(self._tokens):
            raise self._unreadable()
        return found

    def _any_of(self, key: str, depth: int) -> Scope:
        found = [self._all_of(key, depth)]
        while self._accept("OR"):
            found.append(self._all_of(key, depth))
        return found[0] if len(found) == 1 else AnyOf(tuple(found))

    def _all_of(self, key: str, depth: int) -> Scope:
        found = [self._one(key, depth)]
        while self._peek() not in ("", ")", "OR"):
            _ = self._accept("AND") or self._accept(",")
            found.append(self._one(key, depth))
        return found[0] if len(found) == 1 else AllOf(tuple(found))

    def _one(self, key: str, depth: int) -> Scope:
        word = self._peek()
        if depth > _DEEPEST or word in ("", ")", ",", "AND", "OR"):
            raise self._unreadable()
        self._place += 1
        if word == "NOT":
            return Not(self._one(key, depth + 1))
        is_negated, word = word.startswith("-"), word.removeprefix("-")
        if word == "(" or self._peek() == "(":
            found = self._bracket(key if word == "(" else f"{key}{word}", word, depth)
        else:
            found = self._tag(f"{key}{word}")
        return Not(found) if is_negated else found

    def _bracket(self, key: str, word: str, depth: int) -> Scope:
        if word != "(" and not self._accept("("):
            raise self._unreadable()
        if word != "(" and not word.endswith(":"):
            raise self._unreadable()
        found = self._any_of(key, depth + 1)
        if not self._accept(")"):
            raise self._unreadable()
        return found

    def _tag(self, text: str) -> Scope:
        key, colon, value = text.partition(":")
        if not (key and colon and value):
            raise self._unreadable()
        return Tag(key, value)

    def _peek(self) -> str:
        return self._tokens[self._place] if self._place < len(self._tokens) else ""

    def _accept(self, token: str) -> bool:
        is_next = self._peek() == token
        self._place += is_next
        return is_next

    def _unreadable(self) -> NotSimulated:
        return NotSimulated(f"a downtime whose scope cannot be read: {shown(self._text)}")


def _tokens(text: str) -> tuple[str, ...]:
    found, place, end = [], 0, len(text.rstrip())
    while place < end:
        token = _TOKEN.match(text, place)
        if token is None:
            raise NotSimulated(f"a downtime whose scope cannot be read: {shown(text)}")
        found.append(token[0].strip())
        place = token.end()
    return tuple(found)
