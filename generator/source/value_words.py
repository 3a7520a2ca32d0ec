"""What may stand at a place and what stands there, in words for messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from generator.source.events import Value
from generator.source.places import Place
from generator.source.schema import TYPE_WORDS, Schema
from generator.source.wording import listed, shown

MOST_CHOICES: Final = 10


def allowed_by(schema: Schema, keyword: str, limit: Any) -> str:
    """What may stand there, to follow `must be`."""
    if keyword == "enum":
        return _choices(limit)
    if keyword == "pattern":
        return str(schema.get("title") or f"a text that matches `{limit}`")
    words = {
        "minimum": f"at least {limit}",
        "maximum": f"at most {limit}",
        "exclusiveMinimum": f"more than {limit}",
        "exclusiveMaximum": f"less than {limit}",
        "multipleOf": f"a multiple of {limit}",
        "minLength": "a text that is not empty" if limit == 1 else f"at least {limit} characters long",
        "maxLength": f"at most {limit} characters long",
        "minItems": "a list that is not empty" if limit == 1 else f"a list of at least {limit}",
        "maxItems": f"a list of at most {limit}",
        "minProperties": "a mapping that is not empty" if limit == 1 else f"a mapping of at least {limit}",
        "maxProperties": f"a mapping of at most {limit}",
    }
    return words.get(keyword, f"as the schema says ({keyword})")


def _choices(choices: list[Any]) -> str:
    if len(choices) > MOST_CHOICES:
        return "a known value"
    return listed(f"`{choice}`" for choice in choices)


def kind_of_value(schema: Mapping[str, Any]) -> str:
    """What may stand there, by type."""
    if "title" in schema:
        return str(schema["title"])
    if "enum" in schema:
        return _choices(schema["enum"])
    types = schema.get("type", [])
    return listed(TYPE_WORDS[name] for name in ([types] if isinstance(types, str) else types))


def found(value: Value) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, str):
        return f"text {shown(value)}" if value else "an empty text"
    if isinstance(value, int | float):
        return f"number `{value}`"
    name = "list" if isinstance(value, list) else "mapping"
    return f"a {name} of {len(value)}" if value else f"an empty {name}"


def path_text(place: Place) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return shown(text.removeprefix("."), 80) if place else "the value"
