"""What a container's restart makes of its counters."""

from __future__ import annotations

from typing import Any

import pytest
from samples import container, moment, since, stats, task
from sequence import Runs, cores


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
