"""An edit that git has kept is applied from then on, though nothing was to be done for it."""

from __future__ import annotations

import pytest

from tests.life.acting import Run, git, toban
from tests.life.repository import Life

ERRORS = "shop/api/errors/production"
ONLY_RECORDED = {"plan": "success", "sync": "skipped", "record": "success"}


def merged(life: Life, name: str, **thresholds: object) -> Run:
    git(life.laptop, "switch", "--quiet", "main")
    life.branch(name, **thresholds)
    life.merged(name)
    return life.pushed()


@pytest.fixture
def kept(life: Life) -> Life:
    """Somebody has raised a threshold in the browser, and somebody has kept that in git."""
    assert life.pushed().conclusion == "success"
    life.edit("errors", 15)
    run = merged(life, "keep", latency=0.8, errors=15, queue=100)
    assert (run.results, run.environments) == (ONLY_RECORDED, ["datadog-plan"])
    return life


def test_an_edit_back_is_drift_and_no_later_merge_undoes_it(kept: Life) -> None:
    kept.edit("errors", 10)
    night = kept.night()
    assert (night.code, "threshold 15 → 10" in night.out) == (2, True), night.out
    run = merged(kept, "unrelated", latency=0.5, errors=15, queue=100)
    assert run.jobs["sync"].calls["sync"].out == "1 updated.\n"
    assert kept.thresholds() == {"latency": 0.5, "errors": 10, "queue": 100}


def test_a_further_edit_is_drift_and_stops_nothing(kept: Life) -> None:
    kept.edit("errors", 20)
    run = merged(kept, "unrelated", latency=0.5, errors=15, queue=100)
    assert (run.results["sync"], run.jobs["sync"].calls["sync"].out) == ("success", "1 updated.\n")
    assert kept.thresholds() == {"latency": 0.5, "errors": 20, "queue": 100}
    assert "changed in git too" not in run.jobs["plan"].summary


def test_an_edit_that_nobody_has_kept_stays_drift_while_others_are_recorded(life: Life) -> None:
    assert life.pushed().conclusion == "success"
    life.edit("errors", 15)
    life.edit("queue", 150)
    assert merged(life, "keep-one", latency=0.8, errors=15, queue=100).results == ONLY_RECORDED
    for name in ("no-change", "no-change-again"):
        git(life.laptop, "commit", "--quiet", "--allow-empty", "--message", name)
        git(life.laptop, "push", "--quiet", "origin", "main")
        assert life.pushed().results == ONLY_RECORDED
        night = life.night()
        assert ("threshold 100 → 150" in night.out, "shop/api/errors/" in night.out) == (True, False), night.out


def test_a_repository_whose_first_plan_is_empty_has_its_record(life: Life) -> None:
    assert toban(life.checkout("earlier"), "sync", "--yes", "--api-url", life.url).code == 0
    assert life.pushed().results == ONLY_RECORDED
    life.edit("errors", 15)
    assert life.night().code == 2


def test_what_the_yaml_has_lost_and_somebody_deleted_is_in_no_record(life: Life) -> None:
    assert life.pushed().conclusion == "success"
    life.delete("errors")
    life.without("errors")
    assert life.pushed().results == ONLY_RECORDED
    life.write(latency=0.8, errors=10, queue=100)
    life.commit("errors again")
    git(life.laptop, "push", "--quiet", "origin", "main")
    assert life.pushed().jobs["sync"].calls["sync"].out == "1 created.\n"
