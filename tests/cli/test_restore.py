"""`toban restore` as people call it, against the embedded local Datadog."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MONITOR = "  {name}: {{kind: metric, query: 'avg(last_5m):avg:{name}{{*}} > {threshold}'}}\n"
Toban = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def toban(tmp_path: Path) -> Toban:
    """Run a command in `tmp_path`, without keys and with nobody at a terminal."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI"))}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "generator", *map(str, arguments)], cwd=tmp_path, env=inherited,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert "bug in toban" not in done.stderr, done.stderr
        return done

    return run


@pytest.fixture
def desire(tmp_path: Path) -> Callable[..., None]:
    """Write a project that desires these monitors, by name and threshold."""
    folder = tmp_path / "monitors"
    folder.mkdir()
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (folder / "organization.yaml").write_text(organization)

    def write(**thresholds: int) -> None:
        monitors = (MONITOR.format(name=name, threshold=threshold) for name, threshold in thresholds.items())
        (folder / "api.yaml").write_text("service: api\nmonitors:\n" + "".join(monitors))

    return write


@pytest.fixture
def archived(toban: Toban, desire: Callable[..., None], tmp_path: Path) -> Path:
    """The file of `a` as it was before a sync changed it."""
    desire(a=1, b=1)
    toban("sync", "--local", "--yes")
    desire(a=2, b=1)
    toban("sync", "--local", "--yes")
    (path,) = (tmp_path / ".toban" / "archive").glob("*/*.json")
    return path


def actions(toban: Toban) -> list[tuple[str, str]]:
    plan = json.loads(toban("plan", "--local", "--prune", "--format", "json").stdout)
    return [(each["action"], each["tracking_id"]) for each in plan["changes"]]


def test_what_was_overwritten_is_put_back(toban: Toban, desire: Callable[..., None], archived: Path) -> None:
    ran = toban("restore", archived, "--local", "--yes")
    assert (ran.returncode, ran.stdout.startswith("updated w/api/a/production ")) == (0, True)
    assert actions(toban) == [("update", "w/api/a/production")]
    desire(a=1, b=1)
    assert actions(toban) == []
    again = toban("restore", archived, "--local", "--yes")
    assert (again.returncode, again.stdout.startswith("already updated")) == (0, True)


def test_what_was_deleted_is_put_back_and_is_ours(
    toban: Toban, desire: Callable[..., None], archived: Path, tmp_path: Path
) -> None:
    desire(a=2)
    toban("sync", "--local", "--yes", "--prune")
    (deleted,) = set((tmp_path / ".toban" / "archive").glob("*/*.json")) - {archived}
    ran = toban("restore", deleted, "--local", "--yes")
    assert (ran.returncode, ran.stdout.startswith("created w/api/b/production ")) == (0, True)
    desire(a=2, b=1)
    assert actions(toban) == []


def test_nobody_to_ask_means_nothing_is_changed(toban: Toban, archived: Path) -> None:
    ran = toban("restore", archived, "--local")
    assert (ran.returncode, "--yes" in ran.stderr) == (64, True)
    assert actions(toban) == []


@pytest.mark.parametrize("text", ["", "{}", '{"version":1,"resource":"notebook","id":"1","payload":{}}', "[" * 9999])
def test_a_file_that_is_no_archived_resource_is_told(toban: Toban, tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)
    ran = toban("restore", "other.json", "--local", "--yes")
    assert (ran.returncode, ".toban/archive/" in ran.stderr) == (64, True)


def test_what_cannot_be_put_back_is_a_failure(toban: Toban, tmp_path: Path) -> None:
    payload = {"id": 1, "name": "x", "type": "query alert", "query": "nonsense", "tags": [], "options": {}}
    file = {"version": 1, "resource": "monitor", "id": "1", "payload": payload}
    (tmp_path / "odd.json").write_text(json.dumps(file))
    ran = toban("restore", "odd.json", "--local", "--yes")
    assert (ran.returncode, "not created x" in ran.stdout) == (1, True)
