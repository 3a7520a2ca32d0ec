"""Whether a search for events restricts what it finds to anything in particular.

What everything passes that has the tag at all is no restriction, however it is spelled: `service:*`,
`service:[* TO *]`, `service:/.*/`, `_exists_:service`; nor is what only leaves some out: `-env:dev`.
"""

from __future__ import annotations

import re

_DEEPEST = 50
_QUOTED = r'\\?"(?:[^"\\]|\\.)*+"?'
_RANGE = r'[^\s()"\[{]*+[\[{][^\[\]{}()"]*+[\]}]'
_PATTERN = r'[^\s()":/]*+:/(?:\\\S|[^/\\\s])*+/(?=[\s)]|$)'
_TOKEN = re.compile(rf'-?{_QUOTED}|[()]|[-!](?=\()|{_RANGE}|{_PATTERN}|[^\s()"]++(?:"[^"]*+"?)?')
_ANY_VALUE = re.compile(
    r'[<>=]{0,2}(?P<quote>"?)(?=\?*+\*)[*?]++(?P=quote)'  # stars, and marks that stand for one character each
    r"|[\[{]\s*+\*\s++TO\s++\*\s*+[\]}]"
    r"|/(?=[^.]*+\.)[.*+?^$()|]++/"
)
_EXISTS = "_exists_"


def searches_all(text: str) -> bool:
    """Whether it finds all that there are, but for what it leaves out."""
    words: list[str] = _TOKEN.findall(text)
    words.reverse()
    return _any_of(words, _DEEPEST)


def _any_of(words: list[str], depth: int) -> bool:
    """Read up to the bracket that ends the group; what is nested beyond reason is a part."""
    if depth == 0:
        words.clear()
        return False
    alternatives, is_negated = [True], False
    while words and (word := words.pop()) != ")":
        if word == "OR":
            alternatives.append(True)
        elif word in ("NOT", "-", "!"):
            is_negated = True
        elif word.endswith(":") and words and words[-1] == "(":  # `service:(a OR b)`: the group is of its values
            is_negated = is_negated or _restricts_nothing(word)
        elif word != "AND":
            is_all = _any_of(words, depth - 1) if word == "(" else _is_any_word(word)
            alternatives[-1] = alternatives[-1] and (is_all or is_negated)
            is_negated = False
    return any(alternatives)


def _is_any_word(word: str) -> bool:
    if word.startswith('"'):
        return is_any_value(word)
    return _restricts_nothing(word) or is_any_value(word.partition(":")[2] or word)


def _restricts_nothing(word: str) -> bool:
    """Whether it does not, whatever its value is."""
    return word.partition(":")[0] == _EXISTS or (word.startswith(("-", "!")) and len(word) > 1)


def is_any_value(value: str) -> bool:
    """Whether nothing is said that a word would have to hold."""
    return _ANY_VALUE.fullmatch(value) is not None
