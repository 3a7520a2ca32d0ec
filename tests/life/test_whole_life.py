"""The whole life of an alert in one repository: reviews, merges, syncs with faults, an incident, drift, both."""

from __future__ import annotations

import re

from tests.life.acting import git, toban
from tests.life.repository import Life

REF = "refs/toban/applied/shop"
FAULTS = {
    "name": "the answer to one write is lost, and Datadog is busy for a moment",
    "faults": [
        {"when": {"method": "POST", "path": "/api/v1/monitor", "nth": 2}, "do": {"reset": "after_write"}},
        {"when": {"method": "PUT", "path": "/api/v1/monitor/*", "nth": 1}, "do": {"reset": "after_write"}},
        {"when": {"method": "GET", "path": "/api/v1/monitor", "nth": 2}, "do": {"status": 502}},
    ],
}


def reviewed(life: Life) -> str:
    """A bad pull request is stopped by its job; a good one says what it changes, in one comment."""
    life.branch("bad", latency="0.8 and so on", errors=10, queue=100)
    review, comment = life.reviewed("bad", 1)
    assert (review.results, "query-syntax" in comment) == ({"review": "failure"}, True), comment
    git(life.laptop, "switch", "--quiet", "main")
    life.branch("good", latency=0.7, errors=10, queue=100)
    life.reviewed("good", 2)
    life.write(latency=0.6, errors=10, queue=100)
    life.commit("good, better")
    review, comment = life.reviewed("good", 2)
    assert (review.results, len(life.github.comments[2])) == ({"review": "success"}, 1)
    assert "threshold 0.8 → 0.6" in comment
    return comment


def test_the_whole_life(life: Life) -> None:
    # The first push to main, while Datadog loses answers: nothing is doubled.
    life.misbehave(FAULTS)
    first = life.pushed()
    assert first.results == {"plan": "success", "sync": "success", "record": "skipped"}, (
        first.jobs["sync"].calls["sync"].err
    )
    assert life.thresholds() == {"latency": 0.8, "errors": 10, "queue": 100}
    assert REF in git(life.laptop, "ls-remote", "origin")

    comment = reviewed(life)

    # Meanwhile somebody raises another threshold in the browser: the merge does what was reviewed and no more.
    life.edit("errors", 500)
    life.merged("good")
    life.misbehave(FAULTS)
    second = life.pushed()
    assert second.jobs["sync"].calls["sync"].out == "1 updated.\n"
    assert life.thresholds() == {"latency": 0.6, "errors": 500, "queue": 100}
    summary = second.jobs["plan"].summary
    assert "threshold 10 → 500" in summary
    desired = re.compile(r"desired digest <code>(\w{64})")
    assert desired.findall(comment) == desired.findall(summary) != []

    # The drift job opens an issue about it, with what would keep it; a person keeps it.
    told = life.night()
    assert (told.code, len(told.out) < 65_536) == (2, True), told.err
    assert "Datadog does not say by whom; created by" in told.out
    assert [(each["state"], "threshold 10 → 500" in each["body"]) for each in life.github.issues] == [("open", True)]
    git(life.laptop, "switch", "--quiet", "--create", "keep")
    wrote = toban(life.laptop, "drift", "--fetch-applied", "--write-yaml", "--api-url", life.url)
    assert (wrote.code, "wrote monitors/api.yaml" in wrote.err) == (2, True), wrote.err
    assert "errors{service:api}.as_count() > 500" in (life.laptop / "monitors" / "api.yaml").read_text()
    life.commit("keep")
    life.merged("keep")
    assert life.pushed().results == {"plan": "success", "sync": "skipped", "record": "success"}
    assert life.night().code == 0
    assert [each["state"] for each in life.github.issues] == ["closed"]

    # Both at once: the sync stops for that one, does the rest, and names it.
    life.edit("queue", 400)
    life.branch("both", latency=0.5, errors=600, queue=200)
    life.merged("both")
    third = life.pushed()
    assert third.results == {"plan": "success", "sync": "failure", "record": "skipped"}
    assert life.thresholds() == {"latency": 0.5, "errors": 600, "queue": 400}
    synced = third.jobs["sync"].calls["sync"]
    assert "was edited in `options.thresholds`, `query` since it was last applied" in synced.err
    assert "git has changed it in `options.thresholds`, `query`" in synced.err

    # Somebody decides: the edit goes, by a run that is planned, approved and carried out like any other.
    decided = life.dispatched(revert_drift="shop/api/queue/production")
    assert decided.results == {"plan": "success", "sync": "success", "record": "skipped"}, decided.jobs
    assert decided.environments == ["datadog-plan", "production"]
    assert "threshold 400 → 200" in decided.jobs["plan"].summary
    assert life.thresholds() == {"latency": 0.5, "errors": 600, "queue": 200}
    assert life.night().code == 0
