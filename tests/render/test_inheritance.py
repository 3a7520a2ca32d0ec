"""Laws of inheritance: an inherited field equals writing it on the monitor itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.finding import is_error
from generator.render.model import Resource
from generator.render.renderer import render

HANDLES = st.lists(st.sampled_from(["@a", "@slack-b", "@pagerduty-c"]), min_size=1, max_size=2).map(" ".join)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "notify": HANDLES,
        "urgent": HANDLES,
        "tags": st.lists(st.sampled_from(["a:b", "c", "d:e"]), max_size=3),
        "runbook": st.sampled_from(["https://wiki.example.com/x", "<< service >>"]),
        "priority": st.integers(1, 5),
    },
)
MONITOR = {"kind": "metric", "query": "avg(last_5m):avg:m{<< environment.scope >>} > 1", "message": "Down."}
LAYERS = ("organization", "team", "service", "set", "for_each", "environment", "monitor's environment")


def _rendered(layer: str, fields: dict[str, Any]) -> tuple[Resource, ...]:
    at = {name: fields if name == layer else {} for name in (*LAYERS, "monitor")}
    organization = {
        "workspace": "main",
        **at["organization"],
        "teams": {"data": at["team"]},
        "environments": {"production": {"scope": "env:production", **at["environment"]}},
    }
    own = {
        **at["monitor"],
        "for_each": {"one": at["for_each"]},
        "environments": {"production": at["monitor's environment"]},
    }
    service = {"service": "api", "team": "data", **at["service"], "use": [{"set": "web"}], "monitors": {"a": own}}
    files = {"organization": organization, "api": service, "sets/web": {"monitors": {"a": {**MONITOR, **at["set"]}}}}
    rendering = render({f"monitors/{name}.yaml": json.dumps(value).encode() for name, value in files.items()})
    assert [finding.message for finding in rendering.findings if is_error(finding)] == []
    return rendering.resources


def _payloads(layer: str, fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [resource.payload for resource in _rendered(layer, fields)]


@pytest.mark.parametrize("layer", LAYERS)
@settings(derandomize=True, max_examples=30, deadline=None)
@given(fields=FIELDS)
def test_an_inherited_field_equals_writing_it_on_the_monitor_itself(layer: str, fields: dict[str, Any]) -> None:
    assert _payloads(layer, fields) == _payloads("monitor", fields)


def test_handles_that_add_reach_through_all_layers() -> None:
    adding = {"notify": "+@x"}
    organization = {
        "workspace": "main",
        "notify": "@a",
        "teams": {"data": {"notify": "+@b"}},
        "environments": {"production": {"scope": "env:production", "notify": "+@f"}},
    }
    own = {
        "notify": "+@d",
        "for_each": {"one": {"notify": "+@e"}},
        "environments": {"production": {"notify": "+@g"}},
    }
    service = {"service": "api", "team": "data", "notify": "+@c", "use": [{"set": "web"}], "monitors": {"a": own}}
    files = {"organization": organization, "api": service, "sets/web": {"monitors": {"a": {**MONITOR, **adding}}}}
    (resource,) = render({f"monitors/{name}.yaml": json.dumps(each).encode() for name, each in files.items()}).resources
    assert resource.payload["message"] == "Down.\n\n@a @b @c @x @d @e @f @g"
