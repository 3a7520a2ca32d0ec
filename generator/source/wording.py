"""How texts that somebody wrote are shown inside a message: one line, short, without control characters."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

_LONGEST_WORD = 64
_LONGEST_MESSAGE = 500
_MOST_CHOICES = 500
_LEAST_LIKENESS = 0.66


def shown(text: str, limit: int = 40) -> str:
    """In backticks; a longer text ends in `…`."""
    short = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return f"`{''.join(_visible(character) for character in short)}`"


def one_line(message: str) -> str:
    """A message that quotes what somebody wrote, without control characters and not endless."""
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE - 1]}…"
    return message if message.isprintable() else "".join(_visible(each) if each != "`" else each for each in message)


def in_quotes(text: str) -> str:
    """As a YAML text in quotes, in backticks, shortened."""
    mark = "'" if '"' in text or "\\" in text else '"'
    return shown(f"{mark}{text.replace(mark, mark * 2) if mark in text else text}{mark}", 60)


def listed(choices: Iterable[str], conjunction: str = "or") -> str:
    words = list(choices)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that the word was likely meant to be."""
    if len(word) > _LONGEST_WORD:
        return None
    matcher: SequenceMatcher[str] = SequenceMatcher()
    matcher.set_seq2(word.lower())
    best, best_likeness = None, _LEAST_LIKENESS
    for choice in list(choices)[:_MOST_CHOICES]:
        matcher.set_seq1(choice[:_LONGEST_WORD].lower())
        if matcher.quick_ratio() > best_likeness and (likeness := matcher.ratio()) > best_likeness:
            best, best_likeness = choice, likeness
    return best


def _visible(character: str) -> str:
    if character == "`":
        return "'"
    if character.isprintable():
        return character
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character, f"\\u{ord(character):04x}")
