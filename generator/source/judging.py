"""All that is wrong with a value that could not be decoded. Imported only then: jsonschema is slow to import."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final, cast

import jsonschema
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from generator.source.events import Value
from generator.source.places import Place
from generator.source.schema import Schema, json_schema
from generator.source.value_words import MOST_CHOICES, allowed_by, found, kind_of_value, path_text
from generator.source.wording import listed, nearest, shown

Mistake = tuple[Place, str, str, str]
"""Place, rule, message, hint."""

MISTAKE_LIMIT: Final = 100
MOST_FIELDS: Final = 30
_OLD_BOOLEANS: Final = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?")
_DECODER_PLACE: Final = re.compile(r"^(?P<said>.*?)(?: - at `\$(?P<steps>.*)`)?$", re.DOTALL)
_STEP: Final = re.compile(r"\.(?P<field>[^.\[]+)|\[(?P<index>[0-9]+)\]")


def _is_integer(_: object, value: object) -> bool:
    """JSON Schema takes `2.0` for an integer, YAML and msgspec do not."""
    return isinstance(value, int) and not isinstance(value, bool)


def _additional_properties(
    validator: Any,
    allowed: bool | Schema,  # noqa: FBT001 - jsonschema calls it
    instance: Value,
    schema: Schema,
) -> Iterator[ValidationError]:
    """As jsonschema's own, which goes through a set and so lists the mistakes in another order each time."""
    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {})
    for name in instance:
        if name not in known:
            if isinstance(allowed, dict):
                yield from validator.descend(instance[name], allowed, path=name)
            elif not allowed:
                yield ValidationError("unknown fields")
                return


_DRAFT = jsonschema.Draft202012Validator
_CHECKER = _DRAFT.TYPE_CHECKER.redefine("integer", _is_integer)
_Validator: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call] # the stubs leave it out
    _DRAFT, validators={"additionalProperties": _additional_properties}, type_checker=_CHECKER
)


@functools.cache
def schema_validator(cls: type) -> Validator:
    """Judges plain values as `decode` does."""
    validator: Validator = _Validator(json_schema(cls))
    return validator


def _schema(error: ValidationError) -> Schema:
    return cast("Schema", error.schema)


def _limit(error: ValidationError) -> Any:
    """The value of the keyword that the instance fails."""
    return error.validator_value


def mistakes(value: Value, cls: type, decoder_message: str) -> Iterator[Mistake]:
    """At most about a hundred. Where the schema finds nothing, the class itself refused what its types allow."""
    told = tuple(islice(_distinct(schema_validator(cls).iter_errors(value)), MISTAKE_LIMIT + 1))
    if not told:
        yield _of_decoder(decoder_message)
    yield from told[:MISTAKE_LIMIT]
    if len(told) > MISTAKE_LIMIT:
        yield (), "too-many-problems", f"more than {MISTAKE_LIMIT} problems; the rest is not listed", "mend these first"


def _distinct(errors: Iterable[ValidationError]) -> Iterator[Mistake]:
    seen = set()
    for error in errors:
        for mistake in _mistakes_of(error):
            if mistake not in seen:
                seen.add(mistake)
                yield mistake


def _mistakes_of(error: ValidationError) -> Iterator[Mistake]:
    place = tuple(error.absolute_path)
    keyword = str(error.validator)
    if _is_about_a_name(error):
        yield _wrong_name(place, error)
    elif keyword == "additionalProperties":
        yield from _unknown_fields(place, error)
    elif keyword == "required":
        yield from _missing_fields(place, error)
    elif keyword == "anyOf":
        yield from _no_member(place, error)
    elif keyword == "type":
        yield _wrong_type(place, error)
    else:
        yield _wrong_value(place, error)


def _is_about_a_name(error: ValidationError) -> bool:
    steps = list(error.absolute_schema_path)
    return len(steps) > 1 and steps[-2] == "propertyNames" and steps[-3:-2] != ["properties"]


def _wrong_name(place: Place, error: ValidationError) -> Mistake:
    name = str(error.instance)
    message = f"name {shown(name)} must be {allowed_by(_schema(error), str(error.validator), _limit(error))}"
    return (*place, name), "wrong-name", message, "rename it"


def _unknown_fields(place: Place, error: ValidationError) -> Iterator[Mistake]:
    known = list(_schema(error).get("properties", ()))
    unknown = (name for name in cast("Mapping[str, Value]", error.instance) if name not in known)
    for name in islice(unknown, MISTAKE_LIMIT + 1):
        meant = nearest(name, known)
        message = f"unknown field {shown(name)}{f'; did you mean `{meant}`?' if meant else ''}"
        yield (*place, name), "unknown-field", message, _fields_hint(known, is_near=meant is not None)


def _fields_hint(known: list[str], *, is_near: bool) -> str:
    if not known:
        return "remove it"
    if len(known) <= MOST_CHOICES:
        return f"the fields here are {listed((f'`{name}`' for name in known), 'and')}"
    return "" if is_near else f"the fields here are {', '.join(f'`{name}`' for name in known[:MOST_FIELDS])}"


def _missing_fields(place: Place, error: ValidationError) -> Iterator[Mistake]:
    for name in _limit(error):
        if name not in cast("Mapping[str, Value]", error.instance):
            field = _schema(error).get("properties", {}).get(name, {})
            message = f"missing field `{name}`{f' in {path_text(place)}' if place else ''}"
            yield place, "missing-field", message, _missing_hint(name, field)


def _missing_hint(name: str, field: Schema) -> str:
    example = f"add `{name}: …`"
    if field.get("examples"):
        example = f"add `{name}: {field['examples'][0]}`"
    description = field.get("description")
    return f"{example} ({_inside_a_sentence(description)})" if description else example


def _inside_a_sentence(description: str) -> str:
    is_name = description.startswith("Datadog") or description[1:2].isupper()
    start = description[:1] if is_name else description[:1].lower()
    return f"{start}{description[1:].rstrip('.')}"


def _no_member(place: Place, error: ValidationError) -> Iterator[Mistake]:
    """Of a union: what is wrong with the one member whose type fits, else all that is allowed."""
    fitting: dict[int, list[ValidationError]] = {}
    misfits = set()
    for inner in error.context or ():
        member = int(inner.schema_path[0])
        fitting.setdefault(member, []).append(inner)
        if inner.validator == "type" and not inner.path:
            misfits.add(member)
    near = [inner for member, inner in fitting.items() if member not in misfits]
    if len(near) == 1:
        for inner in near[0]:
            yield from _mistakes_of(inner)
        return
    allowed = ", or ".join(dict.fromkeys(kind_of_value(member) for member in _limit(error)))
    yield place, "wrong-type", f"{path_text(place)} must be {allowed}, found {found(error.instance)}", ""


def _wrong_type(place: Place, error: ValidationError) -> Mistake:
    message = f"{path_text(place)} must be {kind_of_value(_schema(error))}, found {found(error.instance)}"
    types = _limit(error)
    allowed = {types} if isinstance(types, str) else set(types)
    hint = _type_hint(error.instance, allowed) or _keys_hint(_schema(error), allowed)
    return place, "wrong-type", message, hint


def _keys_hint(schema: Schema, allowed: set[str]) -> str:
    """What the mapping that belongs here holds."""
    known, needed = list(schema.get("properties", ())), list(schema.get("required", ()))
    if "object" not in allowed or not known:
        return ""
    example = f"write `{{{', '.join(f'{name}: …' for name in needed or known[:1])}}}`"
    return f"{example}; its fields are {', '.join(f'`{name}`' for name in known[:MOST_FIELDS])}"


def _type_hint(value: Value, allowed: set[str]) -> str:
    if value is None:
        return "give it a value, or remove the field"
    if isinstance(value, str):
        return _text_hint(value, allowed)
    if "array" in allowed and not isinstance(value, dict):
        return f"write a list: `[{str(value).lower() if isinstance(value, bool) else value}]`"
    if "string" in allowed and not isinstance(value, dict | list):
        return "put it into quotes"
    return ""


def _text_hint(value: str, allowed: set[str]) -> str:
    if "boolean" in allowed and value.lower() in _OLD_BOOLEANS:
        return f"write `{_OLD_BOOLEANS[value.lower()]}`"
    if allowed & {"integer", "number"} and _NUMBER.fullmatch(value):
        return "remove the quotes"
    if "array" in allowed:
        return f"write a list: {shown(f'[{value}]')}"
    return ""


def _wrong_value(place: Place, error: ValidationError) -> Mistake:
    allowed = allowed_by(_schema(error), str(error.validator), _limit(error))
    message = f"{path_text(place)} must be {allowed}, found {found(error.instance)}"
    return place, "wrong-value", message, _value_hint(error)


def _value_hint(error: ValidationError) -> str:
    if error.validator == "enum" and isinstance(error.instance, str):
        choices = [choice for choice in _limit(error) if isinstance(choice, str)]
        meant = nearest(error.instance, choices)
        if meant:
            return f"did you mean `{meant}`?"
        return "" if len(choices) <= MOST_CHOICES else f"one of {len(choices)}, such as {listed(choices[:3])}"
    examples = _schema(error).get("examples", ())
    return f"for example {listed(f'`{example}`' for example in examples[:3])}" if examples else ""


def _of_decoder(message: str) -> Mistake:
    """The decoder ends with the place, `… - at `$.runs[0].from``, but writes `[...]` for the key of a mapping."""
    parts = _DECODER_PLACE.match(message)
    if parts is None:
        return (), "wrong-value", message, ""
    place: list[str | int] = []
    steps = parts["steps"] or ""
    while step := _STEP.match(steps):
        place.append(step["field"] if step["field"] is not None else int(step["index"]))
        steps = steps[step.end() :]
    return tuple(place), "wrong-value", parts["said"].strip(), ""
