"""Keys are blotted out of whatever a server, a proxy or a slip of the hand has put them into."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Final

from generator.datadog.key_forms import forms

BLOT: Final = "***"
MARK: Final = "***key-in-use***"
"""Stands in a live resource for a key in use. No YAML may say it, so that nothing desired ever equals what it hides."""
SHORTEST_KEY: Final = 8
"""Datadog's keys have 32 characters and more; what is shorter than this would be found in ordinary words."""

_BLOCK: Final = 8
_LIKE_A_KEY = re.compile(
    r"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[0-9A-Za-z]{32,}"
    r"|[0-9A-Fa-f]{32,}|\bdd(?:api|app)_\w{16,}"
)


class Blotter:
    """Finds keys in each of their forms, in any case.

    Almost nothing holds one, and what is searched may be tens of megabytes. So one pass looks at every so many blocks
    of eight bytes whether it is a piece of any form; only where one is, each form is looked for.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        wanted = (form.lower().encode() for key in keys if len(key) >= SHORTEST_KEY for form in forms(key))
        self._forms = tuple(dict.fromkeys(wanted))
        # A form this long holds a whole block, wherever it begins.
        long = [form for form in self._forms if len(form) >= 2 * _BLOCK - 1]
        self._short = tuple(form for form in self._forms if len(form) < 2 * _BLOCK - 1)
        self._pieces = frozenset(piece for form in long for piece in _pieces(form))
        self._step = min(((len(form) + 1) // _BLOCK - 1 for form in long), default=1)

    def is_in(self, content: bytes) -> bool:
        """Whether any key stands there in any form."""
        lowered = content.lower()
        return self._may_be_in(lowered) and any(form in lowered for form in self._forms)

    def body(self, body: bytes) -> bytes:
        """What a server has sent, with a mark that is found again (`holds_mark`)."""
        return self._blotted(body, MARK.encode())

    def text(self, text: str) -> str:
        """What people read."""
        content = text.encode("utf-8", "surrogatepass")
        blotted = self._blotted(content, BLOT.encode())
        return text if blotted is content else blotted.decode("utf-8", "surrogatepass")

    def _blotted(self, content: bytes, blot: bytes) -> bytes:
        lowered = content.lower()
        if not self._may_be_in(lowered):
            return content
        parts, end = [], 0
        for first, last in _joined(sorted(self._places(lowered))):
            parts += [content[end:first], blot]
            end = last
        return b"".join((*parts, content[end:])) if parts else content

    def _may_be_in(self, lowered: bytes) -> bool:
        if not self._forms:
            return False
        blocks = memoryview(lowered)[: len(lowered) // _BLOCK * _BLOCK].cast("Q")
        return not self._pieces.isdisjoint(blocks[:: self._step]) or any(form in lowered for form in self._short)

    def _places(self, lowered: bytes) -> Iterator[tuple[int, int]]:
        for form in self._forms:
            place = lowered.find(form)
            while place >= 0:
                yield place, place + len(form)
                place = lowered.find(form, place + len(form))


def holds_mark(content: bytes) -> bool:
    return MARK.encode() in content


def without_likely_keys(text: str, *keys: str) -> str:
    """What somebody typed where no key belongs, such as a file's name, without what looks like a key or is one."""
    return _LIKE_A_KEY.sub(BLOT, Blotter(keys).text(text))


def _pieces(form: bytes) -> Iterator[int]:
    for place in range(len(form) - _BLOCK + 1):
        yield int.from_bytes(form[place : place + _BLOCK], sys.byteorder)


def _joined(places: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Those that overlap as one: forms share their beginnings."""
    first = last = -1
    for start, end in places:
        if start >= last:
            if last > 0:
                yield first, last
            first, last = start, end
        else:
            last = max(last, end)
    if last > 0:
        yield first, last
