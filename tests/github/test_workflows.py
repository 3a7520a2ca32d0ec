"""What every workflow and action of this repository, and of those that `toban init` makes, holds to."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from generator.cli import toban
from generator.starter.starting import Beginning, starting_files

ROOT = Path(__file__).parent.parent.parent
STARTED = starting_files(Beginning("main", "UTC"))
OURS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for folder in ("workflows", "actions")
    for path in sorted((ROOT / ".github" / folder).rglob("*.yml"))
}
THEIRS = {path: text for path, text in STARTED.items() if path.startswith(".github/") and path.endswith(".yml")}
ALL = [*(pytest.param(text, id=path) for path, text in OURS.items())]
ALL += [pytest.param(text, id=f"started {path}") for path, text in THEIRS.items() if OURS.get(path) != text]
WORKFLOWS = [each for each in ALL if "workflows" in str(each.id)]
PINNED = re.compile(r"uses: (?:\./\S+|[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$", re.MULTILINE)


def parsed(text: str) -> dict[Any, Any]:
    found = yaml.safe_load(text)
    assert isinstance(found, dict)
    return found


def triggers(workflow: Mapping[Any, Any]) -> Mapping[str, Any]:
    """YAML 1.1, which PyYAML reads, takes `on` for a truth."""
    found = workflow[True]
    return found if isinstance(found, dict) else {found: None}


def steps(text: str) -> Iterator[dict[str, Any]]:
    whole = parsed(text)
    for job in whole.get("jobs", {"": whole.get("runs", {})}).values():
        yield from job.get("steps", ())


@pytest.mark.parametrize("text", ALL)
def test_actions_of_others_are_pinned_by_commit_with_their_version_beside(text: str) -> None:
    assert len(PINNED.findall(text)) == text.count("uses: ")


@pytest.mark.parametrize("text", WORKFLOWS)
def test_no_job_has_more_permissions_than_it_names(text: str) -> None:
    workflow = parsed(text)
    assert workflow["permissions"] == {}
    assert [name for name, job in workflow["jobs"].items() if "permissions" not in job] == []


@pytest.mark.parametrize("text", WORKFLOWS)
def test_every_job_ends_by_itself(text: str) -> None:
    assert [name for name, job in parsed(text)["jobs"].items() if "timeout-minutes" not in job] == []


@pytest.mark.parametrize("text", WORKFLOWS)
def test_the_code_of_a_pull_request_meets_no_secret(text: str) -> None:
    workflow = parsed(text)
    on = triggers(workflow)
    assert "pull_request_target" not in on
    if "pull_request" in on:
        assert "secrets." not in text
        assert "vars." not in text
        assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}] * len(
            workflow["jobs"]
        )
        assert [name for name, job in workflow["jobs"].items() if "environment" in job] == []


@pytest.mark.parametrize("text", WORKFLOWS)
def test_what_may_write_after_a_pull_request_checks_out_no_branch(text: str) -> None:
    if "workflow_run" in triggers(parsed(text)):
        found = [step["with"] for step in steps(text) if "checkout@" in step.get("uses", "")]
        assert found
        assert found == [{"persist-credentials": False}] * len(found)


@pytest.mark.parametrize("text", WORKFLOWS)
def test_a_token_for_clouds_is_bound_to_an_environment(text: str) -> None:
    for job in parsed(text)["jobs"].values():
        if "id-token" in job["permissions"]:
            assert "environment" in job


@pytest.mark.parametrize("text", ALL)
def test_texts_of_others_reach_the_shell_as_variables_only(text: str) -> None:
    for step in steps(text):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("text", ALL)
def test_the_shell_of_a_step_is_short(text: str) -> None:
    """More than that belongs where a test can run it."""
    runs = [step["run"].strip() for step in steps(text) if "run" in step]
    assert [run for run in runs if run.count("\n") > 2] == []


@pytest.mark.parametrize("text", ALL)
def test_commands_of_toban_are_there_with_their_options(text: str) -> None:
    for step in steps(text):
        for line in step.get("run", "").splitlines():
            words = shlex.split(line.partition(" > ")[0].partition(" >> ")[0])
            if words[:1] == ["toban"]:
                assert_understood(words[1:])


def assert_understood(words: list[str]) -> None:
    command: click.Command = toban
    context = click.Context(toban)
    while isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    known = {name for parameter in command.params for name in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []


def test_a_new_repository_has_the_workflows_of_this_one() -> None:
    theirs = {path: text for path, text in THEIRS.items() if "/workflows/" in path}
    assert {path: OURS[path] for path in theirs} == theirs


def artefacts(text: str) -> list[str]:
    return [step["with"]["name"] for step in steps(text) if "artifact@" in step.get("uses", "")]


def test_the_comment_follows_the_review_by_its_name() -> None:
    review, comment = (parsed(OURS[f".github/workflows/{name}.yml"]) for name in ("review", "comment"))
    assert triggers(comment)["workflow_run"]["workflows"] == [review["name"]]
    uploaded, downloaded = (artefacts(OURS[f".github/workflows/{name}.yml"]) for name in ("review", "comment"))
    assert {*uploaded} == {*downloaded}
    assert len(uploaded) == 1


def test_each_job_after_a_review_may_write_one_thing_only() -> None:
    jobs = parsed(OURS[".github/workflows/comment.yml"])["jobs"]
    writes = {name: [what for what, how in job["permissions"].items() if how == "write"] for name, job in jobs.items()}
    assert writes == {"comment": ["pull-requests"], "code-scanning": ["security-events"]}
    assert "vars.TOBAN_CODE_SCANNING == 'true'" in jobs["code-scanning"]["if"]


def zizmor(*paths: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("zizmor")
    config = ("--config", ROOT / ".github" / "zizmor.yml")
    return subprocess.run(
        [program, "--offline", "--no-progress", "--format=plain", *config, *paths],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_zizmor_finds_nothing_here_nor_in_a_new_repository(tmp_path: Path) -> None:
    for path, text in STARTED.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    done = zizmor(ROOT / ".github", tmp_path / ".github")
    assert done.returncode == 0, done.stdout
    assert "No findings to report" in done.stdout + done.stderr


def test_zizmor_finds_what_is_wrong(tmp_path: Path) -> None:
    """So that its silence above says something."""
    bad = tmp_path / "bad.yml"
    bad.write_text(
        "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: echo ${{ github.event.pull_request.title }}\n",
        encoding="utf-8",
    )
    done = zizmor(bad)
    assert done.returncode != 0
    assert "template-injection" in done.stdout
