"""Two environments of one revision compared: what one has that the other has not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.comparison import Comparison
from generator.plan.environments import compare_environments
from generator.plan.likeness import Likeness
from generator.render.environment_values import EnvironmentValues, environment_values
from generator.render.project import load_project
from generator.render.renderer import render

ORGANIZATION = """\
workspace: main
timezone: Asia/Tokyo
notify: "@slack-ops"
environments:
  staging: {scope: "env:staging", notify: "@slack-test", aws: {account: "444455556666", region: us-east-1}}
  production: {scope: "env:production,region:jp", aws: {account: "111122223333", region: ap-northeast-1}}
"""
RUNS = 'runs: {from: "04:00", to: "05:30"}'
QUERY = 'query: "avg(last_5m):avg:load{<< environment.scope >>} > 5"'


def compared(*monitors: str, more: str = "") -> Comparison:
    lines = "".join(f"  {each}\n" for each in monitors)
    text = f"service: api\nnotify: '@slack-a'\nmonitors:\n{lines}{more}"
    files = {"monitors/organization.yaml": ORGANIZATION.encode(), "monitors/api.yaml": text.encode()}
    rendering, (project, _) = render(files), load_project(files)
    assert rendering.findings == ()
    assert project is not None
    values = environment_values(project)
    return compare_environments(rendering.resources, values["staging"], values["production"])


def told(comparison: Comparison) -> dict[str, list[tuple[object, ...]]]:
    """Fields by the name of the resource, without whom each monitor tells."""
    return {
        each.tracking_id.split("/")[2]: [
            (*field.path, field.before, field.after) for field in each.fields if field.path != ("handles",)
        ]
        for each in comparison.differences
    }


@pytest.mark.parametrize(
    "monitor",
    [
        f"a: {{kind: metric, notify: '@slack-x', {QUERY}}}",
        f"a: {{kind: metric, notify: '@slack-<< environment.name >>', {QUERY}}}",
        f"a: {{kind: metric, notify: '@x', {QUERY}, message: 'Look at << environment.name >>.'}}",
        f"a: {{kind: batch_failure, notify: '@x', state_machine: a, {RUNS}, delivery: at_once}}",
    ],
)
def test_what_only_the_organisation_tells_apart_is_alike(monitor: str) -> None:
    comparison = compared(monitor)
    assert {name: fields for name, fields in told(comparison).items() if fields} == {}


def test_whom_a_monitor_tells_is_a_field_of_its_own() -> None:
    (difference,) = compared(f"a: {{kind: metric, message: 'It is slow.', {QUERY}}}").differences
    (field,) = difference.fields
    assert (field.path, field.before, field.after) == (("handles",), ["@slack-test"], ["@slack-a"])


def test_each_field_that_differs_is_named_from_the_first_to_the_second() -> None:
    staging = "{staging: {priority: 5, evaluation_delay: 5m}, production: {}}"
    monitor = f"a: {{kind: metric, {QUERY}, priority: 2, environments: {staging}}}"
    assert told(compared(monitor)) == {"a": [("options", "evaluation_delay", 300, None), ("priority", 5, 2)]}


def test_what_one_alone_has_is_told_of_that_one() -> None:
    comparison = compared(
        f"a: {{kind: metric, {QUERY}, environments: [staging]}}",
        f"b: {{kind: metric, {QUERY}, environments: [production]}}",
    )
    assert [(each.fate.value, each.tracking_id) for each in comparison.differences] == [
        ("removed", "main/api/a/staging"),
        ("created", "main/api/b/production"),
    ]


def test_references_to_the_same_monitors_of_each_are_alike() -> None:
    both = 'both: {kind: raw, type: composite, name: x, query: "%{a} && %{b}", message: "@slack-x"}'
    monitors = [f"{name}: {{kind: metric, notify: '@slack-x', {QUERY}}}" for name in "ab"]
    assert not any(told(compared(*monitors, both)).values())


def test_what_is_alike_is_counted() -> None:
    raw = f'x: {{kind: raw, type: query alert, name: x, {QUERY}, template: true, message: "@slack-x"}}'
    comparison = compared(raw)
    assert (comparison.differences, comparison.unchanged) == ((), 1)


STAGING = EnvironmentValues("staging", "env:staging", "444455556666", "us-east-1")
PRODUCTION = EnvironmentValues("production", "env:production,region:jp", "111122223333", "ap-northeast-1")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("[staging] api", "[production] api", True),
        ("env:staging", "env:production", True),
        ("a{env:staging,x:y}", "a{env:production,region:jp,x:y}", True),
        ("arn:aws:states:us-east-1:444455556666:x", "arn:aws:states:ap-northeast-1:111122223333:x", True),
        ("upstaging", "upproduction", False),
        ("staging", "development", False),
        ("staging 5", "production 6", False),
        ("production", "staging", False),
        ("", "staging", False),
    ],
)
def test_texts_are_alike_where_only_the_environment_differs(one: str, other: str, *, alike: bool) -> None:
    assert Likeness(STAGING, PRODUCTION).are_alike(one, other) is alike


_leaves = st.one_of(
    st.none(), st.integers(0, 3), st.sampled_from(["staging", "production", "env:staging", "a", "\0001\0"])
)
values = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(values)
def test_a_value_is_alike_itself_and_alignment_keeps_what_differs(value: object) -> None:
    likeness = Likeness(STAGING, PRODUCTION)
    assert likeness.aligned(value, value) == value
    assert likeness.aligned(value, None) == value
