"""Nothing that a pull request can write makes rendering raise, hang or grow without bound."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.finding import is_error
from generator.render.budget import MOST_CHARACTERS
from generator.render.files import file_resources
from generator.render.model import Rendering
from generator.render.renderer import render
from generator.source.documents import load
from tests.render.test_projects import GOOD, ORGANIZATION, files_of

ORGANIZATION_PATH, SERVICE, SET, DASHBOARDS = (
    "monitors/organization.yaml", "monitors/api.yaml", "monitors/sets/web.yaml", "dashboards/api.yaml",
)  # fmt: skip
WORDS = st.sampled_from(
    (
        "service", "team", "environments", "monitors", "dashboards", "use", "set", "as", "was", "adopt", "for_each",
        "kind", "metric", "raw", "batch_failure", "query", "production", "staging", "variables", "notify", "urgent",
        "+@x", "@x", "tags", "timezone", "UTC", "data", "web", "message", "template", "title", "widgets", "thresholds",
        "avg(last_5m):avg:m{<< environment.scope >>} > 1", "<< variables.a >>", "<< each.key >>", "<% if", "%{a/b}",
        "%{a}", "composite", "type", "options", "", "../x", "a\nb", "\x1b[31m", "\x00", "environment",
    )
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    WORDS | st.sampled_from([0, 1, -1, 5, 0.5, 2**63 - 1, True, False, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=10,
)


def _rendered(files: dict[str, bytes]) -> Rendering:
    """Rendered, and safe to print and to send as JSON."""
    rendering = render({ORGANIZATION_PATH: ORGANIZATION, **files})
    for resource in rendering.resources:
        json.dumps(resource.payload, allow_nan=False).encode()
    for finding in rendering.findings:
        assert finding.message.isprintable()
        assert len(finding.message) < 600
    return rendering


@pytest.mark.parametrize("path", [ORGANIZATION_PATH, SERVICE, SET, DASHBOARDS])
@settings(derandomize=True, max_examples=60, deadline=None)
@given(value=VALUES)
def test_any_value_as_a_file_is_rendered_or_refused(path: str, value: Any) -> None:
    files = {SERVICE: b"service: api\nteam: data\nuse: [{set: web}]\nmonitors: {a: {kind: raw}}\n"}
    _rendered({**files, path: json.dumps(value).encode()})


@settings(derandomize=True, max_examples=100, deadline=None)
@given(fields=st.dictionaries(WORDS, VALUES, max_size=5), where=st.sampled_from([SERVICE, SET, DASHBOARDS]))
def test_any_fields_of_a_monitor_or_dashboard_are_rendered_or_refused(fields: dict[str, Any], where: str) -> None:
    section = "dashboards" if where == DASHBOARDS else "monitors"
    written: dict[str, Any] = {
        SERVICE: {"service": "api", "use": [{"set": "web"}]},
        SET: {},
        DASHBOARDS: {"service": "api"},
    }
    written[where] |= {section: {"a": {"kind": "metric", **fields}}}
    _rendered({path: json.dumps(value).encode() for path, value in written.items()})


def _places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(each for step, inner in steps for each in _places(inner, (*place, step)))]


def _put(value: Any, place: tuple[Any, ...], new: Any) -> Any:
    if not place:
        return new
    if isinstance(value, dict):
        return {key: _put(each, place[1:], new) if key == place[0] else each for key, each in value.items()}
    return [_put(each, place[1:], new) if index == place[0] else each for index, each in enumerate(value)]


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.stem)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(choice=st.data())
def test_a_good_project_with_any_value_changed_is_rendered_or_refused(case: Any, choice: st.DataObject) -> None:
    files = files_of(case)
    path = choice.draw(st.sampled_from(sorted(files)))
    root = load(path, files[path]).root
    place = choice.draw(st.sampled_from(_places(root)))
    _rendered({**files, path: json.dumps(_put(root, place, choice.draw(VALUES))).encode()})


RAW = "kind: raw, type: query alert, query: q"
GROWING = {
    "a long text that many monitors repeat": {
        SERVICE: f'monitors:\n  a: {{{RAW}, message: &m "{"x" * 200_000}"}}\n'
        + "".join(f"  b{number}: {{{RAW}, message: *m}}\n" for number in range(2000))
    },
    "a long value that many texts look up": {
        SERVICE: f'variables: {{a: "{"x" * 60_000}"}}\nmonitors:\n'
        + "".join(f'  b{n}: {{{RAW}, template: true, message: "<< variables.a >>"}}\n' for n in range(2000))
    },
    "templates that all must be compiled": {
        SERVICE: "monitors:\n"
        + "".join(f'  b{n}: {{{RAW}, template: true, message: "{n}{"<< name|upper >>" * 3000}"}}\n' for n in range(20))
    },
    "sets of sets": {
        SET: "monitors:\n" + "".join(f"  a{number}: {{{RAW}}}\n" for number in range(1000)),
        SERVICE: "use:\n" + "".join(f"- {{set: web, as: p{number}}}\n" for number in range(1000)),
    },
}


@pytest.mark.parametrize("files", GROWING.values(), ids=GROWING)
def test_a_file_that_grows_without_bound_is_refused_where_it_does(files: dict[str, str]) -> None:
    service = {SERVICE: f"service: api\nenvironments: [production]\n{files[SERVICE]}"}
    rendering = _rendered({path: text.encode() for path, text in {**files, **service}.items()})
    (error,) = filter(is_error, rendering.findings)
    assert error.rule == "file-too-large"
    assert error.span.line > 2
    assert sum(len(resource.payload["message"]) for resource in rendering.resources) <= MOST_CHARACTERS


def test_a_finding_about_an_endless_file_is_placed_without_rendering_it_to_the_end() -> None:
    elements = ", ".join(f"k{number}: {{}}" for number in range(100_000))
    text = f"service: api\nenvironments: [production]\nmonitors: {{a: {{{RAW}, for_each: {{{elements}}}}}}}\n"
    endless = {ORGANIZATION_PATH: ORGANIZATION, SERVICE: text.encode()}
    rendering = render(endless)
    assert [finding.rule for finding in rendering.findings] == ["file-too-large"]
    again = [made.tracking_id for _, resources in file_resources(SERVICE, endless) for made in resources]
    assert again == [resource.tracking_id for resource in rendering.resources]


MANY = {
    "unknown kinds": "monitors:\n" + "".join(f"  b{number}: {{kind: k{number}}}\n" for number in range(2000)),
    "unknown sets": "use:\n" + "".join(f"- {{set: k{number}}}\n" for number in range(2000)),
    "unknown fields": "monitors: {a: {kind: raw, " + ", ".join(f"k{number}: 1" for number in range(2000)) + "}}",
    "unknown environments": "monitors: {a: {kind: raw, environments: ["
    + ", ".join(f"k{number}" for number in range(2000)) + "]}}",
    "unknown references": "monitors:\n"
    + "".join(f'  b{n}: {{kind: raw, type: composite, query: "%{{x{n}}} && %{{y{n}}}"}}\n' for n in range(500)),
    "unknown parameters": "use: [{set: web, " + ", ".join(f"k{number}: 1" for number in range(2000)) + "}]",
}  # fmt: skip


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_about_a_hundred_problems_of_a_file_are_told(text: str) -> None:
    files = {SET: b"monitors: {z: {}}\n", SERVICE: f"service: api\nenvironments: [production]\n{text}".encode()}
    assert 50 <= sum(map(is_error, _rendered(files).findings)) <= 110
