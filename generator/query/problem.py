"""What a parser says when it cannot go on."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TypeVar, cast

from msgspec import Struct

Tree = TypeVar("Tree")
_SHOWN_CHARACTERS = 40


class SyntaxProblem(Struct, frozen=True):
    """Why a text is no query: what was found and expected, where (character offsets), and how to mend it."""

    message: str
    start: int
    end: int
    hint: str = ""


class Refusal(Exception):  # noqa: N818 - it never leaves the package; its value is the SyntaxProblem
    """Carries a SyntaxProblem from the depth of a parser to its entry point."""

    def __init__(self, message: str, span: tuple[int, int], hint: str = "") -> None:
        super().__init__(message)
        self.problem = SyntaxProblem(message, span[0], span[1], hint)


def outcome(parse: Callable[[str], Tree], text: str) -> Tree | SyntaxProblem:
    """Return the tree, or the refusal as a value."""
    # Kinds and lint look at the same texts; a tree is frozen, so they can share it.
    return cast("Tree | SyntaxProblem", _outcome(parse, text))


@functools.lru_cache(maxsize=16_384)
def _outcome(parse: Callable[[str], object], text: str) -> object:
    try:
        return parse(text)
    except Refusal as refusal:
        return refusal.problem


def shown(text: str) -> str:
    """Quote what the user typed on one line, cut where it is long, control characters made visible."""
    cut = text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"
    if not cut.isprintable():
        cut = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in cut)
    return f"`{cut}`"


def choices(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def either(names: Iterable[str]) -> str:
    """Join what one of is expected: `a`, `b` or `c`."""
    *firsts, last = (f"`{name}`" for name in names)
    return f"{', '.join(firsts)} or {last}" if firsts else last


def nearest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    """Suggest the known name that `word` probably means; empty if none is as near as `likeness`, from 0 to 1."""
    found = nearest_name(word, known, likeness=likeness)
    return f"did you mean `{found}`?" if found else ""


def nearest_name(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str:
    found = get_close_matches(word[:_SHOWN_CHARACTERS].lower(), list(known), n=1, cutoff=likeness)
    return found[0] if found else ""
