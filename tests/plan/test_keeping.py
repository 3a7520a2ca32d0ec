"""The YAML that keeps an edit renders to what is live and changes nothing else; else there is none."""

from __future__ import annotations

from typing import Any

import pytest

from generator.plan.desired import prepared
from generator.plan.keeping import kept
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
RAW = """\
service: api
environments: [production]
monitors:
  a: {kind: raw, type: metric alert, name: a, query: "avg(last_5m):avg:a{x:y} > 80", message: "@slack-ops",
      options: {renotify_interval: 60}}
"""
ALIAS = ONE.replace("warning: 70", "warning: &w 70").replace('> 80"}', '> 80", thresholds: {warning: *w}}')


def drifted(yaml: str, **fields: Any) -> bytes | None:
    """The file that keeps what somebody has made of the monitor."""
    files = {"monitors/organization.yaml": ORGANIZATION, PATH: yaml.encode()}
    rendering = render(files)
    assert not rendering.findings, rendering.findings
    options = PlanOptions(workspace="main")
    ready = prepared(rendering.resources, options).by_type["monitor"]
    applied = {("monitor", each.tracking_id): each.payload for each in ready}
    live = [{**each.payload, "id": number} for number, each in enumerate(ready, 1)]
    edited = [{**each, **fields} if ready[at].tracking_id == ID else each for at, each in enumerate(live)]
    made = plan(rendering.resources, {"monitor": edited}, PlanOptions(workspace="main", applied=applied))
    assert [each.tracking_id for each in made.drift] == [ID]
    found = list(kept(files, made.drift, rendering.resources))
    if not found:
        return None
    (only,) = found
    assert (only.path, only.before) == (PATH, yaml.encode())
    assert set(only.keys) == {("monitor", ID)}
    again = plan(render({**files, PATH: only.content}).resources, {"monitor": edited}, options)
    assert again.changes == ()
    return only.content


WARNED = {"options": {"thresholds": {"critical": 80, "warning": 75}, "include_tags": True}}

KEPT: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "a threshold": (RAW, {"query": "avg(last_5m):avg:a{x:y} > 95"}, "> 80", "> 95"),
    "a window": (RAW, {"query": "avg(last_15m):avg:a{x:y} > 80"}, "last_5m", "last_15m"),
    "a number": (RAW, {"options": {"renotify_interval": 120}}, "renotify_interval: 60", "renotify_interval: 120"),
    "a warning, and nothing of the comments": (ONE, WARNED, "warning: 70", "warning: 75"),
    "a name": (RAW, {"name": "a in bulk"}, "name: a,", "name: a in bulk,"),
    "what was not written": (RAW, {"priority": 1}, "60}}", "60}, priority: 1}"),
    "an option that was not written": (
        RAW, {"options": {"renotify_interval": 60, "timeout_h": 4}}, "interval: 60}", "interval: 60, timeout_h: 4}",
    ),
    "an option that is gone": (RAW, {"options": {}}, "renotify_interval: 60", "renotify_interval: 0"),
    "a text with a quote in it": (RAW, {"query": 'a > 80", adopt: {production: 1}, name: "x'},
                                  '"avg(last_5m):avg:a{x:y} > 80"', '"a > 80\\", adopt: {production: 1}, name: \\"x"'),
    "a text with a line in it": (RAW, {"name": "a\n  evil: {kind: raw}"}, "name: a,",
                                 'name: "a\\n  evil: {kind: raw}",'),
    "a text like a comment": (RAW, {"name": "a # b"}, "name: a,", 'name: "a # b",'),
    "all of a text": (MESSAGE, {"message": "in an incident\n\n@slack-ops"},
                      MESSAGE[MESSAGE.index("|\n") :], '"in an incident"\n'),
}  # fmt: skip


@pytest.mark.parametrize(("yaml", "fields", "before", "after"), KEPT.values(), ids=KEPT)
def test_an_edit_is_written_where_its_value_stands(yaml: str, fields: dict[str, Any], before: str, after: str) -> None:
    content = drifted(yaml, **fields)
    assert content is not None
    assert content.decode() == yaml.replace(before, after)


def live_message(yaml: str) -> str:
    files = {"monitors/organization.yaml": ORGANIZATION, PATH: yaml.encode()}
    (found,) = (each for each in render(files).resources if each.tracking_id == ID)
    return str(found.payload["message"])


def test_a_line_of_a_message_is_written_into_its_block() -> None:
    message = live_message(MESSAGE).replace("the deployment.", "the deployment,\nand at the database.")
    content = drifted(MESSAGE, message=message)
    assert content is not None
    wanted = MESSAGE.replace("the deployment.", "the deployment,\n      and at the database.")
    assert content.decode() == wanted


NOT_KEPT: dict[str, tuple[str, dict[str, Any]]] = {
    "a template": (MESSAGE, {"message": live_message(MESSAGE).replace("deployment", "<< environment.name >>")}),
    "control characters": (RAW, {"name": "a\x1b[31m\u202e"}),
    "half a surrogate pair": (RAW, {"name": "a\ud800"}),
    "what its kind cannot say": (ONE, {"options": {"thresholds": {"critical": 80, "warning": 70}, "device_ids": [1]}}),
    "a warning that is gone": (ONE, {"options": {"thresholds": {"critical": 80}}}),
    "a number that JSON does not have": (RAW, {"options": {"renotify_interval": float("inf")}}),
    "a number of more than 64 bits": (RAW, {"options": {"renotify_interval": 2**70}}),
}


@pytest.mark.parametrize(("yaml", "fields"), NOT_KEPT.values(), ids=NOT_KEPT)
def test_what_cannot_be_written_safely_is_not(yaml: str, fields: dict[str, Any]) -> None:
    assert drifted(yaml, **fields) is None


def test_an_alias_that_repeats_the_value_is_left_alone() -> None:
    content = drifted(ALIAS, **WARNED)
    assert content is not None
    wanted = "{warning: &w 70}, environments: {production: {thresholds: {warning: 75}}}}   # a comment stays"
    assert content.decode() == ALIAS.replace("{warning: &w 70}}   # a comment stays", wanted)


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
    (found,) = kept(files, made.drift, (resource,))
    assert found.content == files[PATH].replace(b"name: a,", b"name: b,")
