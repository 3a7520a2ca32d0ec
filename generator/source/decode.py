"""Plain values → typed ones. msgspec decodes; only when it refuses, the schema tells all that is wrong."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from generator.source.events import Value
from generator.source.places import Place
from generator.source.wording import nearest

__all__ = ["Problem", "decode", "nearest"]

T = TypeVar("T")


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with the value at `place`, or, for an unknown field, with its key.

    A missing field is told at the place of the mapping that lacks it.
    """

    place: Place
    rule: str
    message: str
    hint: str = ""


def decode(value: Value, cls: type[T]) -> T | tuple[Problem, ...]:
    try:
        return msgspec.convert(value, cls, strict=True)
    except msgspec.ValidationError as error:
        # jsonschema takes .1 s to import, and most runs have nothing to tell.
        from generator.source.judging import mistakes  # noqa: PLC0415 - see above

        return tuple(
            Problem(place, rule, message, hint) for place, rule, message, hint in mistakes(value, cls, str(error))
        )
