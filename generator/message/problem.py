"""What is wrong with a message: a value, never an exception."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from msgspec import Struct

_SHOWN_CHARACTERS = 40


class MessageProblem(Struct, frozen=True):
    """What was found and expected, where (character offsets), and how to mend it."""

    message: str
    start: int
    end: int
    hint: str = ""

    def moved(self, by: int) -> MessageProblem:
        """The problem in a text that holds this one's text so many characters later."""
        return MessageProblem(self.message, self.start + by, self.end + by, self.hint)


def shown(text: str) -> str:
    """Quote what the user typed on one line, cut where it is long, control characters made visible."""
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    if not cut.isprintable():
        cut = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in cut)
    return f"`{cut}`"


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that `word` probably means; empty if none is near."""
    found = get_close_matches(word[:_SHOWN_CHARACTERS].lower(), list(known), n=1)
    return found[0] if found else ""
