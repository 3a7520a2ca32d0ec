"""A sync that stopped goes on by a run on GitHub: planned, approved, carried out as approved."""

from __future__ import annotations

import pytest

from tests.life.acting import git
from tests.life.repository import Life

QUEUE, ERRORS = ("shop/api/queue/production", "shop/api/errors/production")
DONE = {"plan": "success", "sync": "success", "record": "skipped"}


@pytest.fixture
def synced(life: Life) -> Life:
    assert life.pushed().results == DONE
    return life


def test_several_edits_are_taken_back_in_one_run(synced: Life) -> None:
    synced.edit("queue", 400)
    synced.edit("errors", 50)
    synced.edit("latency", 3)
    run = synced.dispatched(revert_drift=f"  {QUEUE} {ERRORS}\n")
    assert (run.results, run.jobs["sync"].calls["sync"].out) == (DONE, "2 updated.\n")
    assert synced.thresholds() == {"latency": 3, "errors": 10, "queue": 100}
    assert "latency" in synced.night().out


def test_what_datadog_has_lost_is_created_again(synced: Life) -> None:
    for name in ("queue", "errors", "latency"):
        synced.delete(name)
    assert synced.pushed().results["sync"] == "skipped"
    run = synced.dispatched(accept_live_loss=True)
    assert (run.results, run.jobs["sync"].calls["sync"].out) == (DONE, "3 created.\n")
    assert len(synced.monitors()) == 3


def test_odd_wishes_of_a_form_are_refused_by_the_plan(life: Life) -> None:
    for wish in (f"{QUEUE} --prune", "$(touch x)", "`id`", "*", "'", '"; exit 0; "', "a b c d"):
        run = life.dispatched(revert_drift=wish)
        assert run.results == {"plan": "failure", "sync": "skipped", "record": "skipped"}, wish
        assert "names no tracking id" in run.jobs["plan"].calls["plan"].err


def test_a_form_without_anything_is_a_run_like_any_other(synced: Life) -> None:
    synced.edit("queue", 400)
    git(synced.laptop, "commit", "--quiet", "--allow-empty", "--message", "more")
    run = synced.dispatched()
    assert run.results == {"plan": "success", "sync": "skipped", "record": "success"}
    assert synced.thresholds()["queue"] == 400
