"""What turns a job red, and what it leaves as it was."""

from __future__ import annotations

from tests.life.acting import git
from tests.life.repository import Life


def pushed(life: Life, name: str, text: str) -> None:
    (life.laptop / "monitors" / name).write_text(text)
    life.commit(name)
    git(life.laptop, "push", "--quiet", "origin", "HEAD:main")


def test_a_review_is_red_where_the_owners_of_files_are_not_current(life: Life) -> None:
    git(life.laptop, "switch", "--quiet", "--create", "owners")
    path = life.laptop / "monitors" / "organization.yaml"
    path.write_text(path.read_text().replace("@acme/on-call", "@acme/others"))
    life.commit("others own it")
    review, comment = life.reviewed("owners", 3)
    calls = review.jobs["review"].calls
    assert {name: ran.code for name, ran in calls.items()} == {
        "lint": 0, "test": 0, "codeowners": 1, "github review": 0,
    }  # fmt: skip
    assert (review.conclusion, "Nothing differs" in comment) == ("failure", True)


def test_a_night_that_could_not_look_at_everything_leaves_the_issue_as_it_was(life: Life) -> None:
    life.pushed()
    life.edit("queue", 400)
    assert life.night().code == 2
    pushed(life, "api.yaml", "service: [")
    night = life.nightly()
    assert (night.conclusion, night.jobs["drift"].calls["drift"].code) == ("failure", 1)
    assert [each["state"] for each in life.github.issues] == ["open"]


def test_a_plan_with_errors_neither_syncs_nor_records(life: Life) -> None:
    life.pushed()
    pushed(life, "api.yaml", "service: [")
    before = git(life.laptop, "ls-remote", "origin", "refs/toban/*")
    assert life.pushed().results == {"plan": "failure", "sync": "skipped", "record": "skipped"}
    assert git(life.laptop, "ls-remote", "origin", "refs/toban/*") == before
