"""Texts of others inside HTML: escaped, and as code where GitHub would mention a person or link an issue."""

from __future__ import annotations

import re
from html import escape

_CODE = re.compile(
    r"`([^`]+)`|(\S*(?:[@#]|://|www\.|GH-\d|\b[0-9a-f]{7,}\b)(?:\S*[^\s.,;:!?)])?)",
    re.ASCII | re.IGNORECASE,
)
"""Hexadecimal digits are a commit, where there is one that begins so."""


def prose(text: str) -> str:
    """One line of a sentence; what stands in backticks, handles, references and addresses become code."""
    told, position = "", 0
    for found in _CODE.finditer(text):
        told += escape(text[position : found.start()]) + code(found.group(1) or found.group(2))
        position = found.end()
    return told + escape(text[position:])


def code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
