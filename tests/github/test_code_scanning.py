"""What a review has found as an analysis for code scanning, from an upload that nobody can trust."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings

from generator.cli import run
from generator.github.client import Repository
from generator.github.code_scanning import Uploaded, upload_analysis
from generator.github.upload import Run, Skipped, UploadRefused, about
from generator.lint.rule import rules
from generator.report.findings_sarif import findings_sarif
from generator.report.review_comment import read_review, told_findings
from tests.github.fake import NAME, TOKEN, GitHub
from tests.github.test_hostile_uploads import HOSTILE, review_of, reviews

HEAD = "a" * 40
OURS = Run(HEAD, NAME, "stricter")
SCHEMA = json.loads((Path(__file__).parent.parent / "report/schemas/sarif-2.1.0-rtm.5.json").read_text())
SARIF = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.Draft4Validator.FORMAT_CHECKER)
SCAN = [
    *("github", "code-scanning", "review", "--head", HEAD, "--head-repository", NAME, "--head-branch", "stricter"),
]


@pytest.fixture
def _job(github: GitHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job of the workflow, with a review that says two things."""
    for name, value in (("GITHUB_API_URL", github.url), ("GITHUB_REPOSITORY", NAME), ("GITHUB_TOKEN", TOKEN)):
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    github.pull(7, HEAD)
    upload(tmp_path, review_of("words"))


def upload(folder: Path, review: Any) -> None:
    (folder / "review").mkdir(exist_ok=True)
    (folder / "review" / "pull-request.json").write_text(about(7))
    (folder / "review" / "comment.json").write_text(json.dumps({"version": 1, "review": review}))


def repository(github: GitHub) -> Repository:
    return Repository(github.url, NAME, TOKEN)


def sarif_of(review: Any) -> Any:
    told = read_review(json.dumps({"version": 1, "review": review}).encode())
    return json.loads(findings_sarif(told_findings(told), (), rules(), version="1", category="toban/main"))


@pytest.mark.usefixtures("_job")
def test_an_analysis_is_of_the_head_of_its_pull_request(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sub").mkdir()
    assert run([*SCAN, "--root", "sub"]) == 0
    assert "uploaded the analysis analysis-1" in capsys.readouterr().out
    (sent,) = github.analyses
    assert (sent["commit_sha"], sent["ref"]) == (HEAD, "refs/pull/7/head")
    (analysis,) = json.loads(gzip.decompress(base64.b64decode(sent["sarif"])))["runs"]
    assert analysis["automationDetails"] == {"id": "toban/main/"}
    assert [each["level"] for each in analysis["results"]] == ["error", "note", "error"]
    paths = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in analysis["results"]}
    assert paths == {"sub/words"}


@pytest.mark.usefixtures("_job")
def test_a_repository_without_code_scanning_is_told_so_in_one_line(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    github.has_code_scanning = False
    assert run(SCAN) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "refused with 403: Code Security must be enabled" in line
    assert "security-events: write" in line


@pytest.mark.usefixtures("_job")
def test_an_analysis_that_nobody_needs_any_more_is_no_failure(
    github: GitHub, capsys: pytest.CaptureFixture[str]
) -> None:
    github.pull(7, HEAD, state="closed")
    assert run(SCAN) == 0
    assert capsys.readouterr().out == "no analysis is needed: pull request 7 is closed\n"
    assert github.analyses == []


@pytest.mark.usefixtures("_job")
@pytest.mark.parametrize("content", ["", "{}", '{"version":1,"\\n::error::x":1}', "[" * 100_000])
def test_a_review_that_cannot_be_read_is_no_analysis(
    github: GitHub, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    (tmp_path / "review" / "comment.json").write_text(content)
    assert run(SCAN) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert github.analyses == []


def test_another_pull_request_gets_no_analysis(github: GitHub) -> None:
    github.pull(7, "b" * 40, branch="another")
    with pytest.raises(UploadRefused, match="pull request 7"):
        upload_analysis(repository(github), 7, "{}", OURS)
    github.pull(7, "b" * 40)
    assert isinstance(upload_analysis(repository(github), 7, "{}", OURS), Skipped)
    assert github.analyses == []


def test_an_analysis_is_the_same_for_the_same_review(github: GitHub) -> None:
    github.pull(7, HEAD)
    assert [upload_analysis(repository(github), 7, "{}", OURS) for _ in range(2)] == [
        Uploaded("analysis-1"),
        Uploaded("analysis-2"),
    ]
    assert github.analyses[0] == github.analyses[1]


@settings(derandomize=True, max_examples=30, deadline=None)
@given(reviews)
def test_any_review_makes_an_analysis_that_keeps_to_the_schema(review: Any) -> None:
    sarif = sarif_of(review)
    SARIF.validate(sarif)
    (analysis,) = sarif["runs"]
    assert "](" not in json.dumps(analysis["results"])
    ours = {each.name for each in rules()}
    assert all(set(each) == {"id"} for each in analysis["tool"]["driver"]["rules"] if each["id"] not in ours)


@pytest.mark.parametrize("text", HOSTILE)
def test_paths_of_an_analysis_lead_nowhere_else(text: str) -> None:
    for each in sarif_of(review_of(text))["runs"][0]["results"]:
        assert ":" not in each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
