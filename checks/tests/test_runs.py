"""What one run after another makes of the endpoint's answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from samples import SECOND_NS, START_NS, container, moment, since, stats, task
from toban_fargate_cpu import Measurement, Memory, measured
from toban_fargate_documents import stats_of, task_of


@dataclass
class Runs:
    """The check's memory from run to run."""

    memory: Memory

    def next(self, at: float, task_document: Any, **by_name: Any) -> Measurement:
        """One run at `at` seconds; stats are given by the container's name."""
        answered = stats_of({f"0123-{name}": each for name, each in by_name.items()})
        now_ns = START_NS + round(at * SECOND_NS)
        measurement = measured(task_of(task_document), answered, self.memory, now_ns=now_ns)
        self.memory = measurement.memory
        return measurement


@pytest.fixture
def runs() -> Runs:
    return Runs({})


def cores(measurement: Measurement) -> dict[str, float | None]:
    return {each.name: each.cores for each in measurement.containers}


# A first run and the next.


def test_one_reading_alone_gives_no_figure_but_its_age(runs: Runs) -> None:
    first = runs.next(3, task(), app=stats(1, 5))
    assert (first.task.percent, first.task.cores, first.task.is_cut) == (None, None, False)
    assert [(each.cores, each.percent, each.age_seconds) for each in first.containers] == [(None, None, 2)]


def test_the_endpoints_own_previous_reading_serves_a_first_run(runs: Runs) -> None:
    assert runs.next(12, task(cpu=2), app=stats(10, 9, **since(0, 4))).task.percent == 25


def test_the_whole_time_since_the_last_run_counts_not_the_endpoints_last_ten_seconds(runs: Runs) -> None:
    runs.next(1, task(), app=stats(0, 100))
    assert runs.next(21, task(), app=stats(20, 104, **since(10, 104))).task.percent == 20


def test_an_idle_task_is_at_zero_and_not_silent(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 3))
    idle = runs.next(10, task(), app=stats(10, 3))
    assert (idle.task.percent, idle.task.cores, cores(idle)) == (0, 0, {"app": 0})


def test_time_is_that_of_the_readings_and_not_of_the_runs(runs: Runs) -> None:
    runs.next(9, task(), app=stats(0, 0.5))
    late = runs.next(28, task(), app=stats(10, 5.5))
    assert (late.task.percent, late.task.age_seconds) == (50, 18)


def test_less_than_a_second_between_readings_is_measured(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 1))
    assert runs.next(1, task(), app=stats(0.5, 1.25)).task.percent == 50


def test_a_step_of_the_counter_within_a_nanosecond_is_no_thousand_million_cores(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 1))
    second = {**stats(0, 2, **since(0, 1)), "read": "2023-11-14T22:13:20.000000001Z"}
    assert runs.next(1, task(), app=second).task.cores is None
    # Nor is the interval then cut to what is left of it.
    assert runs.next(2, task(), app=stats(2, 2)).task.cores == 0.5


def test_a_pair_of_a_nanosecond_gives_no_figure(runs: Runs) -> None:
    pair = {**stats(0, 2, **since(0, 1)), "read": "2023-11-14T22:13:20.000000001Z"}
    assert runs.next(1, task(), app=pair).task.cores is None


def test_readings_that_are_renewed_without_pause_are_measured_over_half_a_second_each(runs: Runs) -> None:
    sent = [runs.next(at / 10, task(), app=stats(at / 10, at / 20)).task.cores for at in range(12)]
    assert sent == [None] * 5 + [0.5] + [None] * 4 + [0.5, None]


def test_nanoseconds_between_readings_are_not_rounded(runs: Runs) -> None:
    first, second = stats(0, 1), {**stats(1, 0), "read": "2023-11-14T22:13:21.000000001Z"}
    second["cpu_stats"] = {"cpu_usage": {"total_usage": 2 * SECOND_NS + 1}}
    runs.next(0, task(), app=first)
    assert runs.next(1, task(), app=second).task.cores == 1


def test_after_an_outage_the_endpoints_pair_tells_of_now_and_the_last_run_does_not(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 0))
    assert runs.next(120, task(), app=stats(120, 60, **since(110, 59))).task.percent == 50
    assert runs.next(241, task(), app=stats(241, 61, **since(231, 60))).task.percent == 10


def test_after_an_outage_without_a_pair_there_is_no_figure_until_the_next_run(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 0))
    assert runs.next(3600, task(), app=stats(3600, 3000)).task.percent is None
    assert runs.next(3620, task(), app=stats(3620, 3002)).task.percent == 10


def test_a_previous_reading_of_long_ago_is_not_measured_from(runs: Runs) -> None:
    assert runs.next(0, task(), app=stats(0, 3600, **since(-3600, 0))).task.percent is None


# Repeated and disordered readings.


def test_a_repeated_reading_sends_its_age_only(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 1))
    runs.next(10, task(), app=stats(10, 2))
    again = runs.next(15, task(), app=stats(10, 2, **since(0, 1)))
    assert (again.task.percent, again.task.cores, cores(again)) == (None, None, {"app": None})
    assert again.containers[0].age_seconds == 5


def test_a_repeated_reading_does_not_shorten_the_next_interval(runs: Runs) -> None:
    for at in (0, 1):
        runs.next(at, task(), app=stats(0, 1))
    assert runs.next(20, task(), app=stats(20, 3)).task.percent == 10


def test_a_clock_set_back_gives_no_figure_and_the_next_run_does(runs: Runs) -> None:
    runs.next(200, task(), app=stats(200, 1))
    assert runs.next(50, task(), app=stats(50, 2)).task.percent is None
    assert runs.next(60, task(), app=stats(60, 3)).task.percent == 10


def test_a_clock_set_back_within_a_minute_does_not_divide_what_was_used_since_by_the_short_rest(runs: Runs) -> None:
    """A tenth of a core all along; at 200 s the clock goes back to 140."""
    runs.next(200, task(), app=stats(200, 20, **since(190, 19)))
    # What used 20.1 - 20 s in between has no known length: the endpoint's pair is of both clocks.
    assert runs.next(141, task(), app=stats(141, 20.1, **since(200, 20))).task.cores is None
    # Cores: (21.1 - 20.1) / (151 - 141), and so on past the moment of the first reading.
    for at, total in ((151, 21.1), (171, 23.1), (191, 25.1), (201, 26.1)):
        again = runs.next(at, task(), app=stats(at, total, **since(at - 10, total - 1)))
        assert (again.task.cores, again.task.percent) == (0.1, 10)


def test_after_a_clock_is_set_back_the_endpoints_pair_serves_at_once(runs: Runs) -> None:
    runs.next(200, task(), app=stats(200, 20))
    # Cores: (24 - 21) / (160 - 150).
    assert runs.next(160, task(), app=stats(160, 24, **since(150, 21))).task.percent == 30


@pytest.mark.parametrize("total", [2, 1.5])
def test_an_older_reading_of_no_more_than_the_last_is_an_old_answer(runs: Runs, total: float) -> None:
    runs.next(20, task(), app=stats(20, 2))
    assert runs.next(21, task(), app=stats(10, total, **since(0, 0.5))).task.percent is None
    # Cores: (4 - 2) / (40 - 20).
    assert runs.next(40, task(), app=stats(40, 4)).task.percent == 10


def test_an_old_answer_of_before_an_untold_restart_spoils_no_later_figure(runs: Runs) -> None:
    runs.next(20, task(), app=stats(20, 4))
    runs.next(21, task(), app=stats(10, 501, **since(0, 500)))
    # Cores: (6 - 5) / (40 - 30).
    assert runs.next(40, task(), app=stats(40, 6, **since(30, 5))).task.percent == 10


def test_a_reading_older_than_the_last_is_neither_sent_nor_kept(runs: Runs) -> None:
    runs.next(20, task(), app=stats(20, 2, **since(10, 1)))
    older = runs.next(21, task(), app=stats(10, 1, **since(0, 0.5)))
    assert (older.task.percent, cores(older), older.containers[0].age_seconds) == (None, {"app": None}, 11)
    assert runs.next(40, task(), app=stats(40, 4)).task.percent == 10


def test_a_clock_far_ahead_throws_no_other_container_out(runs: Runs) -> None:
    both = task(container("app"), container("odd"))
    runs.next(0, both, app=stats(0, 0), odd=stats(0, 0))
    ahead = runs.next(20, both, app=stats(20, 2), odd=stats(10**6, 2, **since(10**6 - 10, 1)))
    assert (ahead.task.cores, ahead.task.missing, cores(ahead)) == (0.1, 1, {"app": 0.1, "odd": None})
    # Once it is right again, it is measured from its last good reading.
    again = runs.next(40, both, app=stats(40, 4), odd=stats(40, 8))
    assert (cores(again), again.task.missing) == ({"app": 0.1, "odd": 0.2}, 0)


def test_when_all_clocks_are_far_ahead_it_is_said(runs: Runs) -> None:
    ahead = runs.next(0, task(), app=stats(300, 2, **since(290, 1)))
    assert (ahead.task.percent, ahead.task.missing) == (None, 1)
    assert ahead.unread == "the endpoint's readings are 300 s ahead of this clock"


def test_containers_that_are_read_at_different_moments_are_summed_each_over_its_own_time(runs: Runs) -> None:
    both = task(container("app"), container("agent"))
    runs.next(0, both, app=stats(0, 0), agent=stats(3, 0))
    measurement = runs.next(20, both, app=stats(10, 5), agent=stats(23, 2))
    assert measurement.task.cores == pytest.approx(0.6)


def test_a_container_whose_reading_is_repeated_counts_with_its_last_cores(runs: Runs) -> None:
    both = task(container("app"), container("agent"))
    runs.next(0, both, app=stats(0, 1), agent=stats(0, 1))
    runs.next(10, both, app=stats(10, 6), agent=stats(10, 2))
    measurement = runs.next(15, both, app=stats(15, 7), agent=stats(10, 2))
    assert measurement.task.cores == pytest.approx(0.3)
    assert cores(measurement) == {"app": 0.2, "agent": None}
    assert measurement.task.age_seconds == 5
    assert measurement.task.missing == 0


def test_a_container_that_is_not_read_for_a_minute_is_missing_and_its_age_grows(runs: Runs) -> None:
    both = task(container("app"), container("agent"))
    runs.next(0, both, app=stats(0, 1), agent=stats(0, 1))
    runs.next(10, both, app=stats(10, 2), agent=stats(10, 2))
    for at, missing in ((70, 0), (71, 1), (3600, 1)):
        stalled = runs.next(at, both, app=stats(at, 9 + at, **since(at - 10, 8 + at)), agent=stats(10, 2))
        assert (stalled.task.missing, stalled.task.age_seconds, stalled.unread) == (missing, at - 10, None)
    assert stalled.task.cores == 0.1


def test_when_all_readings_stand_still_all_are_missing_and_it_is_said(runs: Runs) -> None:
    both = task(container("app"), container("agent"))
    readings = {name: stats(10, 2, **since(0, 1)) for name in ("app", "agent")}
    assert runs.next(10, both, **readings).task.percent == 20
    for at, missing, unread in ((70, 0, None), (3610, 2, "the endpoint's newest reading is 3600 s old")):
        stalled = runs.next(at, both, **readings)
        assert (stalled.task.percent, stalled.task.missing, stalled.task.age_seconds) == (None, missing, at - 10)
        assert stalled.unread == unread


def test_an_old_pair_in_a_first_run_gives_no_figure(runs: Runs) -> None:
    first = runs.next(3600, task(), app=stats(0, 2, **since(-10, 1)))
    assert (first.task.percent, cores(first), first.task.missing) == (None, {"app": None}, 1)
    assert (first.task.age_seconds, first.containers[0].age_seconds) == (3600, 3600)


# Restarts.


def test_a_new_container_of_the_same_name_starts_anew(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 1))
    anew = {**container(), "DockerId": "0123-second"}
    measured_anew = runs.next(10, task({**container(), "KnownStatus": "STOPPED"}, anew), app=None, second=stats(10, 9))
    assert cores(measured_anew) == {"app": None}
    assert list(runs.memory) == ["0123-second"]


def test_a_counter_that_fell_is_read_from_the_endpoints_pair(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 500))
    assert runs.next(20, task(), app=stats(20, 4, **since(10, 1))).task.percent == 30


def test_a_counter_that_fell_within_the_endpoints_pair_too_gives_no_figure(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 500))
    assert runs.next(20, task(), app=stats(20, 4, **since(10, 501))).task.percent is None
    assert runs.next(30, task(), app=stats(30, 5)).task.percent == 10


def test_a_fall_that_only_the_endpoints_pair_shows_is_not_measured_across(runs: Runs) -> None:
    """From 5 s to 1 and on to 8: (8 - 1) / (20 - 10), not (8 - 5) / (20 - 0)."""
    runs.next(0, task(), app=stats(0, 5))
    assert runs.next(20, task(), app=stats(20, 8, **since(10, 1))).task.percent == 70


def test_a_fall_within_the_endpoints_pair_that_the_last_reading_hides_gives_no_figure(runs: Runs) -> None:
    """From 1 s to 10 and down to 2: neither (2 - 1) / 20 nor anything else is known of now."""
    runs.next(0, task(), app=stats(0, 1))
    assert runs.next(20, task(), app=stats(20, 2, **since(10, 10))).task.percent is None
    # Cores: (5 - 2) / (30 - 20).
    assert runs.next(30, task(), app=stats(30, 5, **since(20, 2))).task.percent == 30


def test_a_pair_that_ends_before_it_begins_throws_no_last_reading_out(runs: Runs) -> None:
    runs.next(0, task(), app=stats(0, 1))
    assert runs.next(20, task(), app=stats(20, 3, **since(30, 4))).task.percent == 10


@pytest.mark.parametrize("fields", [{"RestartCount": 1}, {"StartedAt": moment(5)}])
def test_a_restart_whose_counter_has_overtaken_the_last_is_not_measured_across(
    runs: Runs, fields: dict[str, Any]
) -> None:
    runs.next(0, task(), app=stats(0, 3))
    restarted = task({**container(), **fields})
    assert runs.next(20, restarted, app=stats(20, 4)).task.percent is None
    assert runs.next(30, restarted, app=stats(30, 6)).task.percent == 20


@pytest.mark.parametrize(
    "fields", [{"RestartCount": 1}, {"StartedAt": moment(15)}, {"StartedAt": None, "RestartCount": 1}]
)
def test_the_endpoints_pair_does_not_span_a_restart_either(runs: Runs, fields: dict[str, Any]) -> None:
    """The counter goes on after a restart, as the ECS agent makes it; each answer bears the reading before."""
    runs.next(0, task(), app=stats(0, 3, **since(-10, 2)))
    restarted = task({**container(), **fields})
    assert runs.next(20, restarted, app=stats(20, 13, **since(10, 12))).task.percent is None
    assert runs.next(40, restarted, app=stats(40, 15, **since(30, 14))).task.percent == 10


def test_a_first_run_does_not_measure_from_before_the_start(runs: Runs) -> None:
    began = task(container(StartedAt=moment(-5)))
    assert runs.next(1, began, app=stats(0, 9, **since(-10, 1))).task.percent is None
    assert runs.next(11, began, app=stats(10, 10, **since(0, 9))).task.percent == 10


def test_a_first_run_measures_from_after_the_start(runs: Runs) -> None:
    assert runs.next(1, task(container(StartedAt=moment(-10))), app=stats(0, 2, **since(-10, 1))).task.percent == 10


@pytest.mark.parametrize("started", [None, moment(-3600)], ids=["not told", "perhaps that of the first start"])
def test_a_first_run_of_a_container_that_was_restarted_waits(runs: Runs, started: str | None) -> None:
    restarted = task(container(StartedAt=started, RestartCount=1))
    assert runs.next(1, restarted, app=stats(0, 9, **since(-10, 1))).task.percent is None
    assert runs.next(21, restarted, app=stats(20, 11, **since(10, 10))).task.percent == 10


def test_a_reading_from_before_the_restart_is_not_measured_from(runs: Runs) -> None:
    """The task tells of the restart at once, the stats ten seconds later."""
    runs.next(10, task(), app=stats(10, 1))
    restarted = task(container(StartedAt=moment(25)))
    assert runs.next(28, restarted, app=stats(20, 2, **since(10, 1))).task.percent is None
    assert runs.next(48, restarted, app=stats(40, 9, **since(30, 8))).task.percent == 10


# What is absent.


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
