"""What a sync has overwritten or deleted can be put back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.plan.model import Action
from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.archive import Archive, Archived, Unreadable, restore
from generator.sync.outcome import Outcome, Status
from generator.sync.restoring import restored

MONITOR = resource_types()["monitor"]
DASHBOARD = resource_types()["dashboard"]
Make = Callable[..., Resource]


def only_kept(project: Any, run: str) -> Archived:
    (path,) = (project.state / "archive" / run).iterdir()
    return restore(path)


def put_back(project: Any, archived: Archived) -> Outcome:
    return restored(archived, project.client, archive=Archive(project.state, "restoring"))


def test_what_was_overwritten_is_as_it_was_and_what_that_overwrites_is_kept(project: Any, monitor: Make) -> None:
    project.sync(monitor("a", priority=2))
    project.sync(monitor("a", threshold=80, draft_status="draft"))
    later = project.client.read(MONITOR, str(project.monitors()["a"]["id"]))
    outcome = put_back(project, only_kept(project, "run-2"))
    assert (outcome.action, outcome.status, outcome.tracking_id) == (
        Action.UPDATE,
        Status.DONE,
        "main/api/a/production",
    )
    assert project.plan(monitor("a", priority=2)).changes == ()
    assert only_kept(project, "restoring").payload == later


def test_what_is_as_it_was_already_is_not_written(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"))
    project.sync(monitor("a", threshold=80))
    archived = only_kept(project, "run-2")
    put_back(project, archived)
    assert put_back(project, archived).status is Status.ALREADY


def test_a_deleted_monitor_is_created_anew_and_is_ours(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a"))
    outcome = put_back(project, only_kept(project, "run-2"))
    assert (outcome.action, outcome.status) == (Action.CREATE, Status.DONE)
    assert outcome.id == str(project.monitors()["b"]["id"])
    assert "must be changed" in outcome.message
    assert project.plan(monitor("a"), monitor("b")).changes == ()


def test_a_deleted_dashboard_is_created_anew(project: Any, monitor: Make, dashboard: Make) -> None:
    project.sync(monitor("a"), dashboard("board", "a"))
    project.sync(monitor("a"))
    assert put_back(project, only_kept(project, "run-2")).status is Status.DONE
    assert project.plan(monitor("a"), dashboard("board", "a")).changes == ()


def test_what_a_sync_has_created_anew_is_not_doubled(project: Any, monitor: Make) -> None:
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a"))
    project.sync(monitor("a"), monitor("b"))
    outcome = put_back(project, only_kept(project, "run-2"))
    assert outcome.status is Status.REFUSED
    assert f"`{project.monitors()['b']['id']}` has taken its place" in outcome.message
    assert len(project.client.live(MONITOR)) == 2


def test_an_adopted_monitor_goes_back_to_bearing_no_mark(project: Any, monitor: Make) -> None:
    by_hand = {**monitor("by-hand").payload, "name": "made in the browser"}
    created = project.client.create(MONITOR, by_hand)
    before = project.client.read(MONITOR, str(created["id"]))
    archive = Archive(project.state, "adopting")
    archived = restore(archive.keep("monitor", str(created["id"]), before))
    ours = MONITOR.tracked(monitor("a").payload, "main/api/a/production")
    project.client.update(MONITOR, str(created["id"]), MONITOR.writable(ours, before))
    outcome = put_back(project, archived)
    assert (outcome.status, outcome.tracking_id) == (Status.DONE, "made in the browser")
    live = project.client.read(MONITOR, str(created["id"]))
    assert (live["name"], live["tags"], MONITOR.tracking_id(live)) == ("made in the browser", ["team:web"], None)


@pytest.mark.parametrize("fault", ["lost", "504"])
def test_a_create_whose_answer_is_lost_is_never_doubled(
    fault: str, faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"), monitor("b"))
    project.sync(monitor("a"))
    archived = only_kept(project, "run-2")
    proxied = project_at(faulty(lambda request: fault if request.method == "POST" else None).url)
    outcome = put_back(proxied, archived)
    assert outcome.status is (Status.DONE if fault == "lost" else Status.FAILED)
    assert len(project.client.live(MONITOR)) == (2 if fault == "lost" else 1)


def test_an_update_whose_answer_is_lost_is_looked_at(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"))
    project.sync(monitor("a", threshold=80))
    archived = only_kept(project, "run-2")
    proxied = project_at(faulty(lambda request: "lost" if request.method == "PUT" else None).url)
    assert put_back(proxied, archived).status is not Status.REFUSED
    assert project.plan(monitor("a")).changes == ()


def test_what_datadog_refuses_is_told(project: Any, monitor: Make, composite: Make) -> None:
    project.sync(monitor("a"), monitor("b"), composite("both", "a", "b"))
    project.sync(monitor("a"), monitor("b"))
    archived = only_kept(project, "run-2")
    project.sync()
    outcome = put_back(project, archived)
    assert outcome.status is Status.REFUSED
    assert outcome.message


def test_a_resource_of_an_unknown_type_is_told(tmp_path: Path) -> None:
    path = Archive(tmp_path, "run").keep("notebook", "1", {"id": 1})
    with pytest.raises(Unreadable, match=r"holds a `notebook`; this toban knows .*monitor"):
        restore(path)
