"""Colours of a terminal, or none. `rich` would cost more time to import than a whole plan takes to print."""

from __future__ import annotations

import enum


class Style(enum.Enum):
    PLAIN = "plain"
    COLOURED = "coloured"

    def red(self, text: str) -> str:
        return self._painted("31", text)

    def green(self, text: str) -> str:
        return self._painted("32", text)

    def yellow(self, text: str) -> str:
        return self._painted("33", text)

    def cyan(self, text: str) -> str:
        return self._painted("36", text)

    def bold(self, text: str) -> str:
        return self._painted("1", text)

    def faint(self, text: str) -> str:
        return self._painted("2", text)

    def _painted(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self is Style.COLOURED and text else text


PLAIN = Style.PLAIN
COLOURED = Style.COLOURED
"""Both by name, for default arguments."""
