"""How much one file may make: sets, `for_each`, aliases and look-ups let a little YAML grow without bound."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from generator.finding import Finding, Severity
from generator.render.entries import Definition, Entry
from generator.render.model import Resource
from generator.render.templates import is_plain, is_plain_lookups

MOST_CHARACTERS: Final = 16 * 1024 * 1024
MOST_FINDINGS: Final = 100
_ENTRY: Final = 1000
_VALUE: Final = 16
# Jinja2 takes about a hundred times as long to compile a template as we take to copy a text.
_COMPILING: Final = 100


class Budget:
    """What is left of a file's share, in characters; resources and values cost a few beside their texts."""

    def __init__(self) -> None:
        self._left = MOST_CHARACTERS
        self._compiled: set[str] = set()

    @property
    def is_spent(self) -> bool:
        return self._left < 0

    def spend_on_entry(self, entry: Entry) -> None:
        encoded = _encoded(entry.fields)
        is_cheap = encoded is not None and is_plain_lookups(encoded)
        self._left -= _ENTRY + (len(encoded) if encoded is not None and is_cheap else self._cost(entry.fields))

    def spend_on_resource(self, resource: Resource) -> None:
        encoded = _encoded(resource.payload)
        self._left -= _size(resource.payload) if encoded is None else len(encoded)

    def _cost(self, value: Any) -> int:
        if isinstance(value, str):
            return _VALUE + len(value) * self._factor(value)
        if isinstance(value, dict):
            return _VALUE + sum(self._cost(each) for each in value.values())
        if isinstance(value, list):
            return _VALUE + sum(self._cost(each) for each in value)
        return _VALUE

    def _factor(self, text: str) -> int:
        if is_plain(text) or is_plain_lookups(text) or text in self._compiled:
            return 1
        self._compiled.add(text)
        return _COMPILING


def _encoded(value: Any) -> str | None:
    """As JSON, whose length is the cost of most values and found much faster; None for what JSON cannot hold."""
    try:
        return msgspec.json.encode(value).decode()
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):
        return None


def _size(value: Any) -> int:
    if isinstance(value, str):
        return _VALUE + len(value)
    if isinstance(value, dict):
        return _VALUE + sum(_size(each) for each in value.values())
    if isinstance(value, list):
        return _VALUE + sum(_size(each) for each in value)
    return _VALUE


def spent(definition: Definition) -> Finding:
    """Tells where the file's share ran out."""
    return Finding(
        "file-too-large",
        Severity.ERROR,
        f"the file grows to more than {MOST_CHARACTERS // 1024 // 1024} MiB here; the rest of it is not rendered",
        definition.document.key_span(definition.place),
        hint="split it: one service a file; and look for long texts that many monitors repeat",
    )
