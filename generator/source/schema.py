"""JSON Schema (2020-12) of a msgspec Struct.

msgspec writes the schema; here references are inlined, so that it can stand inside another one, and unions are merged
into one `type` list where their members differ in type, so that an error names all that is allowed at once.
A field that may be UNSET may be absent, never null. `2.0` is no integer: YAML tells it from `2`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

TYPE_WORDS: Final = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "nothing",
}

_REFERENCE: Final = "#/$defs/"
_WORDS_OF_A_MEMBER: Final = ("title", "examples")
_NAMES: Final = {str: "string", int: "integer", bool: "boolean", float: "number", type(None): "null"}


def json_schema(cls: type) -> Schema:
    """Self-contained and without the name of the class; a Struct that holds itself is refused with TypeError."""
    written = msgspec.json.schema(cls)
    definitions = written.pop("$defs", {})
    return _plain(written, definitions, ())


def _plain(schema: Schema, definitions: Mapping[str, Schema], inside: tuple[str, ...]) -> Schema:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REFERENCE)
        if name in inside:
            raise TypeError(f"{name} holds itself, so its schema cannot be inlined")
        target = {key: value for key, value in definitions[name].items() if key != "title"}
        return {**_plain(target, definitions, (*inside, name)), **_without(schema, "$ref")}
    result = {key: _part(key, value, definitions, inside=inside) for key, value in schema.items()}
    if "enum" in result and "type" not in result:
        result["type"] = _one_or_list(sorted({_NAMES[type(choice)] for choice in result["enum"]}))
    return _merged(result) if "anyOf" in result else result


def _part(key: str, value: Any, definitions: Mapping[str, Schema], *, inside: tuple[str, ...]) -> Any:
    if key == "properties":
        return {name: _plain(field, definitions, inside) for name, field in value.items()}
    if key in ("anyOf", "prefixItems"):
        return [_plain(member, definitions, inside) for member in value]
    if key in ("items", "additionalProperties", "propertyNames") and isinstance(value, dict):
        return _plain(value, definitions, inside)
    return value


def _merged(schema: Schema) -> Schema:
    """A keyword like `pattern` or `items` looks at one type only, so members of different types fit into one schema."""
    members = schema["anyOf"]
    if any("enum" in member or "anyOf" in member for member in members):
        return schema
    types = _types(members)
    if types is None:
        return schema
    merged: Schema = _without(schema, "anyOf")
    for member in members:
        for key, value in member.items():
            if key not in ("type", *_WORDS_OF_A_MEMBER, "description"):
                merged[key] = value
    if any("title" in member for member in members):
        merged.setdefault(
            "title", ", or ".join(str(member.get("title", TYPE_WORDS[member["type"]])) for member in members)
        )
    return {**merged, "type": _one_or_list(types)}


def _types(members: list[Schema]) -> list[str] | None:
    """The types of the members; None where they cannot share one schema."""
    types = [member.get("type") for member in members]
    if "number" in types and "integer" in types and {"type": "number"} in members and {"type": "integer"} in members:
        types.remove("integer")
    if "number" in types and "integer" in types:
        raise TypeError("JSON Schema cannot say int | float where one of them has limits: it takes 3 for a number too")
    names = [name for name in types if isinstance(name, str)]
    return names if len(names) == len(types) == len(set(names)) else None


def _one_or_list(names: list[str]) -> str | list[str]:
    return names[0] if len(names) == 1 else names


def _without(schema: Schema, key: str) -> Schema:
    return {name: value for name, value in schema.items() if name != key}
