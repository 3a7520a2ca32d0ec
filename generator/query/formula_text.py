"""The text inside `formula("…")`, whose own quotes are escaped."""

from __future__ import annotations

import re

_QUOTE = re.compile(r"""(\\?)(["'])""")


def plain_formula(text: str) -> str:
    """Return the formula as it stands without the string around it."""
    return _QUOTE.sub(r"\2", text) if "\\" in text else text


def aligned_formula(text: str) -> str:
    """Return it at the same length, so that offsets hold: a blank outside its strings stands for each backslash."""
    if "\\" not in text:
        return text
    opened = ""

    def blank(found: re.Match[str]) -> str:
        nonlocal opened
        gap, quote = " " * len(found[1]), found[2]
        if quote == opened:
            opened = ""
            return quote + gap
        opened = opened or quote
        return gap + quote

    return _QUOTE.sub(blank, text)
