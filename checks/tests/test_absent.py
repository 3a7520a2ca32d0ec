"""What the endpoint does not say: containers without counters, and tasks without limits."""

from __future__ import annotations

from typing import Any

import pytest
from samples import container, moment, since, stats, task
from sequence import Runs, cores


@pytest.mark.parametrize("absent", [None, {}, [], "None", {"read": moment(20)}, {"cpu_stats": {}}])
def test_a_container_without_counters_is_missing_while_it_runs(runs: Runs, absent: Any) -> None:
    both = task(container("app"), container("agent"))
    runs.next(0, both, app=stats(0, 1), agent=stats(0, 1))
    partial = runs.next(20, both, app=stats(20, 2), agent=absent)
    assert (partial.task.missing, partial.task.cores, cores(partial)) == (1, 0.05, {"app": 0.05})
    assert list(runs.memory) == ["0123-app"]


def test_a_container_of_the_task_that_the_stats_do_not_know_is_missing(runs: Runs) -> None:
    both = task(container("app"), container("agent"))
    assert runs.next(0, both, app=stats(0, 1, **since(-10, 0.5))).task.missing == 1


@pytest.mark.parametrize(
    "fields",
    [{"KnownStatus": "STOPPED"}, {"KnownStatus": "PENDING"}, {"StartedAt": moment(-20)}],
    ids=["stopped", "not yet running", "just started"],
)
def test_a_container_that_has_no_counters_for_a_reason_is_not_missing(runs: Runs, fields: dict[str, str]) -> None:
    both = task(container("app"), container("job", **fields))
    assert runs.next(0, both, app=stats(0, 1, **since(-10, 0.5)), job=None).task.missing == 0


def test_a_stopped_container_is_not_counted_by_its_last_reading(runs: Runs) -> None:
    both = task(container("app"), container("job", KnownStatus="STOPPED"))
    measurement = runs.next(0, both, app=stats(0, 1, **since(-10, 0.5)), job=stats(-5, 90, **since(-15, 80)))
    assert cores(measurement) == {"app": 0.05}
    assert measurement.task.cores == 0.05


def test_when_nothing_is_read_nothing_is_measured(runs: Runs) -> None:
    nothing = runs.next(0, task())
    assert (nothing.containers, nothing.task.percent, nothing.task.cores, nothing.task.missing) == ((), None, None, 1)
    assert nothing.unread == "the stats document has no counters of any container that runs"


def test_one_reading_alone_is_read_and_not_in_the_sum(runs: Runs) -> None:
    first = runs.next(3, task(), app=stats(1, 5))
    assert (first.task.missing, first.unread) == (1, None)


@pytest.mark.parametrize(
    "containers",
    [[], [container(KnownStatus="STOPPED")], [container(Type="CNI_PAUSE")]],
    ids=["none", "stopped", "ECS"],
)
def test_a_task_without_a_container_that_runs_is_told(runs: Runs, containers: list[Any]) -> None:
    empty = runs.next(0, task(Containers=containers), app=stats(0, 1, **since(-10, 0)))
    assert (empty.task.percent, empty.unread) == (None, "the task document names no container that runs")


def test_a_task_that_has_only_begun_is_not_unread(runs: Runs) -> None:
    begun = task(container(StartedAt=moment(-2)), container("job", KnownStatus="PENDING"))
    assert runs.next(0, begun, app=None).unread is None


def test_a_container_that_starts_in_a_far_future_is_missing(runs: Runs) -> None:
    future = runs.next(0, task(container(StartedAt=moment(10**6))), app=stats(0, 1, **since(-10, 0)))
    assert (future.task.percent, future.task.missing) == (None, 1)


def test_counters_of_strangers_are_ignored(runs: Runs) -> None:
    stranger = runs.next(0, task(), app=stats(0, 1, **since(-10, 0)), other=stats(0, 99, **since(-10, 0)))
    assert (cores(stranger), stranger.task.cores) == ({"app": None}, None)
    with_pair = runs.next(10, task(), app=stats(10, 2, **since(0, 1)), other=stats(0, 99, **since(-10, 1)))
    assert (cores(with_pair), with_pair.task.cores) == ({"app": 0.1}, 0.1)


@pytest.mark.parametrize("pause", [{"Type": "CNI_PAUSE"}, {"Type": "NAMESPACE_PAUSE"}, {"Name": "~internal~ecs~pause"}])
def test_containers_of_ecs_itself_are_left_out(runs: Runs, pause: dict[str, str]) -> None:
    both = task(container("app"), {**container("pause"), **pause})
    reading = stats(0, 1, **since(-10, 0.5))
    measurement = runs.next(0, both, app=reading, pause=reading)
    assert (cores(measurement), measurement.task.missing) == ({"app": 0.05}, 0)


# Limits.


@pytest.mark.parametrize("limits", [None, {}, {"CPU": None}, {"CPU": 0}, {"CPU": -1}, {"CPU": "1"}, {"CPU": True}, []])
def test_a_task_without_a_limit_has_cores_and_no_percent(runs: Runs, limits: Any) -> None:
    """Such tasks exist on EC2; a weight of 512 units still says how much of its own part a container uses."""
    document = task(container(Limits={"CPU": 512}), Limits=limits, LaunchType="EC2")
    measurement = runs.next(0, document, app=stats(0, 4, **since(-10, 0.5)))
    (use,) = measurement.containers
    assert (measurement.task.cores, measurement.task.percent, measurement.task.limit_cores) == (0.35, None, None)
    assert (use.cores, use.percent, use.reservation_percent) == (0.35, None, pytest.approx(70))


@pytest.mark.parametrize("units", [None, 0, 1, 2, "128", float("nan")])
def test_a_container_that_reserves_nothing_has_no_percent_of_it(runs: Runs, units: Any) -> None:
    measurement = runs.next(0, task(container(Limits={"CPU": units})), app=stats(0, 4, **since(-10, 0.5)))
    assert (measurement.containers[0].reservation_percent, measurement.containers[0].percent) == (None, 35)


def test_a_container_may_use_more_than_it_reserves(runs: Runs) -> None:
    """Two containers of 256 units in a task of 512: each may use all of it."""
    both = task(container("app", Limits={"CPU": 256}), container("web", Limits={"CPU": 256}), cpu=0.5)
    idle = stats(0, 1, **since(-10, 1))
    measurement = runs.next(0, both, app=stats(0, 6, **since(-10, 1)), web=idle)
    assert [each.reservation_percent for each in measurement.containers] == [200, 0]
    assert (measurement.task.percent, measurement.task.is_cut) == (100, False)


def test_more_than_the_limit_is_cut_and_told_and_the_cores_are_not(runs: Runs) -> None:
    measurement = runs.next(0, task(cpu=0.25), app=stats(0, 4, **since(-10, 1)))
    assert (measurement.task.percent, measurement.task.is_cut, measurement.task.cores) == (100, True, 0.3)
    assert (measurement.containers[0].percent, measurement.containers[0].cores) == (100, 0.3)
