"""What is live and holds a key in use: nobody sees the key, so a copy of it is not whole, and cannot be put back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from generator.datadog.blotting import MARK, holds_mark
from generator.plan.model import Change, Obstacle
from generator.resources.types import Payload

_MEANING_PARTS = 2
_MAKE_ANOTHER = "have Datadog make a new key and revoke this one: whoever sees the resource knows it"


def blotted_fields(payload: Payload) -> tuple[str, ...]:
    """Where a key was blotted out, such as `message` or `options.escalation_message`; almost never anywhere."""
    if not holds_mark(msgspec.json.encode(payload)):
        return ()
    return tuple(dict.fromkeys(".".join(path[:_MEANING_PARTS]) for path in _places(payload)))


def exposed_words(live: Payload) -> str:
    """What to say of having overwritten or deleted it; empty where it held no key."""
    fields = blotted_fields(live)
    if not fields:
        return ""
    return f"it held a key in use in {named(fields)}, which the archive does not have; {_MAKE_ANOTHER}"


def exposed_keys(changes: Collection[Change]) -> Iterator[Obstacle]:
    """Tell of what a plan would overwrite or delete that it cannot be put back whole."""
    if not holds_mark(msgspec.json.encode([each.before for each in changes])):
        return
    for each in changes:
        if fields := blotted_fields(each.before or {}):
            message = f"what is live holds a key in use in {named(fields)}, and the archive will not have that"
            name, number = each.tracking_id, each.id
            yield Obstacle("exposed-key", message, _MAKE_ANOTHER, blocks=False, tracking_id=name, id=number)


def named(fields: Iterable[str]) -> str:
    return ", ".join(f"`{field}`" for field in fields)


def _places(payload: Payload) -> Iterator[tuple[str, ...]]:
    """Of each text with the mark, in reading order."""
    pending: list[tuple[Any, tuple[str, ...]]] = [(payload, ())]
    while pending:
        value, path = pending.pop()
        if isinstance(value, dict):
            if any(MARK in key for key in value):
                yield path
            pending += [(each, (*path, key)) for key, each in reversed(value.items())]
        elif isinstance(value, list):
            pending += [(each, (*path, str(number))) for number, each in reversed(tuple(enumerate(value)))]
        elif isinstance(value, str) and MARK in value:
            yield path
