"""Keys are blotted out of whatever a server, a proxy or a slip of the hand has put them into."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

BLOT = "***"
SHORTEST_KEY = 8
"""Datadog's keys have 32 characters and more; what is shorter than this would be found in ordinary words."""

_LIKE_A_KEY = re.compile(
    r"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[0-9A-Za-z]{32,}"
    r"|[0-9A-Fa-f]{32,}|\bdd(?:api|app)_\w{16,}"
)


class Blotter:
    """Finds keys as they are, and as JSON, URLs, HTML and base64 write them."""

    def __init__(self, keys: Iterable[str]) -> None:
        long_enough = [key for key in keys if len(key) >= SHORTEST_KEY]
        self._forms = tuple(dict.fromkeys(form for key in long_enough for form in _forms(key)))
        self._bytes = tuple(form.encode() for form in self._forms)

    def body(self, body: bytes) -> bytes:
        for form in self._bytes:
            if form in body:
                body = body.replace(form, BLOT.encode())
        return body

    def text(self, text: str) -> str:
        for form in self._forms:
            text = text.replace(form, BLOT)
        return text


def without_likely_keys(text: str, *keys: str) -> str:
    """What somebody typed where no key belongs, such as a file's name, without what looks like a key or is one."""
    return _LIKE_A_KEY.sub(BLOT, Blotter(keys).text(text))


def _forms(key: str) -> Iterator[str]:
    yield from (
        key,
        key.lower(),
        key.upper(),
        json.dumps(key)[1:-1],
        json.dumps(key)[1:-1].replace("/", "\\/"),
        html.escape(key),
    )
    for safe in ("", "/", "/=+:@"):
        quoted = quote(key, safe=safe)
        yield from (quoted, quoted.replace("%20", "+"), re.sub("%..", lambda each: each[0].lower(), quoted))
    codes = [f"{ord(character):02x}" for character in key]
    for spelled in (codes, [code.upper() for code in codes]):
        yield from ("\\u00" + "\\u00".join(spelled), "%" + "%".join(spelled), "".join(spelled))
    # Some encoders of JSON write these so, for the sake of pages that the JSON stands in.
    yield re.sub(r"[<>&'+=]", lambda each: f"\\u{ord(each[0]):04x}", key)
    yield from _base64_forms(key)


def _base64_forms(key: str) -> Iterator[str]:
    """At each of the three places where a key can begin in what was encoded, without what its neighbours colour."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + key.encode()).decode().rstrip("=")
        whole_bits = (shift + len(key)) * 8 // 6
        middle = encoded[(shift * 8 + 5) // 6 : whole_bits]
        yield from (middle, middle.replace("+", "-").replace("/", "_"), middle.replace("/", "\\/"))
