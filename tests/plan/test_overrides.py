"""What somebody made of a monitor in one environment is written as what differs there, and no other moves."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.desired import prepared
from generator.plan.keeping import kept
from generator.plan.options import PlanOptions
from generator.plan.planner import plan
from generator.render.renderer import render
from generator.source.documents import load

ORGANIZATION = b"""\
workspace: main
environments:
  production: {scope: "env:production", aws: {account: "111122223333", region: ap-northeast-1}}
  staging: {scope: "env:staging", aws: {account: "444455556666", region: ap-northeast-1}}
  test: {scope: "env:test"}
notify: "@slack-ops"
"""
SET = b"""\
parameters: {limit: {type: number}}
monitors:
  errors:
    kind: metric
    query: sum(last_5m):sum:errors{<< environment.scope >>}.as_count() > << limit >>
"""
FILES = {"monitors/organization.yaml": ORGANIZATION, "monitors/sets/web.yaml": SET}
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
    fields = {
        name: value for name, value in edit.items() if name not in ("options", "more_tags", "less_tags", "replace")
    }
    texts = {name: payload[name].replace(was, now) for name, (was, now) in edit.get("replace", {}).items()}
    tags = [tag for tag in (*payload["tags"], *edit.get("more_tags", ())) if tag not in edit.get("less_tags", ())]
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


FLOW = """\
service: api
monitors:
  a: {kind: metric, query: "avg(last_5m):avg:a{<< environment.scope >>} > 80",
      environments: ENVIRONMENTS}  # the end
"""
IN_FLOW = "avg(last_5m):avg:a{env:production} > 80"
PAGED = {"priority": 1}

FORMS: dict[str, tuple[str, str]] = {
    "none are said": (FLOW.replace(",\n      environments: ENVIRONMENTS", ""), "{production: {priority: 1}}"),
    "an empty mapping": (FLOW.replace("ENVIRONMENTS", "{}"), "{production: {priority: 1}}"),
    "some": (FLOW.replace("ENVIRONMENTS", "[staging, production]"),
             "{production: {priority: 1}, staging: true, test: false}"),
    "that it exists": (FLOW.replace("ENVIRONMENTS", "{production: true, test: false}"),
                       "{production: {priority: 1}, test: false}"),
    "another one differs": (FLOW.replace("ENVIRONMENTS", "{staging: {priority: 4}}"),
                            "{staging: {priority: 4}, production: {priority: 1}}"),
    "it differs already": (FLOW.replace("ENVIRONMENTS", "{production: {timeout_h: 1}}"),
                           "{production: {timeout_h: 1, priority: 1}}"),
    "it differs in just that": (FLOW.replace("ENVIRONMENTS", "{production: {priority: 3}}"),
                                "{production: {priority: 1}}"),
    "a list in lines": (metric("    environments:\n      - staging\n      - production", "timezone: UTC"),
                        "{production: {priority: 1}, staging: true, test: false}"),
    "a mapping in lines": (metric("    environments:\n      staging: {priority: 4}  # kept\n\n", "timezone: UTC"),
                           "{staging: {priority: 4}, production: {priority: 1}}"),
    "an override in lines": (metric("    environments:\n      production:\n        message: |\n          x\n\n"),
                             '{production: {message: "x\\n", priority: 1}}'),
    "carriage returns": (metric("    environments:\n      staging: {priority: 4}").replace("\n", "\r\n"),
                         "{staging: {priority: 4}, production: {priority: 1}}"),
}  # fmt: skip


@pytest.mark.parametrize(("yaml", "environments"), FORMS.values(), ids=FORMS)
def test_an_override_stands_beside_what_is_said_of_environments(yaml: str, environments: str) -> None:
    text = written(yaml, {"a/production": PAGED})
    assert own(text)["environments"] == read(environments)
    without = {**own(text), "environments": own(yaml).get("environments")}
    assert without == {**own(yaml), "environments": own(yaml).get("environments")}
    assert [line.partition("  #")[2] for line in text.splitlines() if "  #" in line] == [
        line.partition("  #")[2] for line in yaml.splitlines() if "  #" in line
    ]
    assert ("\r" in text) == ("\r" in yaml)
    assert text.count("\r\n") == text.count("\r")


def test_a_list_of_environments_with_remarks_is_left_to_people() -> None:
    yaml = metric("    environments:\n      - staging  # since May\n      - production", "timezone: UTC")
    assert written(yaml, {"a/production": PAGED}) == yaml


def limit(environment: str, number: int) -> dict[str, Any]:
    query = f"avg(last_5m):avg:a{{env:{environment}}} by {{host}} > {number}"
    return {"query": query, "options": {"thresholds": {"critical": number}}}


def query_of(fields: Mapping[str, Any]) -> str:
    return str(fields["query"]).rpartition("> ")[2]


def test_the_same_edit_in_all_environments_is_one_change_of_the_monitor() -> None:
    yaml = metric("")
    text = written(yaml, {f"a/{name}": limit(name, 95) for name in ("production", "staging")})
    assert text == yaml.replace("> 80", "> 95")


def test_what_was_not_written_is_added_once_where_all_environments_have_it() -> None:
    yaml = metric("")
    edit = {"priority": 2, "options": {"renotify_interval": 60}}
    text = written(yaml, {"a/production": edit, "a/staging": edit})
    assert added(yaml, text) == ["    renotify: {every: 1h}", "    priority: 2"]


def test_edits_that_differ_become_an_override_each() -> None:
    yaml = metric("")
    text = written(yaml, {"a/production": limit("production", 95), "a/staging": limit("staging", 97)})
    assert query_of(own(text)) == "80"
    assert {name: query_of(each) for name, each in own(text)["environments"].items()} == {
        "production": "95",
        "staging": "97",
    }


def test_the_same_edit_in_some_of_the_environments_is_an_override_in_each_of_them() -> None:
    yaml = metric("", "timezone: UTC")
    text = written(yaml, {"a/production": PAGED, "a/staging": PAGED})
    assert own(text)["environments"] == {"production": PAGED, "staging": PAGED}


def test_several_monitors_of_a_file_keep_their_edits() -> None:
    yaml = metric("")
    text = written(yaml, {"a/production": PAGED, "b/staging": {"priority": 5}})
    assert own(text)["environments"] == {"production": PAGED}
    assert own(text, "b")["environments"] == {"staging": {"priority": 5}}


RAW = """\
service: api
environments: [production, staging]
monitors:
  a:
    kind: raw
    template: true
    type: query alert
    name: raw
    query: "avg(last_5m):avg:a{<< environment.scope >>} > 80"
    message: "look\\n\\n@slack-x"
    tags: [one]
    options: {thresholds: {critical: 80, warning: 70}, renotify_interval: 60}
"""
RAW_EDITS: dict[str, tuple[dict[str, Any], str]] = {
    "an option": ({"options": {"renotify_interval": 120}}, "{options: {renotify_interval: 120}}"),
    "an option that is gone": ({"options": {"renotify_interval": None}}, "{options: {renotify_interval: 0}}"),
    "a threshold": (
        {"query": IN_FLOW.replace("80", "90"), "options": {"thresholds": {"critical": 90, "warning": 70}}},
        '{query: "avg(last_5m):avg:a{<< environment.scope >>} > 90", options: {thresholds: {critical: 90}}}',
    ),
    "no data": ({"options": {"notify_no_data": True, "no_data_timeframe": 10}},
                "{options: {notify_no_data: true, no_data_timeframe: 10}}"),
    "a message": ({"message": "run\n@slack-y"}, '{message: "run\\n@slack-y"}'),
    "a tag": ({"more_tags": ["two"]}, "{tags: [two]}"),
    "a draft": ({"draft_status": "draft"}, "{draft_status: draft}"),
    "a name": ({"name": "null"}, '{name: "null"}'),
}  # fmt: skip


@pytest.mark.parametrize(("edit", "override"), RAW_EDITS.values(), ids=RAW_EDITS)
def test_a_raw_monitor_differs_in_the_fields_of_datadog(edit: dict[str, Any], override: str) -> None:
    text = written(RAW, {"a/production": edit})
    assert own(text)["environments"] == {"production": read(override)}


FARGATE = """\
service: api
environments: [production, staging]
monitors:
  a: {kind: fargate_cpu, task_family: api, thresholds: {warning: 75, critical: 90}}
"""


def test_a_threshold_and_a_window_that_a_kind_makes_a_query_of_are_read_off_it() -> None:
    window: Edits = {"a/staging": {"replace": {"query": ("last_15m", "last_30m")}}}
    assert own(written(FARGATE, window))["environments"] == {"staging": {"window": "30m"}}
    thresholds = {"warning": 75, "critical": 95}
    number: Edits = {"a/staging": {"replace": {"query": ("> 90", "> 95")}, "options": {"thresholds": thresholds}}}
    assert own(written(FARGATE, number))["environments"] == {"staging": {"thresholds": {"critical": 95}}}


BATCH = """\
service: api
environments: [production, staging]
monitors:
  a: {kind: batch_failure, state_machine: nightly, delivery: at_once}
"""


def test_whom_a_batch_tells_is_read_off_the_conditional_that_it_stands_in() -> None:
    text = written(BATCH, {"a/production": {"replace": {"message": ("@slack-ops", "@slack-night")}}})
    assert own(text)["environments"] == {"production": {"notify": "@slack-night"}}


USED = "service: api\nenvironments: [production, staging]\nuse: [{set: web, limit: 5}]\n"


def test_a_monitor_of_a_set_gets_a_layer_in_the_file_that_uses_it() -> None:
    text = written(USED, {"errors/production": PAGED})
    assert text == f"{USED}monitors: {{errors: {{environments: {{production: {{priority: 1}}}}}}}}\n"


EACH = """\
service: api
environments: [production, staging]
monitors:
  a:
    kind: metric
    query: "avg(last_5m):avg:a{<< environment.scope >>,x:<< each.key >>} > 80"
    for_each: {one: {}, two: {priority: 4}}
"""


def test_an_element_differs_where_all_its_environments_were_edited() -> None:
    text = written(EACH, {"a.one/production": PAGED, "a.one/staging": PAGED})
    assert own(text)["for_each"] == {"one": PAGED, "two": {"priority": 4}}


def test_an_environment_differs_where_all_its_elements_were_edited() -> None:
    text = written(EACH, {"a.one/staging": PAGED, "a.two/staging": PAGED})
    assert own(text)["environments"] == {"staging": PAGED}


LEFT: dict[str, tuple[str, Edits]] = {
    "one element in one environment": (EACH, {"a.one/production": PAGED}),
    "a tag that is gone": (metric("    tags: [one, two]"), {"a/production": {"less_tags": ["two"]}}),
    "a warning that is gone": (metric("    thresholds: {warning: 70}"),
                               {"a/production": {"options": {"thresholds": {"critical": 80}}}}),
    "no renotification": (metric("    renotify: {every: 1h}"),
                          {"a/production": {"options": {"renotify_interval": None}}}),
    "what the kind does not have": (metric(""), {"a/production": {"draft_status": "draft"}}),
    "a query that it does not make": (FARGATE, {"a/production": {"query": "avg(last_5m):avg:x{env:production} > 90"}}),
    "a query that our parser refuses": (metric(""), {"a/production": {"query": "avg(last_5m):nonsense((("}}),
    "what looks like our template": (metric(""), {"a/production": {"name": "<< environment.name >>"}}),
    "what nobody sees": (metric(""), {"a/production": {"name": "a\u202e\x1b[31m"}}),
    "two thresholds of which one is gone": (
        metric("    thresholds: {warning: 70}"), {"a/production": {**limit("production", 95), "priority": 1}},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("yaml", "edits"), LEFT.values(), ids=LEFT)
def test_what_an_environment_cannot_say_is_left_to_people(yaml: str, edits: Edits) -> None:
    assert written(yaml, edits) == yaml


ODD = [None, [], {}, "x", 3, -1, 2.5, True, {"a": [None]}, "9" * 400, 10**30, float("nan"), ["\ud800"]]


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_odd_values_of_datadog_end_in_nothing_written_or_in_exactly_these(value: Any) -> None:
    for yaml in (metric("    timeout_h: 2"), RAW, FARGATE):
        for option in ("thresholds", "renotify_interval", "scheduling_options", "threshold_windows", "notify_by"):
            written(yaml, {"a/production": {"priority": 1, "options": {option: value}}})


HANDLES = st.lists(st.sampled_from(["@slack-a", "@slack-b", "@pagerduty", "@slack-ops"]), min_size=1, max_size=3)
TEXTS = st.text("ab @#:{}\"'\\\n<>-%", min_size=1, max_size=12)
MESSAGES = st.builds(lambda text, handles: f"{text}\n\n{' '.join(handles)}", TEXTS, HANDLES)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "thresholds": st.fixed_dictionaries(
            {"critical": st.just(80)}, optional={"warning": st.floats(0, 79), "critical_recovery": st.integers(0, 79)}
        ),
        "renotify_interval": st.integers(1, 200),
        "evaluation_delay": st.integers(0, 86_400),
        "timeout_h": st.integers(0, 24),
        "on_missing_data": st.sampled_from(["default", "resolve", "show_no_data"]),
        "include_tags": st.booleans(),
        "notify_by": st.lists(st.sampled_from(["host", "*"]), max_size=2, unique=True),
        "escalation_message": TEXTS,
    },
)
BROWSER = st.fixed_dictionaries(
    {"name": TEXTS.filter(lambda text: text.strip() not in ("", "<<"))},
    optional={"message": MESSAGES, "priority": st.integers(1, 5), "options": OPTIONS,
              "more_tags": st.lists(st.sampled_from(["x:1", "y", "on"]), max_size=2, unique=True)},
)  # fmt: skip
WRITTEN = ("", "    message: In << environment.name >> it is slow", "    environments: {staging: {priority: 4}}",
           "    urgent: '@pagerduty'\n    renotify: {every: 1h}")  # fmt: skip


@given(fields=st.sampled_from(WRITTEN), production=BROWSER, staging=st.none() | BROWSER)
@settings(derandomize=True, deadline=None, max_examples=80)
def test_what_is_kept_renders_to_what_is_live_and_leaves_all_else_as_it_was(
    fields: str, production: dict[str, Any], staging: dict[str, Any] | None
) -> None:
    """`written` compares; a name is always edited, so that each of them has drift."""
    service = "timezone: UTC" if "environments" in fields else ""
    edits = {"a/production": production, **({"a/staging": staging} if staging is not None else {})}
    written(metric(fields, service), edits)
