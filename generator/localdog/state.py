"""The whole state as one JSON document, to be saved, loaded elsewhere and read by other tools."""

from __future__ import annotations

import msgspec

from generator.localdog.store import Dump, Store

VERSION = 1


class StateUnreadable(Exception):  # noqa: N818 reads as what it says
    """The text is no saved state; the words tell a person why."""


class Saved(msgspec.Struct, frozen=True):
    version: int
    tables: Dump


def saved(store: Store) -> bytes:
    return msgspec.json.encode(Saved(VERSION, store.dump()))


def loaded(store: Store, text: bytes) -> None:
    """Replace all that the database holds."""
    try:
        found = msgspec.json.decode(text, type=Saved)
        if found.version != VERSION:
            raise StateUnreadable(f"a saved state of version {found.version}, this server knows {VERSION}")
        store.load(found.tables)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise StateUnreadable(f"no saved state: {error}") from error
