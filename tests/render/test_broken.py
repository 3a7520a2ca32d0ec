"""What a rendering says is missing from it only because something is wrong."""

from __future__ import annotations

import msgspec
import pytest

from generator.finding import is_error
from generator.render.model import FileRendering
from generator.render.renderer import render
from tests.render.test_projects import ORGANIZATION

ORGANIZATION_PATH = "monitors/organization.yaml"
GOOD = 'kind: metric, query: "avg(last_5m):avg:m{<< environment.scope >>} > 1"'
API = f"service: api\nmonitors:\n  one: {{{GOOD}}}\n"
OF_ONE = [
    ("  two: {kind: metrik}", ["two"]),
    ("  two: {kind: metric}", ["two"]),
    ('  two: {kind: metric, query: "avg("}', ["two"]),
    (f"  two: {{{GOOD}, tresholds: {{warning: 1}}}}", ["two"]),
    (f"  two: {{{GOOD}, for_each: {{x: {{}}, y: {{priority: 9}}}}}}", ["two.y"]),
]
OF_A_SERVICE = [
    f"  two: {{{GOOD}, environments: [prodution]}}",
    f"  two: {{{GOOD}, environments: 1}}",
    f"  Two: {{{GOOD}}}",
    "  two: nothing",
    f"  one: {{{GOOD}}}",
    "use: [{set: none}]",
    "use: 1",
    "teem: data",
    "  two: {kind: metric, message: *a}",
]
OF_ANY_SERVICE = [
    {"monitors/api.yaml": "service: api\nmonitors: [\n"},
    {"monitors/api.yaml": "monitors: {}\n"},
    {"monitors/api.yaml": "service: Some Thing\nmonitors: {}\n"},
    {"monitors/api.yaml": ""},
    {"monitors/sets/web.yaml": "monitors: {Two: {}}\n"},
    {"monitors/sets/web.yaml": "monitors: [\n"},
    {ORGANIZATION_PATH: "workspace: main\n"},
    {ORGANIZATION_PATH: ORGANIZATION.decode() + "x: 1\n"},
]


def project() -> dict[str, bytes]:
    return {ORGANIZATION_PATH: ORGANIZATION, "monitors/api.yaml": API.encode()}


@pytest.mark.parametrize(("line", "names"), OF_ONE, ids=[line for line, _ in OF_ONE])
def test_a_monitor_with_a_problem_is_named_and_its_service_is_whole(line: str, names: list[str]) -> None:
    rendering = render({**project(), "monitors/api.yaml": f"{API}{line}\n".encode()})
    assert {each.split("/")[2] for each in rendering.broken} == set(names)
    assert rendering.broken_services == ()
    assert any(map(is_error, rendering.findings))


@pytest.mark.parametrize("line", OF_A_SERVICE)
def test_a_problem_of_no_single_monitor_breaks_the_service(line: str) -> None:
    rendering = render({**project(), "monitors/api.yaml": f"{API}{line}\n".encode()})
    assert rendering.broken_services == ("api",)


@pytest.mark.parametrize("files", OF_ANY_SERVICE, ids=repr)
def test_what_cannot_be_told_apart_breaks_any_service(files: dict[str, str]) -> None:
    written = {path: text.encode() for path, text in files.items()}
    assert render({**project(), **written}).broken_services == ("*",)


def test_a_file_with_too_much_in_it_breaks_its_service() -> None:
    many = "".join(f"  two{index}: {{kind: metrik{index}}}\n" for index in range(150))
    rendering = render({**project(), "monitors/api.yaml": f"{API}{many}".encode()})
    assert rendering.broken_services == ("api",)


def test_a_project_without_problems_is_whole() -> None:
    rendering = render(project())
    assert (rendering.broken, rendering.broken_services) == ((), ())


def test_what_is_broken_is_kept_with_a_files_rendering() -> None:
    rendering = FileRendering((), (), broken=("main/api/two/production",), broken_services=("api",))
    assert msgspec.json.decode(msgspec.json.encode(rendering), type=FileRendering) == rendering
