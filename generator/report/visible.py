"""Text that others wrote, made safe and measurable for one line of a terminal or a log."""

from __future__ import annotations

import re
import unicodedata

LONGEST_VALUE = 300
LONGEST_SENTENCE = 600
"""Characters shown of a name or a value, and of a sentence."""

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, direction marks and other invisible characters, lone surrogates, and line breaks that look like blanks."""
_JOINERS = frozenset("\u200c\u200d")
"""They hold emoji and some scripts' letters together."""
_LOG_COMMAND = re.compile(r"#(?=#\w*(?:\[|$))|(?<!\S):(?=:)")
"""GitHub and Azure take `##[…]`, `##vso[…]`, and `::…::` after blanks in a log line as commands to the runner."""
_ESCAPED = {"#": "\\x23", ":": "\\x3a"}
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TAB = "    "


def visible(text: str) -> str:
    """Show on one line what cannot be seen or would act on the terminal, as an escape that says its code."""
    if not text.isprintable():
        text = "".join(map(_shown, text))
    if "##" in text or "::" in text:
        return _LOG_COMMAND.sub(lambda found: _ESCAPED[found.group()], text)
    return text


def expanded(text: str) -> str:
    """As `visible`, with each tab as four blanks whatever its column."""
    return visible(text.replace("\t", _TAB))


def cut(text: str, length: int) -> str:
    """At most `length` characters, the last of them `…` where some are missing."""
    return text if len(text) <= length else text[: max(length - 1, 0)] + "…"


def short(text: str, length: int) -> str:
    """As `visible`, cut first so that a long text costs no more than a short one."""
    return cut(visible(text[: length + 1]), length)


def display_width(text: str) -> int:
    """Columns that the text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _HIDDEN or character in _JOINERS:
        return character
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
