"""How a key may be written in a text: the one table by which it is blotted out, and by which what holds it is refused.

Case does not matter: who looks for these looks in lower case.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final
from urllib.parse import quote


def forms(key: str) -> Iterator[str]:
    """Each once as it is and once as JSON writes it, because bodies and all that we keep are JSON."""
    for writes in FORMS.values():
        for form in writes(key):
            yield form
            yield json.dumps(form)[1:-1]


def _plain(key: str) -> Iterator[str]:
    yield key


def _json(key: str) -> Iterator[str]:
    escaped = json.dumps(key)[1:-1]
    yield from (escaped, escaped.replace("/", "\\/"))
    # Some encoders write these so, for the sake of pages that the JSON stands in.
    for text in (key, escaped):
        yield re.sub(r"[<>&'+=]", lambda each: f"\\u{ord(each[0]):04x}", text)


def _url(key: str) -> Iterator[str]:
    for safe in ("", "/", "/=+:@"):
        quoted = quote(key, safe=safe)
        yield from (quoted, quoted.replace("%20", "+"))


def _html(key: str) -> Iterator[str]:
    escaped = html.escape(key)
    yield from (escaped, html.escape(key, quote=False))
    yield from (escaped.replace("&#x27;", mark) for mark in ("&#39;", "&apos;"))


def _codes(key: str) -> Iterator[str]:
    """Character by character."""
    for before, after in (("", ""), ("%", ""), ("\\x", ""), ("\\u00", ""), ("&#x", ";")):
        yield "".join(f"{before}{ord(each):02x}{after}" for each in key)
    yield "".join(f"&#{ord(each)};" for each in key)


def _base64(key: str) -> Iterator[str]:
    """Of a key in either case, and of the two bytes a character that some systems write."""
    for cased in dict.fromkeys((key, key.lower(), key.upper())):
        for content in (cased.encode(), cased.encode("utf-16-le")):
            yield from _inside_base64(content)


def _inside_base64(content: bytes) -> Iterator[str]:
    """At each of the three places where it can begin in what was encoded, without what its neighbours colour."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + content).decode().rstrip("=")
        middle = encoded[(shift * 8 + 5) // 6 : (shift + len(content)) * 8 // 6]
        yield from (middle, middle.replace("+", "-").replace("/", "_"), middle.replace("/", "\\/"))


FORMS: Final[Mapping[str, Callable[[str], Iterator[str]]]] = {
    "as it is": _plain,
    "JSON": _json,
    "URL": _url,
    "HTML": _html,
    "hex and codes": _codes,
    "base64": _base64,
}
