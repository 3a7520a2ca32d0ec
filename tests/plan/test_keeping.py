"""The YAML that keeps an edit renders to what is live and changes nothing else; else there is none."""

from __future__ import annotations

from typing import Any

import pytest

from generator.plan.desired import prepared
from generator.plan.keeping import kept_in
from generator.plan.options import PlanOptions
from generator.plan.planner import plan
from generator.render.renderer import render
from generator.resources.types import resource_types

ORGANIZATION = b"""\
workspace: main
environments:
  production: {scope: "env:production"}
  staging: {scope: "env:staging"}
notify: "@slack-ops"
"""
PATH = "monitors/api.yaml"
ID = "main/api/a/production"
ONE = """\
# kept
service: api
environments: [production]
monitors:
  a:   {kind: metric, query: "avg(last_5m):avg:a{x:y} > 80", thresholds: {warning: 70}}   # a comment stays
  other: {kind: metric, query: "avg(last_5m):avg:other{x:y} > 80"}
"""
MESSAGE = """\
service: api
environments: [production]
monitors:
  a:
    kind: metric
    query: avg(last_5m):avg:a{<< environment.scope >>} > 80
    message: |
      Look at the deployment.
      Then at the queue of << environment.name >>.
"""
TWO = MESSAGE.replace("[production]", "[production, staging]")
RAW = """\
service: api
environments: [production]
monitors:
  a: {kind: raw, type: metric alert, name: a, query: "avg(last_5m):avg:a{x:y} > 80", message: "@slack-ops",
      options: {renotify_interval: 60}}
"""
ALIAS = ONE.replace("warning: 70", "warning: &w 70").replace('> 80"}', '> 80", thresholds: {warning: *w}}')


def drifted(yaml: str, **fields: Any) -> tuple[dict[str, bytes], bytes | None]:
    """The files, and the one that keeps what somebody has made of the monitor."""
    files = {"monitors/organization.yaml": ORGANIZATION, PATH: yaml.encode()}
    rendering = render(files)
    assert not rendering.findings, rendering.findings
    options = PlanOptions(workspace="main")
    ready = prepared(rendering.resources, options).by_type["monitor"]
    applied = {("monitor", each.tracking_id): each.payload for each in ready}
    live = [{**each.payload, "id": number} for number, each in enumerate(ready, 1)]
    edited = [{**each, **fields} if ready[at].tracking_id == ID else each for at, each in enumerate(live)]
    made = plan(rendering.resources, {"monitor": edited}, PlanOptions(workspace="main", applied=applied))
    (drift,) = made.drift
    (resource,) = (each for each in rendering.resources if each.tracking_id == ID)
    content = kept_in(files, drift, resource)
    if content is not None:
        again = plan(render({**files, PATH: content}).resources, {"monitor": edited}, options)
        assert again.changes == ()
    return files, content


WARNED = {"options": {"thresholds": {"critical": 80, "warning": 75}, "include_tags": True}}

KEPT: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a threshold": (RAW, {"query": "avg(last_5m):avg:a{x:y} > 95"}, "> 80", "> 95"),
    "a window": (RAW, {"query": "avg(last_15m):avg:a{x:y} > 80"}, "last_5m", "last_15m"),
    "a number": (RAW, {"options": {"renotify_interval": 120}}, "renotify_interval: 60", "renotify_interval: 120"),
    "a warning, and nothing of the comments": (ONE, WARNED, "warning: 70", "warning: 75"),
    "a name": (RAW, {"name": "a in bulk"}, "name: a,", "name: a in bulk,"),
}


@pytest.mark.parametrize(("yaml", "fields", "before", "after"), KEPT.values(), ids=KEPT)
def test_an_edit_is_written_where_its_value_stands(yaml: str, fields: dict[str, Any], before: str, after: str) -> None:
    _, content = drifted(yaml, **fields)
    assert content is not None
    assert content.decode() == yaml.replace(before, after)


def live_message(yaml: str) -> str:
    files = {"monitors/organization.yaml": ORGANIZATION, PATH: yaml.encode()}
    (found,) = (each for each in render(files).resources if each.tracking_id == ID)
    return str(found.payload["message"])


def test_a_line_of_a_message_is_written_into_its_block() -> None:
    message = live_message(MESSAGE).replace("the deployment.", "the deployment,\nand at the database.")
    _, content = drifted(MESSAGE, message=message)
    assert content is not None
    wanted = MESSAGE.replace("the deployment.", "the deployment,\n      and at the database.")
    assert content.decode() == wanted


NOT_KEPT: dict[str, tuple[str, dict[str, Any]]] = {
    "another environment says the same": (TWO, {"message": live_message(TWO).replace("deployment", "database")}),
    "what a template made": (MESSAGE, {"message": live_message(MESSAGE).replace("production", "everything")}),
    "all of a text": (MESSAGE, {"message": "in an incident"}),
    "what is not written": (RAW, {"priority": 1}),
    "what breaks out of its quotes": (
        RAW,
        {"query": 'avg(last_5m):avg:a{x:y} > 80", adopt: {production: 1}, name: "x'},
    ),
    "what breaks out of its line": (RAW, {"name": "a\n  evil: {kind: raw}"}),
    "a comment": (RAW, {"name": "a # b"}),
    "a template": (MESSAGE, {"message": live_message(MESSAGE).replace("deployment", "<< environment.name >>")}),
    "control characters": (RAW, {"name": "a\x1b[31m\u202e"}),
    "half a surrogate pair": (RAW, {"name": "a\ud800"}),
}


@pytest.mark.parametrize(("yaml", "fields"), NOT_KEPT.values(), ids=NOT_KEPT)
def test_what_cannot_be_written_safely_is_not(yaml: str, fields: dict[str, Any]) -> None:
    _, content = drifted(yaml, **fields)
    assert content is None


def test_an_alias_that_repeats_the_value_is_left_alone() -> None:
    _, content = drifted(ALIAS, **WARNED)
    assert content is None


def test_a_mark_of_the_byte_order_stays() -> None:
    files = {"monitors/organization.yaml": ORGANIZATION, PATH: b"\xef\xbb\xbf" + RAW.encode()}
    rendering = render(files)
    (resource,) = rendering.resources
    kind = resource_types()["monitor"]
    last = kind.tracked(resource.payload, ID)
    live = {**last, "id": 1, "name": "b"}
    made = plan(
        rendering.resources,
        {"monitor": [live]},
        PlanOptions(workspace="main", applied={("monitor", ID): last}),
    )
    content = kept_in(files, made.drift[0], resource)
    assert content == files[PATH].replace(b"name: a,", b"name: b,")
