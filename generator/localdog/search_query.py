"""The search language of monitor lists: `status:alert team:data -muted:true "disk full"`, with AND, OR and brackets."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate

MAX_CHARACTERS = 2000
MAX_DEPTH = 20
TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[():]|-(?=[^\s-])|[^\s():"]+|")')
STATUSES = frozenset({"alert", "warn", "no data", "ok", "ignored", "skipped", "unknown"})

Fields = Callable[[str], tuple[str, ...] | None]
"""What a monitor says in a field, in lower case; None for an unknown one. Bare words look at the field with no name."""

Predicate = Callable[[Fields], bool]


class SearchProblem(Exception):  # noqa: N818 the server's verdict on a query
    """The query cannot be read."""


def search(text: str) -> Predicate:
    """Return what tells whether a monitor is meant. Only the words about an unknown status are recorded."""
    if len(text) > MAX_CHARACTERS:
        raise SearchProblem(f"a query has at most {MAX_CHARACTERS} characters")
    reader = Reader(_tokens(text))
    found = reader.either("", 0) if reader.more() else _everything
    if reader.more():
        raise SearchProblem(f"unexpected '{reader.take()}'")
    return found


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None or match[1] == '"':
            raise SearchProblem("a quotation mark is not closed")
        tokens.append(match[1])
        place = match.end()
    return tokens


def _everything(_fields: Fields) -> bool:
    return True


class Reader:
    """Recursive descent; the field of `tag:(a OR b)` holds inside the brackets."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._place = 0

    def more(self) -> bool:
        return self._place < len(self._tokens)

    def _next(self, ahead: int = 0) -> str:
        place = self._place + ahead
        return self._tokens[place] if place < len(self._tokens) else ""

    def take(self) -> str:
        token = self._next()
        self._place += 1
        return token

    def either(self, field: str, depth: int) -> Predicate:
        if depth > MAX_DEPTH:
            raise SearchProblem(f"brackets are nested deeper than {MAX_DEPTH}")
        found = [self._both(field, depth)]
        while self._next() == "OR":
            self.take()
            found.append(self._both(field, depth))
        return found[0] if len(found) == 1 else lambda fields: any(part(fields) for part in found)

    def _both(self, field: str, depth: int) -> Predicate:
        found = [self._negated(field, depth)]
        while self.more() and self._next() not in {"OR", ")"}:
            if self._next() == "AND":
                self.take()
            found.append(self._negated(field, depth))
        return found[0] if len(found) == 1 else lambda fields: all(part(fields) for part in found)

    def _negated(self, field: str, depth: int) -> Predicate:
        negations = 0
        while self._next() in {"-", "NOT"}:
            self.take()
            negations += 1
        inner = self._term(field, depth)
        return (lambda fields: not inner(fields)) if negations % 2 else inner

    def _term(self, field: str, depth: int) -> Predicate:
        token = self.take()
        if token == "(":  # noqa: S105 a word of a query
            inner = self.either(field, depth + 1)
            if self.take() != ")":
                raise SearchProblem("a bracket is not closed")
            return inner
        if token in {"", ")", ":", "AND", "OR"}:
            raise SearchProblem(f"unexpected '{token}'" if token else "the query ends too early")
        if self._next() == ":" and not field and token[0] != '"':
            self.take()
            name = token.lower()
            return self._valued(name, depth)
        return matcher(field, _value(token, self._rest()))

    def _valued(self, field: str, depth: int) -> Predicate:
        if self._next() == "(":
            return self._term(field, depth)
        token = self.take()
        if token in {"", ")", ":"}:
            raise SearchProblem(f"'{field}:' has no value")
        return matcher(field, _value(token, self._rest()))

    def _rest(self) -> str:
        """A value may hold colons: `toban_id:main/api`."""
        found = ""
        while self._next() == ":":
            found += self.take() + (self.take() if self._next() not in {"", "(", ")", ":"} else "")
        return found


def _value(token: str, rest: str) -> str:
    unquoted = token[1:-1].replace('\\"', '"') if token[0] == '"' else token
    return (unquoted + rest).lower()


def matcher(field: str, value: str) -> Predicate:
    """A bare word is looked for in the texts; a field equals its value, in which `*` stands for anything."""
    if field == "status" and value not in STATUSES:
        raise SearchProblem(f"'{value}' is not a valid monitor status")
    if field in {"", "title", "message"} and "*" not in value:
        return lambda fields: any(value in text for text in fields(field) or ())
    if "*" not in value:
        return lambda fields: value in _said(fields, field)
    pattern = re.compile(translate(value.replace("[", "[[]").replace("?", "[?]")))
    return lambda fields: any(pattern.match(text) for text in _said(fields, field))


def _said(fields: Fields, field: str) -> tuple[str, ...]:
    """A field that is no field of monitors is the key of a tag: `team:data`."""
    found = fields(field)
    if found is not None:
        return found
    key = f"{field}:"
    return tuple(tag.removeprefix(key) for tag in fields("tag") or () if tag.startswith(key))
