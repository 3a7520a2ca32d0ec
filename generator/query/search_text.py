"""The search inside `logs("…")` and its like, as far as its quotes and brackets go."""

from __future__ import annotations

import re

_MARK = re.compile(r'\\.|["()]', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def unbalanced(text: str) -> str:
    """Say which quote or bracket has no pair; empty if all have one. `text` has the escapes of its string."""
    if '"' not in text and "(" not in text and ")" not in text:
        return ""
    is_quoted, depth = False, 0
    for mark in _MARK.findall(_ESCAPE.sub(r"\1", text)):
        if mark == '"':
            is_quoted = not is_quoted
        elif is_quoted or len(mark) > 1:
            continue
        elif mark == "(":
            depth += 1
        elif depth:
            depth -= 1
        else:
            return "a bracket `)` that closes none"
    if is_quoted:
        return "a quote without its pair"
    return "a bracket `(` that nothing closes" if depth else ""
