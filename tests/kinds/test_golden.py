"""Each case under `golden/KIND/` renders to the file beside it: monitors, or the problems of the parameters.

A case is the YAML of the parameters, or a mapping with `parameters` and what its `context` has otherwise.
"""

from __future__ import annotations

import json
from datetime import time, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
import yaml

import generator.kinds
from generator.explain.monitor import Context, KindProblem, Monitor
from generator.query.parser import parse_metric_monitor
from generator.query.problem import SyntaxProblem
from generator.registry import module_names, modules

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(GOLDEN.glob("*/*.yaml"))
CONTEXT = Context(
    service="usage-dashboard",
    name="nightly",
    environment="production",
    scope="env:production",
    timezone="Asia/Tokyo",
    aws_account="111122223333",
    aws_region="ap-northeast-1",
    metrics_arrive_within={"aws": timedelta(minutes=20)},
    business_days=(0, 1, 2, 3, 4),
    business_hours=(time(10), time(19)),
    reference_years=(2026, 2027),
)


def rendered(case: Path) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:
    kind = modules(generator.kinds)[case.parent.name]
    written: dict[str, Any] = yaml.safe_load(case.read_text(encoding="utf-8"))
    parameters = msgspec.convert(written.get("parameters", written), kind.Parameters)
    otherwise = {name: tuple(it) if isinstance(it, list) else it for name, it in written.get("context", {}).items()}
    context = msgspec.structs.replace(CONTEXT, **otherwise)
    found = kind.monitors(parameters, context)
    assert isinstance(found, tuple)
    return found


def as_json(found: tuple[Monitor, ...] | tuple[KindProblem, ...]) -> Any:
    """Fields that hold their default are left out, for short files."""
    return json.loads(msgspec.json.encode([_without_defaults(each) for each in found]))


def _without_defaults(each: Monitor | KindProblem) -> dict[str, Any]:
    values = msgspec.structs.asdict(each)
    defaults = {field.name: field.default for field in msgspec.structs.fields(each)}
    return {name: value for name, value in values.items() if value and value != defaults[name]}


@pytest.mark.parametrize("case", CASES, ids=[f"{case.parent.name}/{case.stem}" for case in CASES])
def test_a_case_renders_as_its_golden_file(case: Path) -> None:
    assert as_json(rendered(case)) == json.loads(case.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", [case for case in CASES if case.parent.name != "raw"], ids=lambda case: case.stem)
def test_every_query_of_a_kind_is_one_that_datadog_can_read(case: Path) -> None:
    queries = [each.query for each in rendered(case) if isinstance(each, Monitor)]

    assert [query for query in queries if isinstance(parse_metric_monitor(query), SyntaxProblem)] == []


def test_no_golden_file_is_left_without_its_case() -> None:
    assert sorted(GOLDEN.glob("*/*.json")) == [case.with_suffix(".json") for case in CASES]


@pytest.mark.parametrize("name", module_names(generator.kinds))
def test_every_kind_has_a_golden_case(name: str) -> None:
    assert list((GOLDEN / name).glob("*.yaml"))


@pytest.mark.parametrize("kind", modules(generator.kinds).values(), ids=module_names(generator.kinds))
def test_every_kind_says_what_it_is(kind: ModuleType) -> None:
    assert kind.__doc__
    assert kind.Parameters.__doc__
    assert kind.monitors.__doc__


@pytest.mark.parametrize("kind", modules(generator.kinds).values(), ids=module_names(generator.kinds))
def test_every_field_of_a_kind_is_described(kind: ModuleType) -> None:
    _, definitions = msgspec.json.schema_components([kind.Parameters])
    fields = {
        f"{struct}.{name}": field
        for struct, schema in definitions.items()
        for name, field in schema.get("properties", {}).items()
    }

    assert fields
    assert [name for name, field in fields.items() if not field.get("description")] == []


@pytest.mark.parametrize("kind", modules(generator.kinds).values(), ids=module_names(generator.kinds))
def test_the_fields_of_a_kind_are_closed_and_never_null(kind: ModuleType) -> None:
    _, definitions = msgspec.json.schema_components([kind.Parameters])

    assert all(schema.get("additionalProperties") is False for schema in definitions.values())
    assert '"null"' not in json.dumps(definitions)
