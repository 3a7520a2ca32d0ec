"""The folder of our own state: git ignores it without anybody's doing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.running import run_in

GIT = shutil.which("git") or "git"
ORGANIZATION = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
SERVICE = "service: api\nmonitors: {a: {kind: metric, query: 'avg(last_5m):avg:a{x:y} > 1'}}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "monitors").mkdir()
    (tmp_path / "monitors" / "organization.yaml").write_text(ORGANIZATION)
    (tmp_path / "monitors" / "api.yaml").write_text(SERVICE)
    subprocess.run([GIT, "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def seen_by_git(project: Path) -> list[str]:
    told = subprocess.run(
        [GIT, "status", "--porcelain", "--untracked-files=all"], cwd=project, check=True, capture_output=True
    )
    return told.stdout.decode().splitlines()


@pytest.mark.parametrize(
    "arguments", [["lint"], ["sync", "--local", "--yes"], ["sync", "--local", "--yes", "--no-cache"]]
)
def test_git_sees_nothing_of_what_a_command_leaves(arguments: list[str], project: Path) -> None:
    before = seen_by_git(project)
    assert run_in(project, *arguments).code == 0
    assert len(list((project / ".toban").rglob("*"))) > 2
    assert seen_by_git(project) == before
    doctor = json.loads(run_in(project, "doctor", "--local", "--format", "json").out)
    assert [each["status"] for each in doctor["checks"] if each["name"] == "state"] == ["ok"]


def test_what_somebody_has_written_there_stays(project: Path) -> None:
    (project / ".toban").mkdir()
    (project / ".toban" / ".gitignore").write_text("cache/\n")
    assert run_in(project, "lint").code == 0
    assert (project / ".toban" / ".gitignore").read_text() == "cache/\n"


def test_a_command_that_keeps_nothing_makes_no_folder(tmp_path: Path) -> None:
    run_in(tmp_path, "lint")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["cache/render", "journal", "last", "applied"])
def test_a_pipe_in_the_state_is_not_waited_for(name: str, project: Path) -> None:
    assert run_in(project, "sync", "--local", "--yes").code == 0
    for place in (project / ".toban" / name).iterdir():
        place.unlink()
        os.mkfifo(place)
    assert run_in(project, "plan", "--local").code in (0, 1)
