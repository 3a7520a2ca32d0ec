"""Two revisions of a project compared: what becomes of each resource, without anything live."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.plan.comparison import Comparison, Difference, Fate, Use
from generator.plan.options import PlanOptions
from generator.plan.planner import plan
from generator.plan.revisions import UNKNOWN_BEFORE, compare
from generator.render.renderer import render

ORGANIZATION = """\
workspace: {workspace}
environments:
  production: {{scope: "env:production"}}
  staging: {{scope: "env:staging"}}
"""
LATENCY = 'latency: {kind: metric, query: "avg(last_5m):avg:lat{<< environment.scope >>} > 1"}'
ERRORS = 'errors: {kind: metric, query: "sum(last_5m):sum:err{<< environment.scope >>}.as_count() > 5"}'
BOTH = 'both: {kind: raw, type: composite, name: both, query: "%{latency} && %{errors}", message: "@slack-a"}'
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def service(*monitors: str, more: str = "", name: str = "api", environments: str = "production") -> str:
    lines = "".join(f"  {each}\n" for each in monitors) or "  {}\n"
    head = f"service: {name}\nenvironments: [{environments}]\nnotify: '@slack-a'\n"
    return f"{head}monitors:\n{lines}{more}"


def project(*, workspace: str = "main", **services: str) -> dict[str, bytes]:
    files = {"monitors/organization.yaml": ORGANIZATION.format(workspace=workspace).encode()}
    return files | {f"monitors/{name}.yaml": text.encode() for name, text in services.items()}


def compared(before: Mapping[str, bytes], after: Mapping[str, bytes], *only: str) -> Comparison:
    return compare(render(before), render(after), only=frozenset(only), now=NOW)


def fates(comparison: Comparison) -> dict[str, str]:
    return {each.tracking_id.removeprefix("main/"): each.fate.value for each in comparison.differences}


def difference(comparison: Comparison, name: str) -> Difference:
    (found,) = (each for each in comparison.differences if each.tracking_id == f"main/{name}")
    return found


def test_a_revision_does_not_differ_from_itself() -> None:
    files = project(api=service(LATENCY, ERRORS, BOTH))
    comparison = compared(files, files)
    assert (comparison.differences, comparison.obstacles, comparison.unchanged) == ((), (), 3)
    assert comparison.desired_digest == comparison.base_digest


def test_what_comes_goes_and_changes_is_told_by_tracking_id() -> None:
    later = LATENCY.replace("> 1", "> 2")
    comparison = compared(
        project(api=service(LATENCY, ERRORS)), project(api=service(later, BOTH.replace("errors", "latency")))
    )
    assert fates(comparison) == {
        "api/both/production": "created",
        "api/errors/production": "removed",
        "api/latency/production": "changed",
    }
    assert [
        (each.path, each.before, each.after) for each in difference(comparison, "api/latency/production").fields
    ] == [
        (("options", "thresholds", "critical"), 1, 2),
        (("query",), "avg(last_5m):avg:lat{env:production} > 1", "avg(last_5m):avg:lat{env:production} > 2"),
    ]


def test_a_moved_file_moves_what_is_in_it_and_changes_nothing() -> None:
    text = service(LATENCY)
    comparison = compared(project(api=text), project(other=text))
    (moved,) = comparison.differences
    assert (moved.fate, moved.previous_path, moved.path) == (Fate.MOVED, "monitors/api.yaml", "monitors/other.yaml")
    assert moved.fields == ()
    assert comparison.unchanged == 0


def test_a_changed_monitor_in_another_file_is_changed_and_says_where_it_was() -> None:
    comparison = compared(project(api=service(LATENCY)), project(other=service(LATENCY.replace("> 1", "> 2"))))
    (changed,) = comparison.differences
    assert (changed.fate, changed.previous_path) == (Fate.CHANGED, "monitors/api.yaml")


def test_was_follows_a_rename_and_what_refers_to_it_stays_as_it_is() -> None:
    renamed = LATENCY.replace("latency:", "slow:").replace("{kind", "{was: latency, kind")
    after = service(renamed, ERRORS, BOTH.replace("%{latency}", "%{slow}"))
    comparison = compared(project(api=service(LATENCY, ERRORS, BOTH)), project(api=after))
    assert fates(comparison) == {"api/slow/production": "changed"}
    assert difference(comparison, "api/slow/production").previous_id == "main/api/latency/production"


def test_a_rename_without_was_is_told_as_one_that_would_stop_the_sync() -> None:
    renamed = LATENCY.replace("latency:", "slow:")
    comparison = compared(project(api=service(LATENCY)), project(api=service(renamed)))
    assert fates(comparison) == {"api/latency/production": "removed", "api/slow/production": "created"}
    assert [(each.rule, each.blocks, each.id) for each in comparison.obstacles] == [("probable-rename", True, None)]


def test_what_cannot_be_changed_in_place_is_replaced() -> None:
    query = "logs('a').index('*').rollup('count').last('5m') > 1"
    logs = f'latency: {{kind: raw, type: log alert, name: x, message: "@slack-a", query: "{query}"}}'
    comparison = compared(project(api=service(LATENCY)), project(api=service(logs)))
    assert fates(comparison) == {"api/latency/production": "replaced"}


SLO = 'slos:\n  up: {monitor: {monitors: ["%{latency}"]}, thresholds: {30d: {target: 99.9}}}\n'
DOWNTIMES = """\
downtimes:
  named: {monitor: "%{latency}", once: {from: "2027-01-01 00:00", to: "2027-01-02 00:00"}}
  tagged: {monitor_tags: ["service:api"], once: {from: "2027-01-01 00:00", to: "2027-01-02 00:00"}}
"""
TAGGED = f"downtimes:\n{DOWNTIMES.splitlines()[2]}\n"


def test_what_goes_names_what_refers_to_it_and_what_becomes_of_that() -> None:
    before = project(api=service(LATENCY, ERRORS, BOTH, more=SLO + DOWNTIMES))
    after = project(api=service(ERRORS, BOTH.replace("%{latency}", "%{errors}"), more=TAGGED))
    assert set(difference(compared(before, after), "api/latency/production").uses) == {
        Use("monitor", "main/api/both/production", remains=False),
        Use("slo", "main/api/up/production", remains=False, goes=True),
        Use("downtime", "main/api/named/production", remains=False, goes=True),
        Use("downtime", "main/api/tagged/production", remains=True, silences=True),
    }


def test_what_still_names_a_monitor_that_goes_is_told_so() -> None:
    before, after = project(api=service(LATENCY, ERRORS, BOTH)), project(api=service(ERRORS, BOTH))
    assert difference(compared(before, after), "api/latency/production").uses == (
        Use("monitor", "main/api/both/production", remains=True),
    )


def test_a_renamed_user_is_named_by_its_new_name() -> None:
    after = BOTH.replace("both:", "all:").replace("{kind", "{was: both, kind").replace("%{latency}", "%{errors}")
    comparison = compared(project(api=service(LATENCY, ERRORS, BOTH)), project(api=service(ERRORS, after)))
    assert difference(comparison, "api/latency/production").uses == (
        Use("monitor", "main/api/all/production", remains=False),
    )


def test_another_environment_of_the_same_monitor_is_named() -> None:
    one, two = project(api=service(LATENCY)), project(api=service(LATENCY, environments="staging, production"))
    assert difference(compared(one, two), "api/latency/staging").siblings == ("production",)
    assert difference(compared(two, one), "api/latency/staging").siblings == ("production",)


def test_what_has_errors_now_does_not_look_removed() -> None:
    broken = service(LATENCY, "errors: {kind: metric, query: 'avg('}")
    comparison = compared(project(api=service(LATENCY, ERRORS)), project(api=broken))
    assert comparison.differences == ()
    assert [each.rule for each in comparison.obstacles] == ["held"]


def test_what_had_errors_before_is_created_and_says_that_it_is_not_known() -> None:
    broken = service(LATENCY, "errors: {kind: metric, query: 'avg('}")
    comparison = compared(project(api=broken), project(api=service(LATENCY, ERRORS)))
    assert fates(comparison) == {"api/errors/production": "created"}
    assert difference(comparison, "api/errors/production").notes == (UNKNOWN_BEFORE,)


def test_another_workspace_is_an_obstacle_and_removes_nothing() -> None:
    comparison = compared(project(api=service(LATENCY)), project(api=service(LATENCY), workspace="second"))
    assert [each.fate for each in comparison.differences] == [Fate.CREATED]
    assert comparison.obstacles[0].rule == "other-workspace"
    assert comparison.obstacles[0].blocks


def test_an_adoption_needs_nobody_to_ask() -> None:
    adopting = LATENCY.replace("{kind", "{adopt: {production: 12}, kind")
    comparison = compared(project(api=service()), project(api=service(adopting)))
    assert fates(comparison) == {"api/latency/production": "created"}
    assert difference(comparison, "api/latency/production").notes == (
        "It takes over the monitor 12 that Datadog has already.",
    )
    assert comparison.obstacles == ()


def test_a_filter_narrows_both_sides_and_the_digest() -> None:
    before = project(api=service(LATENCY, ERRORS), web=service(LATENCY, name="web"))
    after = project(api=service(ERRORS), web=service(name="web"))
    comparison = compared(before, after, "web")
    assert fates(comparison) == {"web/latency/production": "removed"}
    assert comparison.desired_digest == compared(after, after, "web").base_digest


def test_the_digest_is_that_of_a_plan_with_keys() -> None:
    after = render(project(api=service(LATENCY, BOTH.replace("errors", "latency"))))
    comparison = compare(render(project(api=service(ERRORS))), after, now=NOW)
    live = [{"id": 7, "type": "query alert", "name": "x", "query": "y", "tags": []}]
    assert (
        comparison.desired_digest
        == plan(after.resources, {"monitor": live}, PlanOptions(workspace="main")).desired_digest
    )


@pytest.mark.parametrize("field", ["restricted_roles: [r1]", "options: {made_up: 1}"])
def test_what_a_plan_takes_back_on_request_only_is_a_difference_both_ways(field: str) -> None:
    written = "kind: raw, type: query alert, name: x, message: '@slack-a', query: 'avg(last_5m):avg:a{*} > 1'"
    plain, more = project(api=service(f"a: {{{written}}}")), project(api=service(f"a: {{{written}, {field}}}"))
    assert fates(compared(plain, more)) == fates(compared(more, plain)) == {"api/a/production": "changed"}


MONITORS = st.lists(
    st.sampled_from([LATENCY, LATENCY.replace("> 1", "> 2"), ERRORS, BOTH, ERRORS.replace("5m", "10m")]),
    unique_by=lambda text: text.partition(":")[0],
)
projects = st.builds(
    lambda api, web, environments: project(
        api=service(*api, environments=environments, more=TAGGED), web=service(*web, name="web")
    ),
    MONITORS,
    MONITORS,
    st.sampled_from(["production", "staging", "staging, production"]),
)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(projects)
def test_no_project_differs_from_itself(files: dict[str, bytes]) -> None:
    comparison = compared(files, files)
    assert comparison.differences == ()
    assert comparison.desired_digest == comparison.base_digest


_OPPOSITES = {Fate.CREATED: Fate.REMOVED, Fate.REMOVED: Fate.CREATED}


@settings(derandomize=True, max_examples=80, deadline=None)
@given(projects, projects)
def test_exchanged_revisions_exchange_what_is_created_and_removed(one: dict[str, bytes], two: dict[str, bytes]) -> None:
    there, back = compared(one, two), compared(two, one)
    assert {each.tracking_id: _OPPOSITES.get(each.fate, each.fate) for each in there.differences} == {
        each.tracking_id: each.fate for each in back.differences
    }
    swapped = {each.tracking_id: [(f.path, f.after, f.before) for f in each.fields] for each in there.differences}
    assert swapped == {
        each.tracking_id: [(f.path, f.before, f.after) for f in each.fields] for each in back.differences
    }
    assert (there.desired_digest, there.base_digest) == (back.base_digest, back.desired_digest)


@settings(derandomize=True, max_examples=80, deadline=None)
@given(projects, projects)
def test_every_resource_is_counted_once(one: dict[str, bytes], two: dict[str, bytes]) -> None:
    comparison = compared(one, two)
    names = [(each.resource, each.tracking_id) for each in comparison.differences]
    before, after = ({(r.resource, r.tracking_id) for r in render(files).resources} for files in (one, two))
    assert len(names) == len(set(names))
    assert len(names) + comparison.unchanged == len(before | after)
