"""A place in a list of tokens: what every parser of the package walks on."""

from __future__ import annotations

import re

from generator.query.nodes import SourceRange
from generator.query.problem import Refusal, shown
from generator.query.signs import named_sign, sign_hint

MAX_DEPTH = 64
# No others: what Datadog makes of a blank such as U+00A0 is not known.
BLANKS = " \t\r\n"

# A string runs to the end of the text if its closing quote is missing, so that no later quote scans the text again.
# Quantifiers are possessive: whatever the text, a token is found in one pass.
STRING = r"""(?P<string>'(?:[^'\\]++|\\.)*+(?:'|\\?\Z)|"(?:[^"\\]++|\\.)*+(?:"|\\?\Z))"""
NUMBER = r"(?P<number>[0-9]++(?:\.[0-9]++)?+(?:[eE][-+]?[0-9]++)?+(?![A-Za-z0-9_.]))"
COMPARATOR = r"(?P<comparator>[<>=!]=|[<>])"


def tokens(*alternatives: str) -> re.Pattern[str]:
    """Compile a tokeniser: the first alternative that matches wins, blanks after a token belong to no token."""
    return re.compile(f"(?:{'|'.join(alternatives)}|(?P<other>.))[{BLANKS}]*+", re.DOTALL)


class Cursor:
    """The current token's `kind`, `text` and `start`, and the `end` of the one before it; `whole` is what it reads."""

    __slots__ = ("_next", "_tokens", "depth", "end", "height", "kind", "source", "start", "text")
    whole = "the query"

    def __init__(self, pattern: re.Pattern[str], source: str, span: SourceRange | None = None) -> None:
        start, stop = span or (0, len(source))
        start = stop - len(source[start:stop].lstrip(BLANKS))
        self._tokens = [
            # The groups do not nest, so the last one is the one that matched.
            (match.lastgroup or "", match[match.lastindex or 0], match.start())
            for match in pattern.finditer(source, start, stop)
        ]
        self._tokens.append(("end", "", start + len(source[start:stop].rstrip(BLANKS))))
        self._next = 0
        self.source = source
        self.depth = 0
        self.height = 0
        self.end = start
        self.kind, self.text, self.start = "end", "", start
        self.advance()
        self.end = start

    def advance(self) -> None:
        self.end = self.start + len(self.text)
        self.kind, self.text, self.start = self._tokens[self._next]
        if self._next + 1 < len(self._tokens):
            self._next += 1

    def peek(self, distance: int = 1) -> str:
        """Return the text of a token after this one; empty beyond the end."""
        place = self._next + distance - 1
        return self._tokens[place][1] if place < len(self._tokens) else ""

    def accept(self, text: str) -> bool:
        if self.text != text:
            return False
        self.advance()
        return True

    def expect(self, text: str, place: str, hint: str = "") -> None:
        if self.text != text:
            raise self.refusal(f"expected `{text}` {place}, found {self.found()}", hint)
        self.advance()

    def found(self) -> str:
        if self.kind == "other":
            return named_sign(self.text)
        return shown(self.text) if self.text else f"the end of {self.whole}"

    def refusal(self, message: str, hint: str = "") -> Refusal:
        """Refuse the current token."""
        meant = sign_hint(self.text) if self.kind == "other" else ""
        return Refusal(message, (self.start, self.start + len(self.text)), meant or hint)

    def descend(self) -> None:
        """Enter brackets; pair with `ascend`. Python's stack bounds how deep a parser can go."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refusal(f"brackets are nested more than {MAX_DEPTH} deep")

    def ascend(self) -> None:
        self.depth -= 1

    def expect_end(self, place: str) -> None:
        if self.kind != "end":
            raise self.refusal(f"expected the end of {self.whole} {place}, found {self.found()}")


def closed_string(cursor: Cursor) -> tuple[str, str]:
    """Read the string token: what is between its quotes, and the quote."""
    text = cursor.text
    if len(text) < 2 or text[-1] != text[0] or _ends_escaped(text):
        raise cursor.refusal(f"the string {shown(text)} has no closing quote", "close it with the quote it starts with")
    cursor.advance()
    return text[1:-1], text[0]


def _ends_escaped(text: str) -> bool:
    """Tell whether a backslash takes the last quote away."""
    body = text[1:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1
