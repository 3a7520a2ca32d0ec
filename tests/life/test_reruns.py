"""The job of an old commit, run again, does not take back what came since."""

from __future__ import annotations

import pytest

from tests.life.acting import Run, git, toban
from tests.life.repository import Life

STOPPED = {"plan": "failure", "sync": "skipped", "record": "skipped"}


def on_main(life: Life, message: str, **thresholds: object) -> str:
    life.write(**thresholds)
    life.commit(message)
    git(life.laptop, "push", "--quiet", "origin", "HEAD:main")
    return life.main()


def told(run: Run) -> str:
    plan = run.jobs["plan"]
    return plan.summary + plan.calls["plan"].err


@pytest.fixture
def revisions(life: Life) -> list[str]:
    """Those of main, each synced; with more commits between them than a runner fetches."""
    found = [life.main()]
    life.pushed()
    for latency in (0.7, 0.6):
        for errors in (1, 2, 3):
            on_main(life, "more", latency=latency, errors=errors, queue=100)
        assert life.pushed().conclusion == "success"
        found.append(life.main())
    return found


@pytest.mark.parametrize("number", [0, 1])
def test_an_old_job_that_is_run_again_stops_and_names_both_revisions(
    number: int, revisions: list[str], life: Life
) -> None:
    run = life.pushed(revisions[number])
    assert run.results == STOPPED
    assert f"<code>{revisions[number][:12]}</code> is checked out" in told(run)
    assert f"later <code>{revisions[-1][:12]}</code> was applied already" in told(run)
    assert life.thresholds()["latency"] == 0.6


def test_the_job_of_the_last_commit_can_be_run_again(revisions: list[str], life: Life) -> None:
    assert life.pushed(revisions[-1]).results == {"plan": "success", "sync": "skipped", "record": "success"}


def test_a_revert_is_a_new_commit_and_goes(revisions: list[str], life: Life) -> None:
    on_main(life, "as it was", latency=0.8, errors=10, queue=100)
    assert life.pushed().conclusion == "success"
    assert life.thresholds()["latency"] == 0.8
    assert life.pushed(revisions[0]).results == {"plan": "success", "sync": "skipped", "record": "success"}


def test_an_old_job_is_told_also_where_the_last_sync_could_not_do_everything(life: Life) -> None:
    first = life.main()
    life.pushed()
    life.edit("queue", 400)
    on_main(life, "both", latency=0.7, errors=10, queue=200)
    assert life.pushed().results["sync"] == "failure"
    assert (life.pushed(first).results, life.thresholds()["latency"]) == (STOPPED, 0.7)


def test_somebody_may_go_back_on_purpose(revisions: list[str], life: Life) -> None:
    laptop = life.checkout("another", depth=0)
    git(laptop, "checkout", "--quiet", revisions[0])
    arguments = ("sync", "--yes", "--push-applied", "--api-url", life.url)
    ran = toban(laptop, *arguments)
    assert (ran.code, f"say that you mean it: `--ref {revisions[0][:12]}`" in ran.err) == (1, True), ran.err
    ran = toban(laptop, *arguments, "--ref", revisions[0][:12])
    assert (ran.code, life.thresholds()["latency"]) == (0, 0.8), ran.err
    # What main has goes forward from there.
    assert life.pushed().conclusion == "success"
    assert life.thresholds()["latency"] == 0.6


def test_a_clone_that_has_not_fetched_lately_fetches(revisions: list[str], life: Life) -> None:
    old = life.folder / "old"
    git(life.folder, "clone", "--quiet", life.folder / "remote", old)
    on_main(life, "since then", latency=0.5, errors=3, queue=100)
    assert life.pushed().conclusion == "success"
    ran = toban(old, "plan", "--fetch-applied", "--api-url", life.url)
    assert (ran.code, f"`{revisions[-1][:12]}` is checked out" in ran.out) == (1, True), ran.out
    assert git(old, "rev-parse", "HEAD") == revisions[-1]


def test_a_commit_that_is_nowhere_any_more_stops_nothing(life: Life) -> None:
    life.pushed()
    git(life.laptop, "commit", "--quiet", "--amend", "--message", "otherwise")
    life.write(latency=0.7, errors=10, queue=100)
    life.commit("next")
    git(life.laptop, "push", "--quiet", "--force", "origin", "HEAD:main")
    run = life.pushed()
    assert (run.conclusion, life.thresholds()["latency"]) == ("success", 0.7)
    assert "whether it is later cannot be told" in told(run)
