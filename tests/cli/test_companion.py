"""A second process renders and lints a large project from its end: whoever made it, the same is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ORGANIZATION = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\n"
MONITOR = """\
  m{number}:
    kind: raw
    type: query alert
    query: avg(last_5m):avg:a.{number}{{env:production}} > {number}
    message: "It is wrong, ask @slack_ops{padding}"
"""
FILES, MONITORS = 24, 30


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of more than a megabyte."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "monitors").mkdir()
    (folder / "monitors" / "organization.yaml").write_text(ORGANIZATION)
    for file in range(FILES):
        monitors = "".join(MONITOR.format(number=number, padding=" and wait" * 160) for number in range(MONITORS))
        (folder / "monitors" / f"s{file:02}.yaml").write_text(f"service: s{file:02}\nmonitors:\n{monitors}")
    return folder


def toban(project: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "generator", *arguments], cwd=project, capture_output=True, text=True, check=False,
        env={**inherited, "PYTHONPATH": str(ROOT), **variables},
    )  # fmt: skip


def companion(project: Path, folder: Path, parent: int, keys: str = "") -> None:
    command = [sys.executable, "-m", "generator.cli._companion", str(project), str(folder), str(parent)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, input=keys, text=True, check=True)


def test_what_the_second_process_made_is_what_the_first_would_have_made(project: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    shutil.copytree(project / "monitors", alone / "monitors")
    expected = toban(alone, "lint", "--format", "json", "--no-cache")
    cache = alone / ".toban" / "cache"
    companion(alone, cache, os.getpid())
    assert [len(list((cache / part).glob("*.json"))) for part in ("render", "lint")] == [FILES, FILES]
    kept = {place: place.stat().st_mtime_ns for place in cache.rglob("*.json")}
    told = toban(alone, "lint", "--format", "json")
    assert (told.returncode, told.stdout) == (expected.returncode, expected.stdout)
    assert len(expected.stdout) > 1000
    assert {place: place.stat().st_mtime_ns for place in cache.rglob("*.json")} == kept


def test_the_second_process_keeps_nothing_that_holds_a_key(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "monitors", tmp_path / "monitors")
    planted = MONITOR.format(number=1, padding=" << 'planted0key0' >><< '0planted0key' >>")
    planted = planted.replace("kind: raw", "kind: raw\n    template: true")
    (tmp_path / "monitors" / "s00.yaml").write_text(f"service: s00\nmonitors:\n{planted}")
    cache = tmp_path / "cache"
    companion(tmp_path, cache, os.getpid(), "another0key\nplanted0key00planted0key\n")
    kept = list((cache / "render").iterdir())
    assert len(kept) == FILES - 1
    assert not any(b"planted0key00planted0key" in each.read_bytes() for each in cache.rglob("*.json"))


def test_the_second_process_ends_with_the_first(project: Path, tmp_path: Path) -> None:
    companion(project, tmp_path, os.getpid() + 1)
    assert list(tmp_path.rglob("*.json")) == []


@pytest.mark.parametrize("variables", [{}, {"CI": "true"}], ids=["cache", "none"])
def test_two_processes_leave_nothing_but_the_cache(project: Path, tmp_path: Path, variables: dict[str, str]) -> None:
    told = toban(project, "lint", "--format", "json", TMPDIR=str(tmp_path), **variables)
    again = toban(project, "lint", "--format", "json", TMPDIR=str(tmp_path), **variables)
    assert (told.stdout, told.stderr) == (again.stdout, again.stderr)
    assert list(tmp_path.iterdir()) == []
    left = {place.suffix or place.name for place in (project / ".toban").rglob("*") if place.is_file()}
    assert left <= {".json", ".gitignore"}


def test_a_project_with_a_package_of_our_name_runs_nothing_of_it(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "monitors", tmp_path / "monitors")
    ran, planted = tmp_path / "ran", tmp_path / "generator"
    planted.mkdir()
    (planted / "__init__.py").write_text(f"open({str(ran)!r}, 'w').close()\n")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "generator", "lint", "--no-cache"], cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False,
    )  # fmt: skip
    assert b"malformed-handle" in done.stdout
    assert not ran.exists()
