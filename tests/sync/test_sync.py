"""Plans are carried out: what is live afterwards is what was desired."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.plan.model import Action, summary
from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.archive import restore
from generator.sync.outcome import Status

MONITOR = resource_types()["monitor"]
Make = Callable[..., Resource]


def changes_left(project: Any, *desired: Resource) -> dict[str, int]:
    return {
        action: count for action, count in summary(project.plan(*desired)).items() if count and action != "unchanged"
    }


def statuses(outcomes: Any) -> list[Status]:
    return [outcome.status for outcome in outcomes.outcomes]


def test_a_plan_after_a_sync_is_empty(project: Any, monitor: Make, composite: Make, dashboard: Make) -> None:
    desired = [monitor("a"), monitor("b"), composite("both", "a", "b"), dashboard("board", "both")]
    outcomes = project.sync(*desired)
    assert outcomes.counts["done"] == 4
    assert outcomes.are_as_planned
    assert changes_left(project, *desired) == {}


def test_references_hold_the_ids_that_datadog_gave(
    project: Any, monitor: Make, composite: Make, dashboard: Make
) -> None:
    project.sync(dashboard("board", "both"), composite("both", "a", "b"), monitor("b"), monitor("a"))
    live = project.monitors()
    assert live["both"]["query"] == f"{live['a']['id']} && {live['b']['id']}"
    (board,) = project.client.live(resource_types()["dashboard"])
    assert board["widgets"][0]["definition"]["alert_id"] == str(live["both"]["id"])


def test_an_update_keeps_the_datadog_id(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    before = project.monitors()["a"]
    outcomes = project.sync(monitor("a", threshold=80))
    after = project.monitors()["a"]
    assert (after["id"], after["options"]["thresholds"]["critical"]) == (before["id"], 80)
    assert outcomes.outcomes[0].id == str(before["id"])


def test_a_key_that_the_yaml_no_longer_has_goes_back_to_its_default(project: Any, monitor: Make) -> None:
    project.sync(monitor("a", priority=2, draft_status="draft"))
    project.sync(monitor("a"))
    live = project.monitors()["a"]
    assert (live["priority"], live["draft_status"]) == (None, "published")


def test_what_is_no_longer_desired_is_deleted_and_kept_in_the_archive(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), monitor("b"))
    doomed = project.client.read(MONITOR, str(project.monitors()["b"]["id"]))
    project.sync(monitor("a"))
    assert list(project.monitors()) == ["a"]
    (path,) = (project.state / "archive" / "run-2").iterdir()
    archived = restore(path)
    assert (archived.resource, archived.id, archived.payload) == ("monitor", str(doomed["id"]), doomed)


def test_what_is_overwritten_is_kept_in_the_archive(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    overwritten = project.client.read(MONITOR, str(project.monitors()["a"]["id"]))
    project.sync(monitor("a", threshold=80))
    (path,) = (project.state / "archive" / "run-2").iterdir()
    assert restore(path).payload == overwritten


def test_an_adopted_monitor_keeps_its_id_and_bears_ours(project: Any, monitor: Make) -> None:
    by_hand = {**monitor("by-hand").payload, "name": "made in the browser"}
    created = project.client.create(MONITOR, by_hand)
    desired = msgspec.structs.replace(monitor("a"), adopt=str(created["id"]))
    outcomes = project.sync(desired)
    assert [each.action for each in outcomes.outcomes] == [Action.ADOPT]
    live = project.monitors()["a"]
    assert live["id"] == created["id"]
    assert MONITOR.tracking_id(live) == "main/api/a/production"
    assert changes_left(project, desired) == {}


def test_a_replaced_monitor_is_created_before_the_old_one_is_deleted_and_references_follow(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], monitor: Make, composite: Make
) -> None:
    proxy = faulty(lambda _: None)
    project = project_at(proxy.url)
    project.sync(monitor("a"), monitor("b"), composite("both", "a", "b"))
    old = project.monitors()["a"]["id"]
    del proxy.requests[:]
    changed = monitor("a", type="log alert", query='logs("x").index("*").rollup("count").last("5m") > 90')
    outcomes = project.sync(changed, monitor("b"), composite("both", "a", "b"))
    assert outcomes.are_as_planned
    live = project.monitors()
    assert live["a"]["id"] != old
    assert live["both"]["query"] == f"{live['a']['id']} && {live['b']['id']}"
    writes = [each.method for each in proxy.requests if each.method != "GET" and not each.path.endswith("validate")]
    assert writes == ["POST", "PUT", "DELETE"]
    assert changes_left(project, changed, monitor("b"), composite("both", "a", "b")) == {}


def test_a_replacement_that_datadog_would_refuse_changes_nothing(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    before = project.monitors()
    outcomes = project.sync(monitor("a", type="log alert", query="nonsense"))
    assert statuses(outcomes) == [Status.REFUSED]
    assert project.monitors() == before


def test_a_refused_change_does_not_stop_the_others_but_those_that_refer_to_it(
    project: Any, monitor: Make, composite: Make
) -> None:
    broken = monitor("broken", options={"thresholds": {"critical": 1}})
    outcomes = project.sync(broken, monitor("b"), composite("both", "broken", "b"), monitor("c"))
    by_id = {each.tracking_id.split("/")[2]: each for each in outcomes.outcomes}
    assert {name: each.status for name, each in by_id.items()} == {
        "broken": Status.REFUSED,
        "b": Status.DONE,
        "c": Status.DONE,
        "both": Status.SKIPPED,
    }
    assert "threshold" in by_id["broken"].message
    assert "main/api/broken/production" in by_id["both"].message


def test_what_a_failed_change_still_refers_to_is_not_deleted(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], monitor: Make, composite: Make
) -> None:
    proxy = faulty(lambda request: "400" if request.method == "PUT" else None)
    project = project_at(proxy.url)
    project.sync(monitor("a"), monitor("b"), monitor("c"), monitor("d"), composite("both", "a", "b"))
    outcomes = project.sync(monitor("a"), monitor("c"), composite("both", "a", "c"))
    by_id = {each.tracking_id.split("/")[2]: each.status for each in outcomes.outcomes}
    assert by_id == {"both": Status.REFUSED, "b": Status.SKIPPED, "d": Status.DONE}
    assert set(project.monitors()) == {"a", "b", "c", "both"}


def test_references_in_a_circle_are_told_and_end(project: Any, composite: Make) -> None:
    plan = project.plan(composite("x", "y"), composite("y", "x"))
    outcomes = project.apply(plan)
    assert statuses(outcomes) == [Status.SKIPPED, Status.SKIPPED]
    assert "circle" in outcomes.outcomes[0].message


def test_a_reference_without_a_datadog_id_is_told(project: Any, composite: Make) -> None:
    outcomes = project.apply(project.plan(composite("x", "nowhere")))
    assert statuses(outcomes) == [Status.SKIPPED]
    assert "main/api/nowhere/production" in outcomes.outcomes[0].message


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_each_change_is_told_once_and_outcomes_stand_in_the_order_of_the_plan(
    workers: int, project: Any, monitor: Make, composite: Make
) -> None:
    plan = project.plan(*(monitor(f"m{number}") for number in range(20)), composite("both", "m3", "m4"))
    outcomes = project.apply(plan, workers=workers)
    assert [each.tracking_id for each in outcomes.outcomes] == [each.tracking_id for each in plan.changes]
    assert sorted(project.told, key=str) == sorted(outcomes.outcomes, key=str)


def test_a_plan_without_changes_does_nothing(project: Any, tmp_path: Path) -> None:
    assert project.sync().outcomes == ()
