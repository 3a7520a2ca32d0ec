"""What may stand before and after the one document of a file; looked at without parsing.

libyaml takes quadratic time for many directives, and it reads those of a second document before it tells of it.
"""

from __future__ import annotations

import re
from typing import Final

from generator.source.text_problem import TextProblem

_DIRECTIVE: Final = re.compile(r"(?:[ \t]*+(?:#[^\r\n]*+)?[\r\n])*+%")
_EMPTY: Final = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*+)*+")


def directive_problem(text: str) -> TextProblem | None:
    found = _DIRECTIVE.match(text)
    if found is None:
        return None
    start = found.end() - 1
    message = "a line that starts with `%` directs the YAML reader"
    return TextProblem("yaml-directive", message, "remove the line", start, start + 1)


def rest_problem(text: str, end: int) -> TextProblem | None:
    """What follows the document that ends at that offset."""
    found = _EMPTY.match(text, end)
    rest = found.end() if found else end
    if rest == len(text):
        return None
    message, hint = "a second document starts here", "keep one document a file, without `---` between"
    if not text.startswith(("---", "...", "%"), rest):
        message, hint = "text stands after the end of the value", "remove it, or put it into the value"
    return TextProblem("yaml-documents", message, hint, rest, rest + 1)
