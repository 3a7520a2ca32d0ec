"""What a sync has overwritten or deleted can be put back; nothing else is touched by that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.plan.model import Action
from generator.render.model import Resource
from generator.render.renderer import render
from generator.resources.types import resource_types
from generator.source.reader import read_folder
from generator.sync.archive import kept_files, restore
from generator.sync.dead_references import referred_types, with_dead_references
from generator.sync.outcome import Status
from generator.sync.restoring import restoring_plan, unlike_organisations

ROOT = Path(__file__).parent.parent.parent
MONITOR = resource_types()["monitor"]
LOGS = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}
Make = Callable[..., Resource]


def statuses(outcomes: Any) -> list[tuple[Action, Status]]:
    return [(outcome.action, outcome.status) for outcome in outcomes.outcomes]


def left_alone(plan: Any) -> list[str]:
    return [each.message for each in plan.obstacles]


def test_what_was_overwritten_is_as_it_was_and_what_that_overwrites_is_kept(project: Any, monitor: Make) -> None:
    project.sync(monitor("a", priority=2))
    project.sync(monitor("a", threshold=80, draft_status="draft"))
    later = project.client.read(MONITOR, str(project.monitors()["a"]["id"]))
    assert statuses(project.restore("run-2")) == [(Action.UPDATE, Status.DONE)]
    assert project.plan(monitor("a", priority=2)).changes == ()
    (kept,) = kept_files(project.state, "run-3")
    assert (restore(kept).payload, restore(kept).restores) == (later, "run-2")


def test_a_restore_shows_what_it_overwrites(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    project.sync(monitor("a", threshold=80))
    (change,) = project.restoring("run-2").changes
    shown = {".".join(map(str, each.path)): (each.before, each.after) for each in change.fields}
    assert shown["options.thresholds.critical"] == (80, 90)
    assert change.notes == ()


def test_an_edit_since_the_run_is_told_and_another_one_after_that_is_left_alone(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    project.sync(monitor("a", threshold=80))
    name = str(project.monitors()["a"]["id"])
    project.client.update(MONITOR, name, {"message": "edited in an incident"})
    plan = project.restoring("run-2")
    assert "changed after that run" in plan.changes[0].notes[0]
    assert "`message`" in plan.changes[0].notes[0]
    assert "threshold" not in plan.changes[0].notes[0]
    project.client.update(MONITOR, name, {"message": "edited again"})
    assert statuses(project.apply(plan, restores="run-2")) == [(Action.UPDATE, Status.MOVED)]
    assert project.monitors()["a"]["message"] == "edited again"


def test_a_restore_can_be_run_again(project: Any, monitor: Make, composite: Make) -> None:
    desired = [monitor("a"), monitor("b"), composite("both", "a", "b")]
    project.sync(*desired)
    project.sync(monitor("a", threshold=80))
    assert project.restore("run-2").are_as_planned
    again = project.restoring("run-2")
    assert (again.changes, again.obstacles, again.unchanged) == ((), (), 3)
    assert project.plan(*desired).changes == ()


def test_a_deleted_monitor_is_created_anew_and_is_ours(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a"))
    plan = project.restoring("run-2")
    assert "gets a new id" in plan.changes[0].notes[0]
    assert "For 7 days Datadog itself can undelete it" in plan.changes[0].notes[1]
    assert statuses(project.apply(plan, restores="run-2")) == [(Action.CREATE, Status.DONE)]
    assert project.plan(monitor("a"), monitor("b")).changes == ()


def test_what_refers_to_a_deleted_one_gets_its_new_id(
    project: Any, monitor: Make, composite: Make, dashboard: Make
) -> None:
    desired = [monitor("a"), monitor("b"), composite("both", "a", "b"), dashboard("board", "b")]
    project.sync(*desired)
    project.sync(monitor("a"))
    assert project.restore("run-2").are_as_planned
    assert project.plan(*desired).changes == ()


def test_a_restore_that_was_cut_off_goes_on(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make, composite: Make
) -> None:
    """What it has created already is found by its tracking id, and composites refer to that."""
    desired = [monitor("a"), monitor("b"), composite("both", "a", "b")]
    project.sync(*desired)
    project.sync()
    cut_off = project_at(faulty(lambda request: "400" if request.method == "POST" and request.number > 2 else None).url)
    cut_off.state = project.state
    cut_off.runs = 2
    assert [status for _, status in statuses(cut_off.restore("run-2"))] == [Status.DONE, Status.DONE, Status.REFUSED]
    created = {name: each["id"] for name, each in project.monitors().items()}
    project.runs = 3
    assert statuses(project.restore("run-2")) == [(Action.CREATE, Status.DONE)]
    assert {name: each["id"] for name, each in project.monitors().items() if name != "both"} == created
    assert project.plan(*desired).changes == ()


def test_what_a_sync_has_created_anew_is_not_doubled(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a"))
    project.sync(monitor("a"), monitor("b", threshold=70))
    heir = str(project.monitors()["b"]["id"])
    plan = project.restoring("run-2")
    assert [(each.action, each.id) for each in plan.changes] == [(Action.UPDATE, heir)]
    assert f"`{heir}` has taken its place" in plan.changes[0].notes[0]
    assert project.apply(plan, restores="run-2").are_as_planned
    assert project.plan(monitor("a"), monitor("b")).changes == ()


def test_what_was_replaced_is_left_alone_and_what_refers_to_it_goes_back(
    project: Any, monitor: Make, composite: Make
) -> None:
    """Something else may refer to the new one."""
    desired = [monitor("a"), monitor("b"), composite("both", "a", "b")]
    project.sync(*desired)
    replaced = monitor("a", **LOGS)
    project.sync(replaced, monitor("b"), composite("other", "a", "b"))
    heir = str(project.monitors()["a"]["id"])
    plan = project.restoring("run-2")
    assert [each.tracking_id for each in plan.changes] == ["main/api/both/production"]
    assert [f"`{heir}` has taken its place" in each for each in left_alone(plan)] == [True]
    assert project.apply(plan, restores="run-2").are_as_planned
    everything = [replaced, monitor("b"), composite("other", "a", "b"), composite("both", "a", "b")]
    assert project.plan(*everything).changes == ()


def test_what_is_no_longer_ours_is_left_alone(project: Any, monitor: Make) -> None:
    """Somebody has taken our mark away, or it is another workspace's now."""
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a", threshold=80), monitor("b", threshold=80))
    live = project.monitors()
    project.client.update(MONITOR, str(live["a"]["id"]), {"tags": ["team:web"]})
    theirs = ["managed_by:toban", "toban_id:other/api/b/production"]
    project.client.update(MONITOR, str(live["b"]["id"]), {"tags": theirs})
    before = project.monitors()
    plan = project.restoring("run-2")
    assert plan.changes == ()
    told = {each.tracking_id: each.message for each in plan.obstacles}
    assert "bears no mark" in told["main/api/a/production"]
    assert "bears the mark of `other/api/b/production`" in told["main/api/b/production"]
    assert project.monitors() == before


def test_an_adopted_monitor_goes_back_to_bearing_no_mark(project: Any, monitor: Make) -> None:
    by_hand = {**monitor("by-hand").payload, "name": "made in the browser"}
    made = str(project.client.create(MONITOR, by_hand)["id"])
    project.sync(msgspec.structs.replace(monitor("a"), adopt=made))
    plan = project.restoring("run-1")
    assert "will bear our mark no more" in plan.changes[0].notes[0]
    assert project.apply(plan, restores="run-1").are_as_planned
    live = project.client.read(MONITOR, made)
    assert (live["name"], live["tags"], MONITOR.tracking_id(live)) == ("made in the browser", ["team:web"], None)
    assert project.restoring("run-1").changes == ()
    project.client.delete(MONITOR, made)
    assert ["was adopted by that run" in each for each in left_alone(project.restoring("run-1"))] == [True]


def test_a_renamed_monitor_gets_its_old_name_back_and_keeps_its_id(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    made = project.monitors()["a"]["id"]
    was = msgspec.structs.replace(monitor("b"), previous_ids=("main/api/a/production",))
    project.sync(was)
    assert project.monitors()["b"]["id"] == made
    assert project.restore("run-2").are_as_planned
    assert project.plan(monitor("a")).changes == ()
    assert project.monitors()["a"]["id"] == made


def test_what_a_run_took_back_itself_is_not_put_back(project: Any, monitor: Make) -> None:
    plan = project.plan(monitor("a", threshold=70))
    project.client.create(MONITOR, MONITOR.tracked(monitor("a").payload, "main/api/a/production"))
    assert statuses(project.apply(plan)) == [(Action.CREATE, Status.MOVED)]
    restoring = project.restoring("run-1")
    assert (restoring.changes, "had made it itself" in left_alone(restoring)[0]) == ((), True)


@pytest.mark.parametrize("fault", ["lost", "504"])
def test_a_create_whose_answer_is_lost_is_never_doubled(
    fault: str, faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a"))
    proxied = project_at(faulty(lambda request: fault if request.method == "POST" else None).url)
    proxied.state, proxied.runs = project.state, 2
    (outcome,) = proxied.restore("run-2").outcomes
    assert outcome.status is (Status.DONE if fault == "lost" else Status.FAILED)
    assert len(project.client.live(MONITOR)) == (2 if fault == "lost" else 1)


def test_what_datadog_refuses_is_told(project: Any, monitor: Make, composite: Make) -> None:
    project.sync(monitor("a"), monitor("b"), composite("both", "a", "b"))
    project.sync(monitor("a"), monitor("b"))
    project.sync()
    (outcome,) = project.restore("run-2").outcomes
    assert (outcome.status, bool(outcome.message)) == (Status.REFUSED, True)


def test_an_archive_of_another_organisation_is_recognised(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a"))
    found = [restore(path) for path in kept_files(project.state, "run-2")]
    assert unlike_organisations(found, project.live()) is None
    theirs = {"monitor": ({**project.monitors()["a"], "org_id": 987},)}
    assert unlike_organisations(found, theirs) == ("1", "987")


def test_all_that_this_project_watches_can_be_put_back(project: Any) -> None:
    """Some of what Datadog asks for, it does not tell: an answer alone would be refused."""
    desired = render(read_folder(ROOT)).resources
    assert {"scheduling_options" in each.payload.get("options", {}) for each in desired} == {True, False}
    assert project.sync(*desired).are_as_planned
    assert project.sync().are_as_planned
    outcomes = project.restore("run-2")
    assert [each.message for each in outcomes.outcomes if each.status is not Status.DONE] == []
    assert len(outcomes.outcomes) == len(desired)
    assert project.plan(*desired).changes == ()


def test_a_board_of_an_alert_that_is_gone_tells_which(project: Any, monitor: Make, dashboard: Make) -> None:
    project.sync(monitor("a"), monitor("b"), dashboard("board", "a"), dashboard("other", "b"))
    gone = str(project.monitors()["a"]["id"])
    project.sync(monitor("b"))
    boards = [restore(path) for path in kept_files(project.state, "run-2") if "dashboard" in path.name]
    plan = restoring_plan(boards, project.live(), workspace="main", target="")
    live_ids = {"monitor": {str(each["id"]) for each in project.monitors().values()}}
    assert referred_types(plan) == {"monitor"}
    told = [note for each in with_dead_references(plan, live_ids).changes for note in each.notes if "refers" in note]
    assert [f"It refers to monitor `{gone}`: gone" in note for note in told] == [True]
    whole = project.restoring("run-2")
    assert with_dead_references(whole, live_ids) == whole
