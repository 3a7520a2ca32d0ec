"""`toban github`, as the workflows call it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from generator.cli import run
from generator.github.upload import read_upload
from generator.localdog.server import embedded
from tests.github.fake import BOT, NAME, TOKEN, GitHub, served

ORGANIZATION = "workspace: main\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
API = """\
service: api
runbook: https://wiki.example.com/api
monitors:
  latency: {kind: metric, query: "avg(last_5m):avg:latency{<< environment.scope >>} > 1"}
"""
IDENTITY = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
HEAD = "a" * 40
COMMENT = [
    *("github", "comment", "review", "--head", HEAD, "--head-repository", NAME, "--head-branch", "stricter"),
    *("--run-url", f"https://github.com/{NAME}/actions/runs/1"),
]
DRIFT = "<!-- toban drift main -->\n### 1 monitor drifts\n"


@pytest.fixture(autouse=True)
def _runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [each for each in os.environ if each.startswith(("DD_", "GITHUB_", "GIT_", "CI"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "true")


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHub]:
    with served() as one:
        monkeypatch.setenv("GITHUB_API_URL", one.url)
        monkeypatch.setenv("GITHUB_REPOSITORY", NAME)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        yield one


@pytest.fixture
def merge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The merge of a pull request that makes an alert stricter, as GitHub checks it out."""
    folder = tmp_path / "merge"
    (folder / "monitors").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, organization=ORGANIZATION, api=API)
    git(folder, "switch", "-q", "-c", "stricter")
    commit(folder, api=API.replace("> 1", "> 0.5"))
    git(folder, "switch", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "stricter")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"number": 7, "pull_request": {"title": "`rm -rf /` $(x)"}}))
    monkeypatch.setenv("GITHUB_EVENT_PATH", str(event))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.chdir(folder)
    return folder


def commit(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / "monitors" / f"{name}.yaml").write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")


def git(folder: Path, *arguments: str) -> None:
    command = ["git", *arguments]
    subprocess.run(command, cwd=folder, env={**os.environ, **IDENTITY}, check=True, capture_output=True)


def test_a_review_is_written_once_in_every_format(
    merge: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["github", "review", "--out", "review"]) == 0
    written = {each.name: each.read_text() for each in (merge / "review").iterdir()}
    assert set(written) == {
        *("comment.md", "comment.json", "pull-request.json"),
        *("review.json", "review.sarif", "review.junit.xml"),
    }
    assert json.loads(written["review.json"])["summary"]["changed"] == 1
    assert json.loads(written["review.sarif"])["version"] == "2.1.0"
    assert read_upload(merge / "review").number == 7
    assert (tmp_path / "summary.md").read_text().count("<!-- toban plan main -->") == 1
    assert "::notice file=monitors/api.yaml,line=4" in capsys.readouterr().out


def test_the_comment_of_a_review_is_what_is_posted(merge: Path, github: GitHub) -> None:
    github.pull(7, HEAD)
    for _ in range(2):
        assert run(["github", "review", "--out", "review"]) == 0
        assert run(COMMENT) == 0
    assert len(github.comments[7]) == 1
    lines = github.comments[7][0]["body"].splitlines()
    assert lines[0] == "<!-- toban plan main -->"
    assert f"Written by the pull request's own job for {HEAD[:12]}" in lines[1]
    assert lines[4:] == (merge / "review" / "comment.md").read_text().splitlines()[2:]
    assert "threshold 1 → 0.5" in "\n".join(lines)


def test_a_pull_request_that_breaks_the_organisation_loses_its_good_comment(merge: Path, github: GitHub) -> None:
    github.pull(7, HEAD)
    assert run(["github", "review", "--out", "review"]) == 0
    assert run(COMMENT) == 0
    (merge / "monitors" / "organization.yaml").write_text("workspace: [\n")
    assert run(["github", "review", "--out", "review"]) == 1
    assert run(COMMENT) == 0
    assert len(github.comments[7]) == 1
    body = github.comments[7][0]["body"]
    assert body.startswith("<!-- toban plan main -->\n")
    assert "### Nothing is compared" in body
    assert "would stop the sync" in body
    assert "threshold 1" not in body


def test_a_comment_needs_no_workspace_in_either_revision(merge: Path, github: GitHub) -> None:
    github.pull(7, HEAD)
    assert run(["github", "review", "--out", "review"]) == 0
    assert run(COMMENT) == 0
    commit(merge, organization="workspace: [\n")
    run(["github", "review", "--base", "HEAD", "--out", "review"])
    assert run(COMMENT) == 0
    (comment,) = github.comments[7]
    assert comment["body"].startswith("<!-- toban plan (unknown) -->\n")
    commit(merge, organization=ORGANIZATION)
    assert run(["github", "review", "--base", "HEAD^1", "--out", "review"]) == 0
    assert run(COMMENT) == 0
    assert len(github.comments[7]) == 1
    assert comment["body"].startswith("<!-- toban plan main -->\n")


def test_an_upload_that_nobody_can_read_is_told_and_takes_the_place_of_a_good_comment(
    merge: Path, github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    github.pull(7, HEAD)
    assert run(["github", "review", "--out", "review"]) == 0
    assert run(COMMENT) == 0
    (merge / "review" / "comment.json").write_text('{"version":1,"\\n::error::@octocat":1}')
    assert run(COMMENT) == 1
    assert "\n::error::" not in "".join(capsys.readouterr())
    (comment,) = github.comments[7]
    assert "The review cannot be read." in comment["body"]
    assert "octocat" not in comment["body"]


def test_a_comment_that_nobody_needs_any_more_is_no_failure(
    merge: Path, github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["github", "review", "--out", "review"]) == 0
    github.pull(7, HEAD, state="closed")
    capsys.readouterr()
    assert run(COMMENT) == 0
    assert "".join(capsys.readouterr()) == "no comment is needed: pull request 7 is closed\n"
    github.pull(7, "b" * 40, branch="another")
    assert run(COMMENT) == 1
    assert github.writes == []


def test_a_review_that_would_stop_the_sync_fails_the_job_and_is_uploaded(merge: Path) -> None:
    (merge / "monitors" / "api.yaml").write_text(API.replace("> 1", ">"))
    assert run(["github", "review", "--out", "review"]) == 1
    assert "would stop" in (merge / "review" / "comment.md").read_text().lower()


def test_history_is_used_where_there_is_some(merge: Path) -> None:
    (merge / "history").mkdir()
    rows = "".join(f"2026-01-12T10:{minute:02}:00Z,latency,0.7,production\n" for minute in range(60))
    (merge / "history" / "latency.csv").write_text(f"time,metric,value,env\n{rows}")
    assert run(["github", "review", "--history", "history", "--out", "review"]) == 0
    assert "would have alerted" in (merge / "review" / "comment.md").read_text().lower()


def test_no_history_is_no_problem(merge: Path) -> None:
    assert run(["github", "review", "--history", "history", "--out", "review"]) == 0


def test_elsewhere_than_in_a_pull_request_no_number_is_written(merge: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_EVENT_PATH")
    assert run(["github", "review", "--out", "review"]) == 0
    assert not (merge / "review" / "pull-request.json").exists()


def test_the_outputs_of_a_step_tell_what_a_plan_holds(
    merge: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    assert run(["plan", "--local", "--out", "plan.json", "--format", "json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert run(["github", "plan", "plan.json"]) == 0
    told = dict(line.split("=") for line in (tmp_path / "output").read_text().splitlines())
    assert told == {"digest": plan["digest"], "desired-digest": plan["desired_digest"], "changes": "1"}
    assert run(["sync", "plan.json", "--local", "--expect", told["digest"]]) == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", "\x00", "[" * 100_000])
def test_what_is_no_plan_gives_no_outputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    (tmp_path / "plan.json").write_text(text)
    assert run(["github", "plan", "plan.json"]) == 64
    assert "is no plan file" in capsys.readouterr().err
    assert not (tmp_path / "output").exists()


def test_what_a_sync_keeps_holds_nothing_of_others(merge: Path) -> None:
    """The artefacts of the workflow: the plan file, the journal and the archive."""
    with embedded(None) as url:
        theirs = {"name": "theirs", "type": "metric alert", "query": "avg(last_5m):avg:theirs{*} > 1", "message": ""}
        post(url, theirs)
        for text in (API, API.replace("> 1", "> 2"), API.replace("latency:", "errors:")):
            (merge / "monitors" / "api.yaml").write_text(text)
            words = ["--api-url", url, "--prune", "--replace"]
            assert run(["plan", *words, "--out", "plan.json"]) == 0
            assert run(["sync", "plan.json", *words]) == 0
            assert "theirs" not in (merge / "plan.json").read_text()
    kept = [each for name in ("journal", "archive") for each in (merge / ".toban" / name).rglob("*") if each.is_file()]
    assert len(kept) > 2
    assert [each for each in kept if b"theirs" in each.read_bytes()] == []


def post(url: str, monitor: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("POST", "/api/v1/monitor", json.dumps(monitor), {"Content-Type": "application/json"})
    assert connection.getresponse().status == 200
    connection.close()


def test_drift_opens_an_issue_and_its_end_closes_it(github: GitHub, tmp_path: Path) -> None:
    (tmp_path / "drift.md").write_text(DRIFT)
    words = ["github", "issue", "drift.md", "--title", "Datadog differs from git", "--exit-code"]
    assert [run([*words, code]) for code in ("2", "2", "0")] == [0, 0, 0]
    assert [(each["state"], each["title"]) for each in github.issues] == [("closed", "Datadog differs from git")]


def test_a_drift_that_could_not_be_told_neither_opens_nor_closes(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    github.issues = [{"number": 1, "state": "open", "user": BOT, "labels": ["toban"], "body": DRIFT}]
    (tmp_path / "drift.md").write_text("")
    assert run(["github", "issue", "drift.md", "--title", "x", "--exit-code", "1"]) == 1
    assert "ended with 1" in capsys.readouterr().err
    assert github.writes == []


@pytest.mark.usefixtures("github")
@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_what_the_workflow_forgot_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.delenv(name)
    (tmp_path / "drift.md").write_text(DRIFT)
    assert run(["github", "issue", "drift.md", "--title", "x", "--exit-code", "2"]) == 64
    assert f"{name} is not set" in capsys.readouterr().err


def test_a_refusal_of_github_is_told_without_the_token(
    github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_another0000000000")
    (tmp_path / "drift.md").write_text(DRIFT)
    assert run(["github", "issue", "drift.md", "--title", "x", "--exit-code", "2"]) == 1
    told = capsys.readouterr().err
    assert "was refused with 403" in told
    assert "ghs_another" not in told
