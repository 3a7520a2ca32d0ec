"""`toban init` as a new user calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent.parent


def toban(folder: Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI", "GIT"))}
    done = subprocess.run(
        [sys.executable, "-m", "generator", *map(str, arguments)], cwd=folder,
        env={**inherited, "PYTHONPATH": str(REPOSITORY), **variables},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert "bug in toban" not in done.stderr, done.stderr
    return done


def files(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if not each.is_dir()}


def test_in_an_empty_folder_everything_works_at_once(tmp_path: Path) -> None:
    assert toban(tmp_path, "init", "--workspace", "acme", "--timezone", "Asia/Tokyo").returncode == 0
    assert toban(tmp_path, "lint").stdout == "No findings.\n"
    assert toban(tmp_path, "test").stdout.splitlines()[-1] == "1 test passed."
    plan = toban(tmp_path, "plan", "--local")
    assert plan.returncode == 0
    assert "acme/example-service/latency/production" in plan.stdout
    assert plan.stdout.splitlines()[-1] == "1 to create."


def test_it_makes_the_folder_that_is_named(tmp_path: Path) -> None:
    assert toban(tmp_path, "init", "new/repository").returncode == 0
    assert (tmp_path / "new" / "repository" / "monitors" / "organization.yaml").exists()


def test_no_mark_of_the_templates_is_left(tmp_path: Path) -> None:
    toban(tmp_path, "init")
    texts = {path: (tmp_path / path).read_text() for path in files(tmp_path)}
    assert [path for path, text in texts.items() if "__" in text.replace("__pycache__", "")] == []
    assert [path for path in texts if path.startswith("dot-") or "/dot-" in path] == []


def test_the_editor_finds_the_schema_that_each_file_names(tmp_path: Path) -> None:
    toban(tmp_path, "init")
    named = {}
    for path in (tmp_path / "monitors").rglob("*.yaml"):
        first = path.read_text().partition("\n")[0]
        assert first.startswith("# yaml-language-server: $schema="), path
        named[path.name] = (path.parent / first.partition("$schema=")[2]).resolve()
    assert [name for name, schema in named.items() if not json.loads(schema.read_text())["title"]] == []
    assert named["example-service.test.yaml"].name == "tests.schema.json"


def test_nothing_is_written_where_a_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    done = toban(tmp_path, "init")
    assert done.returncode == 1
    assert done.stderr == (
        "nothing was written: README.md would be overwritten\n"
        "  give another folder, or --keep to leave these as they are and write the others\n"
    )
    assert files(tmp_path) == {"README.md"}


def test_keep_leaves_what_is_there_and_writes_the_rest(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    assert toban(tmp_path, "init", "--keep").returncode == 0
    assert (tmp_path / "README.md").read_text() == "mine"
    assert "monitors/organization.yaml" in files(tmp_path)
    assert toban(tmp_path, "init", "--keep").stdout.startswith("wrote 0 files")


@pytest.mark.parametrize("keep", [(), ("--keep",)], ids=["", "keep"])
def test_no_link_has_files_written_elsewhere(tmp_path: Path, keep: tuple[str, ...]) -> None:
    (tmp_path / "outside").mkdir()
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / ".github").symlink_to(tmp_path / "outside")
    done = toban(folder, "init", *keep)
    assert done.returncode == 1
    assert files(tmp_path / "outside") == set()
    assert files(folder) == set()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--workspace", "A b"), "no name of a workspace"),
        (("--workspace", "a\n"), "no name of a workspace"),
        (("--workspace", "x" * 101), "no name of a workspace"),
        (("--timezone", "Tokio"), "did you mean `Asia/Tokyo`?"),
        (("--timezone", "../../etc/passwd"), "is not known"),
    ],
)
def test_values_that_are_none_are_refused(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = toban(tmp_path, "init", *arguments)
    assert done.returncode == 64
    assert told in done.stderr
    assert files(tmp_path) == set()
