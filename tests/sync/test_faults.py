"""Answers get lost and limits are reached; nothing is doubled and nothing is lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from generator.datadog.pacing import WRITERS
from generator.render.model import Resource
from generator.resources.types import resource_types
from generator.sync.executor import UNANSWERED_IN_A_ROW
from generator.sync.journal import latest, unfinished
from generator.sync.outcome import Status

MONITOR = resource_types()["monitor"]
Make = Callable[..., Resource]
FaultyProject = Callable[[Callable[[Any], str | None]], Any]


@pytest.fixture
def faulty_project(faulty: Callable[..., Any], project_at: Callable[[str], Any]) -> FaultyProject:
    return lambda fault: project_at(faulty(fault).url)


def first(method: str, fault: str, times: int = 1) -> Callable[[Any], str | None]:
    return lambda request: fault if request.method == method and request.number <= times else None


def statuses(outcomes: Any) -> list[Status]:
    return [outcome.status for outcome in outcomes.outcomes]


@pytest.mark.parametrize("fault", ["lost", "dropped", "500", "504", "512", "429"])
@pytest.mark.parametrize("times", [1, 2])
def test_a_create_whose_answer_is_lost_is_done_once(
    fault: str, times: int, faulty_project: FaultyProject, project: Any, monitor: Make
) -> None:
    outcomes = faulty_project(first("POST", fault, times)).sync(monitor("a"))
    (live,) = project.client.live(MONITOR)
    assert statuses(outcomes) == [Status.DONE]
    assert outcomes.outcomes[0].id == str(live["id"])


def test_a_create_that_appears_late_is_not_repeated(faulty_project: FaultyProject, project: Any, monitor: Make) -> None:
    looks: list[str] = []

    def lost_and_hidden(request: Any) -> str | None:
        if "monitor_tags" in request.path:
            looks.append(request.path)
            return "503" if len(looks) < 3 else None
        return "lost" if request.method == "POST" else None

    outcomes = faulty_project(lost_and_hidden).sync(monitor("a"))
    assert statuses(outcomes) == [Status.DONE]
    assert len(project.client.live(MONITOR)) == 1


def test_datadogs_own_fence_against_doubles_is_the_last_one(
    faulty_project: FaultyProject, project: Any, monitor: Make
) -> None:
    """The look-up finds nothing although the POST took effect, and so it is repeated."""
    hidden = project.client

    class Blind:
        def __getattr__(self, name: str) -> Any:
            return getattr(blind_client, name)

        def find(self, *_: object) -> tuple[()]:
            return ()

    through_proxy = faulty_project(first("POST", "lost"))
    blind_client = through_proxy.client
    plan = through_proxy.plan(monitor("a"))
    through_proxy.client = Blind()
    outcomes = through_proxy.apply(plan)
    (live,) = hidden.live(MONITOR)
    assert statuses(outcomes) == [Status.ALREADY]
    assert outcomes.outcomes[0].id == str(live["id"])


@pytest.mark.parametrize("fault", ["lost", "dropped", "500", "504", "512", "429"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_update_or_delete_whose_answer_is_lost_is_done(
    fault: str, method: str, faulty_project: FaultyProject, project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"), monitor("b"))
    outcomes = faulty_project(first(method, fault)).sync(monitor("a", threshold=80))
    assert statuses(outcomes) == [Status.DONE, Status.DONE]
    live = project.monitors()
    assert list(live) == ["a"]
    assert live["a"]["options"]["thresholds"]["critical"] == 80


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_write_that_took_effect_counts_as_done_though_no_answer_ever_came(
    method: str, faulty_project: FaultyProject, project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"), monitor("b"))
    through_proxy = faulty_project(lambda request: "lost" if request.method == method else None)
    assert through_proxy.sync(monitor("a", threshold=80)).are_as_planned


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_that_never_succeeds_fails_and_a_next_run_completes_it(
    method: str, faulty_project: FaultyProject, project: Any, monitor: Make
) -> None:
    project.sync(monitor("a"), monitor("b"))
    desired = [monitor("a", threshold=80), monitor("c")]
    through_proxy = faulty_project(lambda request: "503" if request.method == method else None)
    outcomes = through_proxy.sync(*desired)
    assert outcomes.counts["failed"] == 1
    assert outcomes.counts["done"] == 2
    assert project.sync(*desired).are_as_planned
    assert set(project.monitors()) == {"a", "c"}


def test_a_datadog_that_stops_answering_ends_the_run_early(
    faulty: Callable[..., Any], project_at: Callable[[str], Any], monitor: Make
) -> None:
    proxy = faulty(lambda request: "503" if request.method == "POST" else None)
    project = project_at(proxy.url)
    outcomes = project.sync(*(monitor(f"m{number}") for number in range(60)))
    assert outcomes.counts["failed"] + outcomes.counts["skipped"] == 60
    assert UNANSWERED_IN_A_ROW <= outcomes.counts["failed"] < UNANSWERED_IN_A_ROW + WRITERS
    assert "no answer" in outcomes.outcomes[-1].message


def test_an_interrupt_ends_the_writes_under_way_and_begins_no_other(
    project: Any, datadog: str, project_at: Callable[[str], Any], monitor: Make
) -> None:
    plan = project.plan(*(monitor(f"m{number:02}") for number in range(40)))
    told: list[Any] = []

    def interrupt_at_ten(outcome: Any) -> None:
        told.append(outcome)
        if len(told) == 10:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    project.told = type("Progress", (), {"append": staticmethod(interrupt_at_ten)})
    outcomes = project.apply(plan, workers=4)
    assert outcomes.were_interrupted
    done = {each.tracking_id for each in outcomes.outcomes if each.status is Status.DONE}
    assert {each.status for each in outcomes.outcomes} == {Status.DONE, Status.INTERRUPTED}
    assert done == {MONITOR.tracking_id(each) for each in project_at(datadog).client.live(MONITOR)}
    journal = latest(project.state)
    assert journal is not None
    assert unfinished(journal) == ()
