"""The schema of a Struct refuses exactly what msgspec refuses."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from typing import Annotated, Any

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta

from generator.registry import modules
from generator.source.files import DashboardFile, Organization, Service, Set
from generator.source.judging import schema_validator
from generator.source.monitor_tests import MonitorTestFile
from generator.source.schema import json_schema
from tests.source.samples import ALL, Choices, Collections, Texts, Tree, Unions, Window

FILES = (Organization, Service, Set, DashboardFile, MonitorTestFile)
KINDS = tuple(module.Parameters for module in modules(importlib.import_module("generator.kinds")).values())

WORDS = st.sampled_from(
    [
        *("red", "green", "low", "high", "a", "ab", "abcde", "a1", "a1\n", "09:30", "24:00", "9:30", "09:30\n", "20m"),
        *("20 m", "@x", "x", "A b", "data\n", "", "env:x", "mon-fri", "111122223333", "JP", "UTC", "string", "failed"),
    ]
)
SCALARS = WORDS | st.sampled_from([0, 1, 2, 5, 6, -1, 0.5, 1.0, 2.0, 1.5, 0.0, True, False, None]) | st.text(max_size=3)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS | st.sampled_from(["from", "to", "scope", "kind"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def _fitting(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of roughly the right shape, so that decoding gets past the first field."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([_fitting(member) for member in schema["anyOf"]])
    types = schema.get("type", "string")
    return st.one_of([_MAKERS[name](schema) for name in ([types] if isinstance(types, str) else types)])


def _mapping(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    fields = {name: _sometimes_wrong(field) for name, field in schema.get("properties", {}).items()}
    needed = {name: fields.pop(name) for name in schema.get("required", ())}
    others = schema.get("additionalProperties")
    if fields or needed:
        return st.fixed_dictionaries(needed, optional=fields)
    return st.dictionaries(WORDS, _sometimes_wrong(others) if isinstance(others, dict) else VALUES, max_size=3)


_MAKERS: dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "string": lambda schema: (
        st.sampled_from([str(one) for one in schema.get("examples", ["ab", "a1", "09:30"])]) | WORDS
    ),
    "integer": lambda _: st.integers(-2, 7),
    "number": lambda _: st.integers(-2, 7) | st.floats(-1, 2),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
    "array": lambda schema: st.lists(_sometimes_wrong(schema.get("items", {})), max_size=3),
    "object": _mapping,
}


def _sometimes_wrong(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.one_of(_fitting(schema), _fitting(schema), _fitting(schema), VALUES)


def _mutated(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    extra = st.dictionaries(st.sampled_from(["extra", "name", "from"]), VALUES, max_size=1)
    return st.one_of(
        VALUES, _fitting(schema), st.builds(lambda value, more: {**value, **more}, _mapping(schema), extra)
    )


def _decodes(value: object, cls: type) -> bool:
    try:
        msgspec.convert(value, cls, strict=True)
    except msgspec.ValidationError:
        return False
    return True


@pytest.mark.parametrize("cls", [*ALL, *FILES], ids=lambda cls: cls.__name__)
def test_msgspec_refuses_exactly_what_the_schema_refuses(cls: type) -> None:
    validator = schema_validator(cls)
    seen = set()

    @settings(derandomize=True, max_examples=350, deadline=None, database=None)
    @given(_mutated(json_schema(cls)))
    def agree(value: object) -> None:
        decodes = _decodes(value, cls)
        seen.add(decodes)
        assert decodes == validator.is_valid(value)

    agree()
    assert seen == {True, False}


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__module__)
def test_what_a_kind_decodes_its_schema_takes(cls: type) -> None:
    validator = schema_validator(cls)

    @settings(derandomize=True, max_examples=150, deadline=None, database=None)
    @given(_mutated(json_schema(cls)))
    def agree(value: object) -> None:
        if _decodes(value, cls):
            assert validator.is_valid(value)

    agree()


@pytest.mark.parametrize("cls", [*ALL, *FILES, *KINDS], ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_schema_is_a_schema_and_stands_alone(cls: type) -> None:
    schema = json_schema(cls)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "$ref" not in json.dumps(schema)
    assert "$defs" not in schema


@pytest.mark.parametrize("cls", [*FILES, *KINDS], ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_every_field_is_described(cls: type) -> None:
    fields = json_schema(cls)["properties"]
    assert [name for name, field in fields.items() if not field.get("description")] == []


def test_optional_field_may_be_absent_but_never_null() -> None:
    schema = json_schema(Unions)
    assert schema["required"] == []
    assert schema["properties"]["names"]["type"] == ["string", "array"]
    assert schema["properties"]["nothing"]["type"] == ["integer", "null"]


def test_descriptions_defaults_and_choices_are_said() -> None:
    assert json_schema(Texts)["properties"]["name"]["description"] == "Its name."
    assert json_schema(Texts)["properties"]["short"]["default"] == "ab"
    assert json_schema(Choices)["properties"]["color"]["enum"] == ["green", "red"]
    assert json_schema(Choices)["properties"]["level"] == {"enum": ["high", "low"], "type": "string", "default": "low"}


def test_nested_struct_is_written_out() -> None:
    window = json_schema(Window)
    assert window["additionalProperties"] is False
    assert window["description"] == "When it runs."
    assert json_schema(Collections)["properties"]["windows"]["items"] == window


def test_struct_that_holds_itself_has_no_schema() -> None:
    with pytest.raises(TypeError, match="Tree holds itself"):
        json_schema(Tree)


def test_limited_whole_number_beside_any_number_has_no_schema() -> None:
    class Both(msgspec.Struct):
        value: Annotated[int, Meta(ge=1)] | float

    with pytest.raises(TypeError, match=r"int \| float"):
        json_schema(Both)
