"""What somebody made of a monitor in one environment is written as what differs there, and no other moves."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from generator.plan.desired import prepared
from generator.plan.keeping import kept
from generator.plan.options import PlanOptions
from generator.plan.planner import plan
from generator.render.renderer import render
from generator.source.documents import load

ORGANIZATION = b"""\
workspace: main
environments:
  production: {scope: "env:production"}
  staging: {scope: "env:staging"}
  test: {scope: "env:test"}
notify: "@slack-ops"
"""
SET = b"""\
set: web
parameters: {limit: {type: number}}
monitors:
  errors:
    kind: metric
    query: sum(last_5m):sum:errors{<< environment.scope >>}.as_count() > << limit >>
"""
FILES = {"monitors/organization.yaml": ORGANIZATION, "monitors/sets/web.yaml": SET.replace(b"set: web\n", b"")}
PATH = "monitors/api.yaml"
Edits = Mapping[str, Mapping[str, Any]]
"""By name and environment what somebody makes of the monitor: options one by one, the rest whole."""


def metric(fields: str, service: str = "") -> str:
    return (
        f"service: api\n{service or 'environments: [production, staging]'}\nmonitors:\n  # about a\n  a:\n"
        '    kind: metric\n    query: "avg(last_5m):avg:a{<< environment.scope >>} by {host} > 80"  # the limit\n'
        f"{fields}\n  b: {{kind: metric, query: 'avg(last_5m):avg:b{{<< environment.scope >>}} > 1'}}\n"
    )


def browser(payload: dict[str, Any], edit: Mapping[str, Any]) -> dict[str, Any]:
    options = {**copy.deepcopy(payload["options"]), **edit.get("options", {})}
    fields = {name: value for name, value in edit.items() if name not in ("options", "more_tags", "replace")}
    texts = {name: payload[name].replace(was, now) for name, (was, now) in edit.get("replace", {}).items()}
    tags = [*payload["tags"], *edit.get("more_tags", ())]
    return {**payload, **fields, **texts, "tags": tags, "options": options}


def written(yaml: str, edits: Edits) -> str:
    """The file after all that can be kept is, and was seen to render to what is live, and all else to what it was."""
    files = {**FILES, PATH: yaml.encode()}
    rendering = render(files)
    assert not rendering.findings, rendering.findings
    ready = prepared(rendering.resources, PlanOptions(workspace="main")).by_type["monitor"]
    applied = {("monitor", each.tracking_id): each.payload for each in ready}
    names = {f"main/api/{name}": edit for name, edit in edits.items()}
    assert names.keys() <= {each.tracking_id for each in ready}
    live = [
        {**browser(each.payload, names.get(each.tracking_id, {})), "id": number} for number, each in enumerate(ready, 1)
    ]
    made = plan(rendering.resources, {"monitor": live}, PlanOptions(workspace="main", applied=applied))
    assert {each.tracking_id for each in made.drift} == names.keys()
    done: set[tuple[str, str]] = set()
    for each in kept(files, made.drift, rendering.resources):
        assert not each.keys & done
        done |= each.keys
        assert (each.path, each.before) == (PATH, files[PATH])
        files[PATH] = each.content
    after = plan(render(files).resources, {"monitor": live}, PlanOptions(workspace="main"))
    assert {("monitor", each.tracking_id) for each in after.changes} == {
        ("monitor", name) for name in names if ("monitor", name) not in done
    }
    return files[PATH].decode()


def added(yaml: str, text: str) -> list[str]:
    """The lines that came, in order, where no other line has changed."""
    before, after = yaml.splitlines(), text.splitlines()
    came = [line for line in after if line not in before]
    assert [line for line in after if line not in came] == before
    return came


LIMIT = {"query": "avg(last_5m):avg:a{env:production} by {host} > 95", "options": {"thresholds": {"critical": 95}}}
SCOPED = "avg(last_5m):avg:a{<< environment.scope >>} by {host} > 95"

ONE_ENVIRONMENT: dict[str, tuple[str, dict[str, Any], str]] = {
    "a threshold": ("", LIMIT, f'query: "{SCOPED}"'),
    "a part of the query": (
        "", {"query": "max(last_15m):max:a{env:production,!host:x} by {host} > 80"},
        'query: "max(last_15m):max:a{<< environment.scope >>,!host:x} by {host} > 80"',
    ),
    "another scope": ("", {"query": "avg(last_5m):avg:a{env:blue} by {host} > 80"},
                      'query: "avg(last_5m):avg:a{env:blue} by {host} > 80"'),
    "a warning": ("", {"options": {"thresholds": {"critical": 80, "warning": 70.5}}}, "thresholds: {warning: 70.5}"),
    "one of two thresholds": (
        "    thresholds: {warning: 70, critical_recovery: 75}",
        {"options": {"thresholds": {"critical": 80, "warning": 72, "critical_recovery": 75}}},
        "thresholds: {warning: 72}",
    ),
    "a critical threshold that is written too": (
        "    thresholds: {critical: 80}", LIMIT, f'query: "{SCOPED}", thresholds: {{critical: 95}}'
    ),
    "a priority": ("", {"priority": 2}, "priority: 2"),
    "a tag": ("    tags: [tier:1]", {"more_tags": ["owner:x"]}, 'tags: ["owner:x"]'),
    "a name": ("    name: CPU in << environment.name >>", {"name": "CPU of production"},
               'name: "CPU of << environment.name >>"'),
    "a default name": ("", {"name": "CPU"}, "name: CPU"),
    "a message": ("", {"message": "call me\n\n@slack-ops"}, 'message: "call me"'),
    "what is written of a message": (
        "    message: In << environment.name >> it is slow", {"replace": {"message": ("slow", "very slow")}},
        'message: "In << environment.name >> it is very slow"',
    ),
    "who is told": ("", {"message": "@slack-incident @slack-ops"}, 'notify: "@slack-incident @slack-ops"'),
    "who is told beside who is paged": (
        "    urgent: '@pagerduty'", {"replace": {"message": ("@slack-ops", "@slack-x")}},
        'notify: "@slack-x", urgent: "@pagerduty"',
    ),
    "who is paged": (
        "    urgent: '@pagerduty'", {"replace": {"message": ("@pagerduty", "@opsgenie")}},
        'notify: "@slack-ops", urgent: "@opsgenie"',
    ),
    "nobody is paged": ("    urgent: '@pagerduty'", {"message": "@slack-ops"}, 'notify: "@slack-ops"'),
    "a message and who is told": (
        "    message: It is slow", {"message": "It is down\n\n@slack-x"}, 'message: "It is down", notify: "@slack-x"'
    ),
    "renotification": (
        "", {"options": {"renotify_interval": 120, "renotify_occurrences": 3, "renotify_statuses": ["no data"]}},
        'renotify: {every: 2h, times: 3, for: ["no data"]}',
    ),
    "how often it renotifies": (
        "    renotify: {every: 1h, times: 2}", {"options": {"renotify_interval": 30}}, "renotify: {every: 30m}"
    ),
    "missing data": ("", {"options": {"on_missing_data": "show_no_data"}}, "on_missing_data: show_no_data"),
    "a delay": ("", {"options": {"evaluation_delay": 900}}, "evaluation_delay: 15m"),
    "no delay": ("    evaluation_delay: 20m", {"options": {"evaluation_delay": 0}}, "evaluation_delay: 0s"),
    "a delay of new groups": ("", {"options": {"new_group_delay": 90}}, "new_group_delay: 90s"),
    "a full window": ("", {"options": {"require_full_window": True}}, "require_full_window: true"),
    "a timeout": ("", {"options": {"timeout_h": 2}}, "timeout_h: 2"),
    "no timeout": ("    timeout_h: 2", {"options": {"timeout_h": None}}, "timeout_h: 0"),
    "by what it notifies": ("", {"options": {"notify_by": ["*"]}}, 'notify_by: ["*"]'),
    "tags in titles": ("", {"options": {"include_tags": False}}, "include_tags: false"),
    "an audit": ("", {"options": {"notify_audit": True}}, "notify_audit: true"),
    "an escalation": ("", {"options": {"escalation_message": "again: @x"}}, 'escalation_message: "again: @x"'),
    "what a notification shows": (
        "", {"options": {"notification_preset_name": "hide_all"}}, "notification_preset_name: hide_all"
    ),
    "several at once": ("", {**LIMIT, "priority": 1}, f'query: "{SCOPED}", priority: 1'),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "edit", "override"), ONE_ENVIRONMENT.values(), ids=ONE_ENVIRONMENT)
def test_an_edit_in_one_environment_is_what_differs_there(fields: str, edit: dict[str, Any], override: str) -> None:
    yaml = metric(fields)
    text = written(yaml, {"a/production": edit})
    assert added(yaml, text)
    assert own(text)["environments"] == {"production": read(f"{{{override}}}")}


def own(text: str, name: str = "a") -> Any:
    return read(text)["monitors"][name]


def read(text: str) -> Any:
    found = load("x.yaml", text.encode())
    assert not found.findings
    return found.root
