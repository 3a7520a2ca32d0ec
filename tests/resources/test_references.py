"""`%{TRACKING_ID}` in a payload stands for the Datadog id of another resource."""

from __future__ import annotations

from typing import Any

import pytest

from generator.resources.references import references, resolved
from generator.resources.tracking import environment_of, is_tracking_id, service_of, workspace_of

A, B = "main/api/a/production", "main/api/b/production"
IDS = {A: "11", B: "22"}

RESOLVED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("inside a composite query", {"query": f"%{{{A}}} && !%{{{B}}}"}, {"query": "11 && !22"}),
    ("as a whole text", {"alert_id": f"%{{{A}}}"}, {"alert_id": "11"}),
    ("as a number of `monitor_ids`", {"monitor_ids": [f"%{{{A}}}", 7, "x"]}, {"monitor_ids": [11, 7, "x"]}),
    ("deep inside", {"a": [{"b": [f"%{{{B}}}"]}]}, {"a": [{"b": ["22"]}]}),
    ("unknown", {"query": "%{main/api/c/production}"}, {"query": "%{main/api/c/production}"}),
    ("no reference", {"query": "100%{{x}} %{a/b} %{} {A}"}, {"query": "100%{{x}} %{a/b} %{} {A}"}),
]


@pytest.mark.parametrize(("payload", "expected"), [row[1:] for row in RESOLVED], ids=[row[0] for row in RESOLVED])
def test_a_token_becomes_the_id(payload: dict[str, Any], expected: dict[str, Any]) -> None:
    before = repr(payload)
    assert resolved(payload, IDS) == expected
    assert repr(payload) == before


def test_references_are_told_once_each_and_in_order() -> None:
    assert references({"x": [f"%{{{B}}} %{{{A}}}", {"y": f"%{{{B}}}"}], "z": 1}) == (A, B)


def test_a_resolved_payload_has_no_references_left() -> None:
    assert references(resolved({"query": f"%{{{A}}} || %{{{B}}}"}, IDS)) == ()


def test_an_id_that_is_no_number_stays_text_in_a_list_of_numbers() -> None:
    assert resolved({"monitor_ids": [f"%{{{A}}}"]}, {A: "abc-def"}) == {"monitor_ids": ["abc-def"]}


@pytest.mark.parametrize("text", ["%{" * 100000, "%{" + "a" * 100000, f"%{{{A}" * 20000])
def test_a_hostile_text_ends(text: str) -> None:
    assert references({"query": text}) == ()
    assert resolved({"query": text}, IDS) == {"query": text}


@pytest.mark.parametrize("text", ["a/b/c/d", "a-1/b.2/c_3/0d", "main/api/x.y/production"])
def test_a_tracking_id_has_four_parts(text: str) -> None:
    assert is_tracking_id(text)
    assert "/".join((workspace_of(text), service_of(text), text.split("/")[2], environment_of(text))) == text


@pytest.mark.parametrize(
    "text", ["", "a/b/c", "a/b/c/d/e", "A/b/c/d", "a//c/d", "-a/b/c/d", "a/b/c/d\n", "a/b/c/" + "d" * 186]
)
def test_anything_else_is_no_tracking_id(text: str) -> None:
    assert not is_tracking_id(text)
