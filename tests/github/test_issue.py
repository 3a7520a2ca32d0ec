"""One issue about drift."""

from __future__ import annotations

import pytest

from generator.github.client import Repository
from generator.github.issue import LONGEST, NoReport, Report, report_issue, settle_issue
from tests.github.fake import NAME, TOKEN, GitHub

MARK = "<!-- toban drift main -->"


def report(text: str = "2 monitors drift", mark: str = MARK) -> Report:
    return Report("Datadog differs from git", f"{mark}\n{text}\n")


@pytest.fixture
def repository(github: GitHub) -> Repository:
    return Repository(github.url, NAME, TOKEN)


def test_the_issue_is_opened_once_and_updated_after(github: GitHub, repository: Repository) -> None:
    told = [report_issue(repository, report(text)).split()[0] for text in ("2 drift", "3 drift", "3 drift")]
    assert told == ["opened", "updated", "left"]
    assert [each["body"] for each in github.issues] == [f"{MARK}\n3 drift\n"]
    assert github.issues[0]["labels"] == ["toban"]


def test_the_issue_is_closed_when_it_is_over_and_a_new_one_is_opened_later(
    github: GitHub, repository: Repository
) -> None:
    report_issue(repository, report())
    assert settle_issue(repository, report("no drift")).startswith("closed")
    assert github.issues[0]["state"] == "closed"
    assert settle_issue(repository, report("no drift")) == "no issue is open, and none is needed"
    report_issue(repository, report())
    assert [each["state"] for each in github.issues] == ["closed", "open"]


def test_issues_of_others_are_left_alone(github: GitHub, repository: Repository) -> None:
    person = {"number": 1, "state": "open", "user": {"type": "User"}, "labels": ["toban"], "body": f"{MARK}\nmine"}
    pull = {**person, "number": 2, "user": {"type": "Bot"}, "pull_request": {}}
    workspace = {**person, "number": 3, "user": {"type": "Bot"}, "body": "<!-- toban drift other -->\n"}
    github.issues = [dict(person), dict(pull), dict(workspace)]
    settle_issue(repository, report())
    assert github.issues == [person, pull, workspace]
    assert report_issue(repository, report()).startswith("opened")


def test_no_issue_is_longer_than_github_takes(github: GitHub, repository: Repository) -> None:
    report_issue(repository, report("🌊" * 40_000))
    assert len(github.issues[0]["body"].encode("utf-16-le")) // 2 <= LONGEST


@pytest.mark.parametrize("text", ["", "2 monitors drift", "<!-- toban -->\n", "<!-- toban drift a b -->", f" x {MARK}"])
def test_a_text_without_a_mark_would_be_opened_anew_each_night_and_is_refused(text: str) -> None:
    with pytest.raises(NoReport):
        Report("title", text)
