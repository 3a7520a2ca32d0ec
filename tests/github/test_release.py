"""Which tag may be released."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent.parent.parent / ".github" / "scripts" / "release.py"
IDENTITY = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *arguments: str) -> None:
    environment = {**{name: value for name, value in os.environ.items() if not name.startswith("GIT")}, **IDENTITY}
    command = ["git", *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Version 1.2.3, whose main the remote has."""
    folder = tmp_path / "repository"
    (folder / ".github" / "scripts").mkdir(parents=True)
    (folder / ".github" / "scripts" / "release.py").write_bytes(SCRIPT.read_bytes())
    (folder / "pyproject.toml").write_text('[project]\nname = "toban"\nversion = "1.2.3"\n')
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


def checked(folder: Path, *arguments: str) -> tuple[int, str]:
    script = folder / ".github" / "scripts" / "release.py"
    done = subprocess.run(
        [sys.executable, script, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=30
    )
    return done.returncode, done.stderr


def test_the_version_of_main_may_be_released(repository: Path) -> None:
    assert checked(repository, "check", "v1.2.3") == (0, "")


@pytest.mark.parametrize("tag", ["v1.2.4", "1.2.3", "", "v1.2.3\n"])
def test_a_tag_of_another_version_is_refused(repository: Path, tag: str) -> None:
    code, told = checked(repository, "check", tag)
    assert code == 1
    assert "v1.2.3" in told


def test_a_tag_beside_main_is_refused(repository: Path) -> None:
    git(repository, "commit", "-q", "--allow-empty", "-m", "not merged")
    code, told = checked(repository, "check", "v1.2.3")
    assert code == 1
    assert "merge first" in told


def test_wrong_arguments_tell_the_right_ones(repository: Path) -> None:
    assert checked(repository, "publish")[0] == 64
