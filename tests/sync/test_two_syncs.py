"""Two syncs at once, and people in the browser meanwhile: nothing is doubled, and the loser says who was quicker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import PurePath
from typing import Any

import pytest

from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.archive import Archive
from generator.sync.executor import apply
from generator.sync.journal import Journal, left_open
from generator.sync.outcome import Status
from tests.sync.users import slo_of

Make = Callable[..., Resource]


def statuses(outcomes: Any) -> list[Status]:
    return [outcome.status for outcome in outcomes.outcomes]


@pytest.fixture
def two(project_at: Callable[[str], Any], datadog: str) -> tuple[Any, Any]:
    """Two machines, so to say: nothing is shared but Datadog."""
    first, second = project_at(datadog), project_at(datadog)
    second.state = first.state / "of-the-second"
    return first, second


def bearing(project: Any, name: str, *, kind: str) -> list[str]:
    found = resource_types()[kind]
    return [
        str(each["id"]) for each in project.live()[kind] if (found.tracking_id(each) or "").split("/")[2:3] == [name]
    ]


def test_equal_monitors_created_by_two_syncs_are_one(two: tuple[Any, Any], monitor: Make) -> None:
    first, second = two
    plans = [each.plan(monitor("a")) for each in two]
    assert statuses(first.apply(plans[0])) == [Status.DONE]
    assert statuses(second.apply(plans[1])) == [Status.ALREADY]
    assert len(bearing(first, "a", kind="monitor")) == 1


def test_of_two_syncs_that_create_differing_monitors_the_later_takes_its_own_back(
    two: tuple[Any, Any], monitor: Make
) -> None:
    first, second = two
    plans = [first.plan(monitor("a")), second.plan(monitor("a", threshold=70))]
    (made,) = first.apply(plans[0]).outcomes
    (lost,) = second.apply(plans[1]).outcomes
    assert lost.status is Status.MOVED
    assert f"`{made.id}` was created at the same time, by another sync" in lost.message
    assert lost.id == made.id
    assert bearing(first, "a", kind="monitor") == [made.id]


def test_of_two_equal_dashboards_one_remains(two: tuple[Any, Any], monitor: Make, dashboard: Make) -> None:
    first, second = two
    first.sync(monitor("a"))
    plans = [each.plan(monitor("a"), dashboard("board", "a")) for each in two]
    first.apply(plans[0])
    assert statuses(second.apply(plans[1])) == [Status.MOVED]
    assert len(bearing(first, "board", kind="dashboard")) == 1


@pytest.mark.parametrize(
    ("empty_lists", "status", "left", "told"),
    [(1, Status.MOVED, 1, "by another sync"), (9, Status.DONE, 2, "which the next plan tells")],
)
def test_a_list_without_what_was_just_created_is_not_believed(  # noqa: PLR0913 - a row and the fixtures
    empty_lists: int,
    status: Status,
    left: int,
    told: str,
    *,
    two: tuple[Any, Any],
    faulty: Callable[..., Any],
    project_at: Callable[[str], Any],
    monitor: Make,
    dashboard: Make,
) -> None:
    first, _ = two
    first.sync(monitor("a"))
    asked: list[str] = []

    def emptied(request: Any) -> str | None:
        if request.method == "POST" or (asked and request.path.startswith("/api/v1/dashboard?")):
            asked.append(request.path)
        return '{"dashboards": []}' if request.method == "GET" and 1 < len(asked) <= 1 + empty_lists else None

    second = project_at(faulty(emptied).url)
    plans = [each.plan(monitor("a"), dashboard("board", "a")) for each in (first, second)]
    first.apply(plans[0])
    (outcome,) = second.apply(plans[1]).outcomes
    assert (outcome.status, told in outcome.message) == (status, True), outcome.message
    assert len(bearing(first, "board", kind="dashboard")) == left


def test_what_refers_to_what_is_taken_back_refers_to_the_other_one(
    two: tuple[Any, Any], monitor: Make, composite: Make
) -> None:
    first, second = two
    plans = [
        first.plan(monitor("a")),
        second.plan(monitor("a", threshold=70), monitor("b"), composite("both", "a", "b")),
    ]
    (made,) = first.apply(plans[0]).outcomes
    second.apply(plans[1])
    assert made.id in second.monitors()["both"]["query"]
    assert set(second.monitors()) == {"a", "b", "both"}
    assert left_open(second.state) == ()


def test_what_an_edited_composite_refers_to_is_not_taken_back(
    two: tuple[Any, Any], monitor: Make, composite: Make
) -> None:
    """A person has come by between the composite and the second look."""
    first, second = two
    plans = [
        first.plan(monitor("a")),
        second.plan(monitor("a", threshold=70), monitor("b"), composite("both", "a", "b")),
    ]
    first.apply(plans[0])

    def edit_the_composite(outcome: Any) -> None:
        if outcome.tracking_id == "main/api/both/production":
            first.client.update(resource_types()["monitor"], outcome.id, {"message": "edited"})

    second.told = type("Progress", (), {"append": staticmethod(edit_the_composite)})
    outcomes = {each.tracking_id: each for each in second.apply(plans[1]).outcomes}
    lost = outcomes["main/api/a/production"]
    assert (lost.status, "both are there, delete one" in lost.message) == (Status.MOVED, True)
    assert len(bearing(first, "a", kind="monitor")) == 2


def test_what_somebody_uses_already_is_not_taken_back(
    two: tuple[Any, Any], faulty: Callable[..., Any], project_at: Callable[[str], Any], monitor: Make
) -> None:
    first, _ = two

    def used_just_before_it_goes(request: Any) -> None:
        if request.method == "DELETE":
            first.client.create(resource_types()["slo"], slo_of("theirs", int(PurePath(request.path).name)))

    second = project_at(faulty(used_just_before_it_goes).url)
    plans = [first.plan(monitor("a")), second.plan(monitor("a", threshold=70))]
    first.apply(plans[0])
    (lost,) = second.apply(plans[1]).outcomes
    assert (lost.status, "was created at the same time" in lost.message) == (Status.REFUSED, True)
    assert len(bearing(first, "a", kind="monitor")) == 2


def test_what_is_taken_back_is_in_the_archive(two: tuple[Any, Any], monitor: Make) -> None:
    first, second = two
    plans = [first.plan(monitor("a")), second.plan(monitor("a", threshold=70))]
    first.apply(plans[0])
    second.apply(plans[1])
    (kept,) = (second.state / "archive").rglob("*.json")
    assert b'"critical": 70' in kept.read_bytes()


@pytest.mark.parametrize("workers", [1, 8])
def test_two_syncs_of_one_revision_at_the_same_time_leave_each_resource_once(
    workers: int, two: tuple[Any, Any], monitor: Make, composite: Make, dashboard: Make
) -> None:
    desired = [
        *(monitor(f"m{number:02}") for number in range(20)),
        *(composite(f"c{number}", f"m{number:02}", f"m{number + 1:02}") for number in range(5)),
        *(dashboard(f"d{number}", f"m{number:02}") for number in range(5)),
    ]
    plans = [each.plan(*desired) for each in two]
    threads = [
        threading.Thread(target=each.apply, args=(plan,), kwargs={"workers": workers})
        for each, plan in zip(two, plans, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    two[0].sync(*desired)
    after = two[0].plan(*desired)
    assert (after.changes, after.obstacles) == ((), ())
    assert sum(len(each) for each in two[0].live().values()) == len(desired)


def test_who_comes_too_late_is_told_which_fields_moved_and_whom_to_ask(two: tuple[Any, Any], monitor: Make) -> None:
    first, second = two
    first.sync(monitor("a"))
    late = second.plan(monitor("a", threshold=70))
    first.sync(monitor("a", threshold=80, message="of the first"))
    (outcome,) = second.apply(late).outcomes
    assert outcome.status is Status.MOVED
    assert "in `message`, `options.thresholds`" in outcome.message
    assert "Datadog does not say by whom; created by Local User" in outcome.message
    assert second.monitors()["a"]["message"] == "of the first"


def test_a_create_that_a_dead_run_may_have_sent_is_looked_up_first(two: tuple[Any, Any], monitor: Make) -> None:
    """Its request was still under way when the list was read."""
    first, second = two
    plan = second.plan(monitor("a", threshold=70))
    first.sync(monitor("a"))
    with Journal.begin(second.state, "run", plan) as journal:
        outcomes = apply(plan, second.client, journal, Archive(second.state, "run"), suspects={"main/api/a/production"})
    assert statuses(outcomes) == [Status.MOVED]
    assert not (second.state / "archive").exists()
