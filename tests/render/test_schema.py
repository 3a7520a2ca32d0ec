"""The schemas of the project files: valid JSON Schema, true to what is rendered, and of use to an editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator.finding import is_error
from generator.render.monitors import kinds
from generator.render.renderer import render
from generator.render.schema import project_schemas
from generator.source.documents import load
from tests.render.test_projects import GOOD, ORGANIZATION, files_of

REPOSITORY = Path(__file__).parents[2]
OWN = sorted([*REPOSITORY.glob("monitors/**/*.yaml"), *REPOSITORY.glob("dashboards/**/*.yaml")])
NAMES = tuple(project_schemas())


def _name(path: str) -> str:
    if path == "monitors/organization.yaml":
        return "organization"
    if path.endswith(".test.yaml"):
        return "tests"
    return "dashboards" if path.startswith("dashboards/") else "set" if path.startswith("monitors/sets/") else "service"


def _errors(path: str, content: bytes) -> list[str]:
    validator = jsonschema.Draft202012Validator(project_schemas()[_name(path)])
    return [error.message for error in validator.iter_errors(load(path, content).root)]


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_json_schema_2020_12(name: str) -> None:
    schema = project_schemas()[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.stem)
def test_what_renders_is_taken_by_the_schemas(case: Path) -> None:
    assert {path: errors for path, content in files_of(case).items() if (errors := _errors(path, content))} == {}


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.stem)
def test_the_repository_s_own_files_are_taken_by_the_schemas(file: Path) -> None:
    assert _errors(file.relative_to(REPOSITORY).as_posix(), file.read_bytes()) == []


REFUSED = {
    "an unknown field": "service: a\nmonitor: {}\n",
    "a name that cannot be an id": "service: A\n",
    "no service": "monitors: {}\n",
    "no environments": "service: a\nenvironments: []\n",
    "a text for a list": "service: a\nenvironments: production\n",
    "a null": "service: a\nteam:\n",
    "an unknown kind": "service: a\nmonitors: {a: {kind: metrics}}\n",
    "a field of another kind": "service: a\nmonitors: {a: {kind: metric, query: q, state_machine: s}}\n",
    "a wrong value of a kind": "service: a\nmonitors: {a: {kind: metric, query: q, evaluation_delay: soon}}\n",
    "a wrong value of all kinds": "service: a\nmonitors: {a: {kind: metric, query: q, priority: 6}}\n",
    "an id that is none": "service: a\nmonitors: {a: {kind: metric, query: q, adopt: {production: '1/2'}}}\n",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_the_schema_refuses_is_an_error_of_rendering(text: str) -> None:
    files = {"monitors/organization.yaml": ORGANIZATION, "monitors/a.yaml": text.encode()}
    assert _errors("monitors/a.yaml", files["monitors/a.yaml"])
    assert any(is_error(finding) and finding.span.path == "monitors/a.yaml" for finding in render(files).findings)


def _properties(schema: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(schema, dict):
        named = schema.get("properties", {})
        # The test of an `if` names a field that the branch describes.
        yield from ((f"{place}.{name}", each) for name, each in named.items() if "const" not in each)
        for key, inner in schema.items():
            yield from _properties(inner, f"{place}.{key}")
    elif isinstance(schema, list):
        for index, inner in enumerate(schema):
            yield from _properties(inner, f"{place}[{index}]")


@pytest.mark.parametrize("name", NAMES)
def test_every_field_is_described(name: str) -> None:
    assert [place for place, each in _properties(project_schemas()[name]) if not each.get("description")] == []


def _branch(kind: str) -> Any:
    branches = project_schemas()["service"]["$defs"]["monitor"]["allOf"]
    return next(each["then"]["properties"] for each in branches if each["if"]["properties"]["kind"]["const"] == kind)


def test_an_editor_can_offer_the_kinds_their_fields_choices_and_defaults() -> None:
    monitor = project_schemas()["service"]["$defs"]["monitor"]
    assert monitor["properties"]["kind"]["enum"] == list(kinds())
    assert {"query", "thresholds", "notify", "environments", "adopt"} <= set(_branch("metric"))
    missing = _branch("metric")["on_missing_data"]["anyOf"][0]["enum"]
    assert missing == ["default", "resolve", "show_and_notify_no_data", "show_no_data"]
    assert _branch("batch_failure")["delivery"]["default"] == "timeshift"


def test_an_editor_can_offer_the_defaults_of_the_organization() -> None:
    properties = project_schemas()["organization"]["properties"]
    assert properties["timezone"]["default"] == "UTC"
    assert properties["business_hours"]["properties"]["days"]["default"] == "mon-fri"


def test_an_editor_can_offer_the_types_of_a_set_s_parameters() -> None:
    parameter = project_schemas()["set"]["properties"]["parameters"]["additionalProperties"]
    assert parameter["properties"]["type"]["enum"] == ["boolean", "duration", "integer", "list", "number", "string"]
