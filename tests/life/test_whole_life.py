"""The whole life of an alert in one repository: reviews, merges, syncs with faults, an incident, drift, both."""

from __future__ import annotations

import re

from tests.life.repository import Life, git, toban

REF = "refs/toban/applied/shop"
FAULTS = {
    "name": "the answer to one write is lost, and Datadog is busy for a moment",
    "faults": [
        {"when": {"method": "POST", "path": "/api/v1/monitor", "nth": 2}, "do": {"reset": "after_write"}},
        {"when": {"method": "PUT", "path": "/api/v1/monitor/*", "nth": 1}, "do": {"reset": "after_write"}},
        {"when": {"method": "GET", "path": "/api/v1/monitor", "nth": 2}, "do": {"status": 502}},
    ],
}


def test_the_whole_life(life: Life) -> None:
    # The first push to main, while Datadog loses answers: nothing is doubled.
    life.misbehave(FAULTS)
    planned, synced = life.synced("first")
    assert (planned.code, synced.code) == (0, 0), synced.err
    assert life.thresholds() == {"latency": 0.8, "errors": 10, "queue": 100}
    assert REF in git(life.laptop, "ls-remote", "origin")

    # A bad pull request is stopped by its job; a good one says what it changes.
    life.branch("bad", latency="0.8 and so on", errors=10, queue=100)
    codes, _ = life.reviewed("bad")
    assert codes[0] == 1
    git(life.laptop, "switch", "--quiet", "main")
    life.branch("good", latency=0.6, errors=10, queue=100)
    codes, comment = life.reviewed("good")
    assert codes == [0, 0, 0]
    assert "threshold 0.8 → 0.6" in comment

    # Meanwhile somebody raises another threshold in the browser: the merge does what was reviewed and no more.
    life.edit("errors", 500)
    life.merged("good")
    life.misbehave(FAULTS)
    planned, synced = life.synced("second")
    assert (planned.code, synced.code, synced.out) == (0, 0, "1 updated.\n"), synced.err
    assert life.thresholds() == {"latency": 0.6, "errors": 500, "queue": 100}
    assert "threshold 10 → 500" in planned.out
    desired = re.compile(r"desired digest <code>(\w{64})")
    assert desired.findall(comment) == desired.findall(planned.out) != []

    # The drift job says so, and what would keep it; a person keeps it.
    told = life.drift("night")
    assert (told.code, len(told.out) < 65_536) == (2, True), told.err
    assert "Datadog does not say by whom; created by" in told.out
    git(life.laptop, "switch", "--quiet", "--create", "keep")
    wrote = toban(life.laptop, "drift", "--fetch-applied", "--write-yaml", "--api-url", life.url)
    assert (wrote.code, "wrote monitors/api.yaml" in wrote.err) == (2, True), wrote.err
    assert "errors{service:api}.as_count() > 500" in (life.laptop / "monitors" / "api.yaml").read_text()
    life.commit("keep")
    life.merged("keep")
    assert life.drift("next-night").code == 0

    # Both at once: the sync stops for that one, does the rest, and names it.
    life.edit("queue", 400)
    life.branch("both", latency=0.5, errors=600, queue=200)
    life.merged("both")
    planned, synced = life.synced("third")
    assert synced.code == 1
    assert life.thresholds() == {"latency": 0.5, "errors": 600, "queue": 400}
    assert "was edited in `options.thresholds`, `query` since it was last applied" in synced.err
    assert "git has changed it in `options.thresholds`, `query`" in synced.err

    # Somebody decides: the edit goes.
    ran = toban(
        life.checkout("decided"), "sync", "--yes", "--fetch-applied", "--push-applied",
        "--revert-drift", "shop/api/queue/production", "--api-url", life.url,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert life.thresholds() == {"latency": 0.5, "errors": 600, "queue": 200}
    assert life.drift("last-night").code == 0
