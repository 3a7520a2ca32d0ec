"""What one run after another makes of the endpoint's answers."""

from __future__ import annotations

import pytest
from samples import SECOND_NS, container, since, stats, task
from sequence import Runs, cores

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
