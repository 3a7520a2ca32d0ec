"""The last looks before a write: whose the live resource is, and who has come to use what would be deleted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from generator.datadog.errors import ApiError
from generator.plan.digest import signed
from generator.plan.model import Action, Plan
from generator.render.model import Resource
from generator.resources.types import Payload, resource_types
from generator.sync.outcome import Status
from generator.sync.uses import Uses, uses_of
from tests.sync.users import graph_of, slo_of

MONITOR, SLO, DASHBOARD = (resource_types()[name] for name in ("monitor", "slo", "dashboard"))
Make = Callable[..., Resource]

THEIRS: dict[str, Callable[[Payload], Payload]] = {
    "no mark": lambda payload: {**payload, "tags": ["team:other"]},
    "of another workspace": lambda payload: MONITOR.tracked(payload, "other/api/a/production"),
    "of another name": lambda payload: MONITOR.tracked(payload, "main/api/other/production"),
}


def aimed_at(plan: Plan, live: Payload) -> Plan:
    """The plan's only change, at another live resource, with a `before` that fits."""
    (change,) = plan.changes
    before = MONITOR.comparable(live, change.after)
    return signed(
        msgspec.structs.replace(plan, changes=(msgspec.structs.replace(change, id=str(live["id"]), before=before),))
    )


@pytest.mark.parametrize("mark", THEIRS.values(), ids=THEIRS)
@pytest.mark.parametrize("action", [Action.UPDATE, Action.REPLACE, Action.DELETE])
def test_what_is_not_ours_is_not_written_even_where_a_plan_says_so(
    action: Action, mark: Callable[[Payload], Payload], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"))
    body = mark(monitor("theirs").payload)
    theirs = project.client.create(MONITOR, body)
    logs = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}
    desired = {Action.UPDATE: [monitor("a", threshold=80)], Action.REPLACE: [monitor("a", **logs)], Action.DELETE: []}
    others = [monitor("other")] if "main/api/other/production" in str(body) else []
    plan = project.plan(*desired[action], *others)
    (wanted,) = (each for each in plan.changes if each.tracking_id == "main/api/a/production")
    project.client.delete(MONITOR, str(wanted.id))
    before = project.client.live(MONITOR)
    outcomes = project.apply(aimed_at(msgspec.structs.replace(plan, changes=(wanted,)), theirs))
    assert [each.status for each in outcomes.outcomes] == [Status.MOVED]
    assert "bears the tracking id" in outcomes.outcomes[0].message
    assert project.client.live(MONITOR) == before


def watched(project: Any, plan: Plan) -> Uses:
    uses = uses_of(project.client, plan)
    assert uses is not None
    uses.look()
    return uses


USERS = {"dashboard": (DASHBOARD, graph_of), "slo": (SLO, slo_of)}


@pytest.mark.parametrize("kind", USERS)
def test_what_somebody_has_come_to_use_since_is_not_deleted(kind: str, project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), monitor("b"))
    plan = project.plan()
    uses = watched(project, plan)
    resource_type, made = USERS[kind]
    project.client.create(resource_type, made("theirs", project.monitors()["a"]["id"]))
    outcomes = {each.tracking_id: each for each in project.apply(plan, uses=uses).outcomes}
    assert outcomes["main/api/b/production"].status is Status.DONE
    assert outcomes["main/api/a/production"].status is Status.HELD
    assert f"since the plan was made it is used by {kind}" in outcomes["main/api/a/production"].message
    assert list(project.monitors()) == ["a"]


def test_a_dashboard_that_is_edited_to_show_it_is_read_again(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    board = project.client.create(DASHBOARD, graph_of("theirs", 1))
    plan = project.plan()
    uses = watched(project, plan)
    project.client.update(DASHBOARD, str(board["id"]), graph_of("theirs", project.monitors()["a"]["id"]))
    assert [each.status for each in project.apply(plan, uses=uses).outcomes] == [Status.HELD]


def test_a_dashboard_that_may_not_be_read_is_counted_and_the_others_are_seen(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"))
    doomed = project.monitors()["a"]["id"]
    secret, seen = (project.client.create(DASHBOARD, graph_of(title, doomed)) for title in ("secret", "open"))
    through_proxy = project_at(faulty(lambda request: "403" if request.path.endswith(str(secret["id"])) else None).url)
    uses = watched(through_proxy, project.plan())
    assert [each.id for each in uses.look()[str(doomed)]] == [str(seen["id"])]
    assert uses.unread == {"dashboard": (str(secret["id"]),)}


def test_where_nobody_can_tell_who_uses_it_nothing_is_deleted(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"))
    broken: list[bool] = []
    proxy = faulty(lambda request: "500" if broken and request.path.startswith("/api/v1/slo") else None)
    through_proxy = project_at(proxy.url)
    plan = through_proxy.plan()
    uses = watched(through_proxy, plan)
    broken.append(True)
    (outcome,) = through_proxy.apply(plan, uses=uses).outcomes
    assert (outcome.status, "who uses it could not be read" in outcome.message) == (Status.FAILED, True)
    assert list(project.monitors()) == ["a"]


def test_whoever_used_it_when_the_plan_was_made_is_what_the_review_saw(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    project.client.create(SLO, slo_of("theirs", project.monitors()["a"]["id"]))
    plan = project.plan()
    assert [each.status for each in project.apply(plan, uses=watched(project, plan)).outcomes] == [Status.DONE]


def of_both(title: str, ids: list[object]) -> Payload:
    return {"type": "composite", "name": title, "query": " && ".join(map(str, ids)), "message": "", "options": {}}


@pytest.mark.parametrize("user", ["slo", "composite"])
def test_who_comes_after_the_last_look_is_seen_by_datadog(
    user: str, faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"), monitor("b"))
    ids = [project.monitors()[name]["id"] for name in "ab"]
    came: list[Payload] = []

    def used_just_before_it_goes(request: Any) -> None:
        if request.method == "DELETE" and not came:
            kind, body = (SLO, slo_of("theirs", ids[0])) if user == "slo" else (MONITOR, of_both("theirs", ids))
            came.append(project.client.create(kind, body))

    through_proxy = project_at(faulty(used_just_before_it_goes).url)
    plan = through_proxy.plan(monitor("b"))
    (outcome,) = through_proxy.apply(plan, uses=watched(through_proxy, plan)).outcomes
    assert outcome.status is Status.REFUSED
    assert {"slo": "theirs", "composite": f"composite monitors [{came[0]['id']}]"}[user] in outcome.message
    assert "API key" not in outcome.message
    assert set(project.monitors()) >= {"a", "b"}


def test_what_a_replacement_leaves_behind_stays_where_somebody_uses_it(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    old = project.monitors()["a"]["id"]
    plan = project.plan(
        monitor("a", name="new", type="log alert", query='logs("x").index("*").rollup("count").last("5m") > 90')
    )
    uses = watched(project, plan)
    project.client.create(DASHBOARD, graph_of("theirs", old))
    (outcome,) = project.apply(plan, uses=uses).outcomes
    assert (outcome.status, outcome.id) == (Status.HELD, str(project.monitors()["new"]["id"]))
    assert f"the old `{old}` is still there" in outcome.message
    assert {each["id"] for each in project.monitors().values()} >= {old}


def test_a_held_change_is_not_written_and_what_it_refers_to_stays(
    project: Any, monitor: Make, composite: Callable[..., Resource]
) -> None:
    project.sync(monitor("a"), monitor("b"), composite("both", "a", "b"))
    plan = project.plan()
    held = {number: "not reviewed" for number, each in enumerate(plan.changes) if "both" in each.tracking_id}
    before = project.monitors()
    outcomes = project.apply(plan, held=held).outcomes
    assert sorted(each.status.value for each in outcomes) == ["held", "skipped", "skipped"]
    assert project.monitors() == before


def test_what_refers_to_a_held_create_waits(project: Any, monitor: Make, composite: Callable[..., Resource]) -> None:
    plan = project.plan(monitor("a"), monitor("b"), composite("both", "a", "b"))
    outcomes = project.apply(plan, held={0: "not reviewed"}).outcomes
    assert [each.status.value for each in outcomes] == ["held", "done", "skipped"]
    assert list(project.monitors()) == ["b"]


def test_a_look_that_failed_is_no_look(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"), monitor("b"))
    broken: list[bool] = []
    proxy = faulty(lambda request: "400" if broken and request.path.startswith("/api/v1/slo") else None)
    through_proxy = project_at(proxy.url)
    plan = through_proxy.plan()
    uses = watched(through_proxy, plan)
    uses.renew(frozenset())
    theirs = project.client.create(SLO, slo_of("theirs", project.monitors()["b"]["id"]))
    broken.append(True)
    with pytest.raises(ApiError):
        uses.new(str(project.monitors()["a"]["id"]))
    broken.clear()
    assert [each.id for each in uses.new(str(project.monitors()["b"]["id"]))] == [str(theirs["id"])]


def board_of(title: str, monitor_id: object, description: str = "") -> Resource:
    payload = {**graph_of(title, monitor_id), "description": description}
    return Resource(f"main/api/{title}/production", "dashboard", payload, "dashboards/api.yaml", 1)


def test_one_of_ours_that_goes_on_naming_it_is_a_user_though_the_plan_changes_it(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    doomed = project.monitors()["a"]["id"]
    project.sync(monitor("a"), board_of("board", doomed))
    uses = watched(project, project.plan(board_of("board", doomed, "changed")))
    (board,) = project.client.rows(DASHBOARD)
    assert [each.id for each in uses.look()[str(doomed)]] == [str(board["id"])]


def test_one_of_ours_that_the_plan_has_name_another_is_no_user(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), board_of("board", "%{main/api/a/production}"))
    plan = project.plan(board_of("board", 1))
    uses = watched(project, plan)
    assert uses.look() == {}
    assert project.apply(plan, uses=uses).are_as_planned


@pytest.mark.parametrize("after", [[board_of("board", 1, "changed")], []], ids=["updated", "deleted"])
def test_what_is_held_or_moved_counts_by_what_is_live(after: list[Resource], project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), board_of("board", 1))
    plan = project.plan(*after)
    uses = watched(project, plan)
    (board,) = project.client.live(DASHBOARD)
    edited = {**board, **graph_of("board", project.monitors()["a"]["id"])}
    project.client.update(DASHBOARD, str(board["id"]), DASHBOARD.writable(edited, board))
    outcomes = {each.resource: each for each in project.apply(plan, uses=uses).outcomes}
    assert outcomes["dashboard"].status is Status.MOVED
    assert outcomes["monitor"].status is Status.HELD, outcomes
    assert "since the plan was made it is used by dashboard" in outcomes["monitor"].message


def test_a_dashboard_that_cannot_be_read_any_more_may_use_it(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"))
    board = project.client.create(DASHBOARD, graph_of("theirs", 1))
    hidden: list[bool] = []
    proxy = faulty(lambda request: "403" if hidden and request.path.endswith(str(board["id"])) else None)
    through_proxy = project_at(proxy.url)
    plan = through_proxy.plan()
    uses = watched(through_proxy, plan)
    project.client.update(DASHBOARD, str(board["id"]), graph_of("theirs", project.monitors()["a"]["id"]))
    hidden.append(True)
    (outcome,) = through_proxy.apply(plan, uses=uses).outcomes
    assert (outcome.status, "which may use it" in outcome.message) == (Status.HELD, True)
    assert list(project.monitors()) == ["a"]


def test_what_refers_to_a_held_update_does_not_wait(
    project: Any, monitor: Make, composite: Callable[..., Resource]
) -> None:
    project.sync(monitor("a"), monitor("b"))
    plan = project.plan(monitor("a", threshold=80), monitor("b"), composite("both", "a", "b"))
    held = {number: "not reviewed" for number, each in enumerate(plan.changes) if each.action is Action.UPDATE}
    outcomes = project.apply(plan, held=held).outcomes
    assert sorted(each.status.value for each in outcomes) == ["done", "held"]
    live = project.monitors()
    assert live["both"]["query"] == f"{live['a']['id']} && {live['b']['id']}"


def test_what_refers_to_an_update_of_what_is_gone_waits(
    project: Any, monitor: Make, dashboard: Callable[..., Resource]
) -> None:
    project.sync(monitor("a"))
    plan = project.plan(monitor("a", threshold=80), dashboard("board", "a"))
    project.client.delete(MONITOR, str(project.monitors()["a"]["id"]))
    outcomes = {each.resource: each.status for each in project.apply(plan).outcomes}
    assert outcomes == {"monitor": Status.MOVED, "dashboard": Status.SKIPPED}


def test_what_refers_to_a_held_replacement_waits(
    project: Any, monitor: Make, composite: Callable[..., Resource]
) -> None:
    project.sync(monitor("a"), monitor("b"), composite("both", "a", "b"))
    logs = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}
    plan = project.plan(monitor("a", **logs), monitor("b"), composite("both", "a", "b"))
    held = {number: "not reviewed" for number, each in enumerate(plan.changes) if each.action is Action.REPLACE}
    outcomes = project.apply(plan, held=held).outcomes
    assert sorted(each.status.value for each in outcomes) == ["held", "skipped"]
