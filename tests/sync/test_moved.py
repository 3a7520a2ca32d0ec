"""A live resource that changed after the plan was made is left alone; what is already as planned counts as done."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.outcome import Status

MONITOR = resource_types()["monitor"]
LOGS = {"type": "log alert", "query": 'logs("x").index("*").rollup("count").last("5m") > 90'}
Make = Callable[..., Resource]


def statuses(outcomes: Any) -> list[Status]:
    return [outcome.status for outcome in outcomes.outcomes]


def edit_in_the_browser(project: Any, name: str) -> str:
    monitor_id = str(project.monitors()[name]["id"])
    project.client.update(MONITOR, monitor_id, {"message": "edited in an incident"})
    return monitor_id


def planned(project: Any, monitor: Make, change: str) -> Any:
    project.sync(monitor("a"))
    desired = {
        "update": (monitor("a", threshold=80),),
        "rename": (monitor("a", name="renamed"),),
        "replace": (monitor("a", **LOGS),),
        "delete": (),
    }
    return project.plan(*desired[change])


@pytest.mark.parametrize("change", ["update", "rename", "replace", "delete"])
def test_a_monitor_that_was_edited_after_the_plan_is_not_overwritten(change: str, project: Any, monitor: Make) -> None:
    plan = planned(project, monitor, change)
    edit_in_the_browser(project, "a")
    before = project.monitors()
    outcomes = project.apply(plan)
    assert statuses(outcomes) == [Status.MOVED]
    assert project.monitors() == before
    assert before["a"]["modified"] in outcomes.outcomes[0].message
    assert before["a"]["creator"]["name"] in outcomes.outcomes[0].message
    assert "plan again" in outcomes.outcomes[0].message


@pytest.mark.parametrize("change", ["update", "rename", "replace"])
def test_a_monitor_that_was_deleted_after_the_plan_is_not_created_again(
    change: str, project: Any, monitor: Make
) -> None:
    plan = planned(project, monitor, change)
    project.client.delete(MONITOR, str(project.monitors()["a"]["id"]))
    assert statuses(project.apply(plan)) == [Status.MOVED]
    assert project.monitors() == {}


def test_a_monitor_that_was_created_after_the_plan_is_not_doubled(project: Any, monitor: Make) -> None:
    plan = project.plan(monitor("a"))
    project.clock.skipped += 61
    project.client.create(MONITOR, MONITOR.tracked(monitor("a", threshold=70).payload, "main/api/a/production"))
    outcomes = project.apply(plan)
    assert statuses(outcomes) == [Status.MOVED]
    assert len(project.monitors()) == 1


def test_an_edit_while_a_replacement_is_made_keeps_the_old_one(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    edited: list[str] = []

    def edit_once(request: Any) -> None:
        if request.method == "POST" and request.number == 3 and not edited:
            edited.append(edit_in_the_browser(project, "a"))

    through_proxy = project_at(faulty(edit_once).url)
    plan = planned(through_proxy, monitor, "replace")
    outcomes = through_proxy.apply(plan)
    assert statuses(outcomes) == [Status.MOVED]
    assert edited[0] in outcomes.outcomes[0].message
    assert {str(each["id"]) for each in project.client.live(MONITOR)} == {edited[0], outcomes.outcomes[0].id}


def test_the_same_plan_can_be_applied_again(project: Any, monitor: Make, composite: Make, dashboard: Make) -> None:
    project.sync(monitor("updated"), monitor("replaced"), monitor("deleted"))
    plan = project.plan(
        monitor("updated", threshold=80),
        monitor("replaced", **LOGS),
        monitor("created"),
        composite("both", "created", "replaced"),
        dashboard("board", "both"),
    )
    first = project.apply(plan)
    assert set(statuses(first)) == {Status.DONE}
    after = project.live()
    project.clock.skipped += 61
    second = project.apply(plan)
    assert set(statuses(second)) == {Status.ALREADY}
    assert project.live() == after
    assert [each.id for each in first.outcomes] == [each.id for each in second.outcomes]


def test_a_resource_of_another_that_equals_ours_is_not_taken_over(project: Any, monitor: Make) -> None:
    plan = project.plan(monitor("a"))
    copied = {**plan.changes[0].after, "tags": ["team:web", "managed_by:toban", "toban_id:main/api/a/production", "x"]}
    project.client.create(MONITOR, {**copied, "tags": ["team:web"]})
    assert statuses(project.apply(plan)) == [Status.DONE]
    assert len(project.client.live(MONITOR)) == 2
