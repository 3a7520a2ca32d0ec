"""`toban restore` as people call it, against the embedded local Datadog."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

MONITOR = "  {name}: {{kind: metric, query: 'avg(last_5m):avg:{name}{{*}} > {threshold}'}}\n"
BOARD = """service: api
dashboards:
  board:
    title: board
    layout_type: ordered
    widgets: [{definition: {type: alert_graph, viz_type: timeseries, alert_id: "%{api/a}"}}]
"""
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


def digest(shown: subprocess.CompletedProcess[str]) -> str:
    found = re.search(r"^digest ([0-9a-f]{64})$", shown.stderr, re.MULTILINE)
    assert found is not None, shown.stderr
    return found[1]


def restored(toban: Toban, file: Path) -> subprocess.CompletedProcess[str]:
    """Look, then agree to what was shown."""
    shown = toban("restore", file, "--local")
    assert shown.returncode == 64
    return toban("restore", file, "--local", "--yes", "--expect", digest(shown))


def test_what_was_overwritten_is_put_back(toban: Toban, desire: Callable[..., None], archived: Path) -> None:
    ran = restored(toban, archived)
    assert (ran.returncode, ran.stdout) == (0, "1 updated.\n"), ran.stderr
    assert "updated w/api/a/production " in ran.stderr
    assert actions(toban) == [("update", "w/api/a/production")]
    desire(a=1, b=1)
    assert actions(toban) == []
    again = toban("restore", archived, "--local", "--yes")
    assert (again.returncode, again.stdout) == (0, "nothing to put back: 1 as they were\n")


def test_what_was_deleted_is_put_back_and_is_ours(
    toban: Toban, desire: Callable[..., None], archived: Path, tmp_path: Path
) -> None:
    desire(a=2)
    toban("sync", "--local", "--yes", "--prune")
    (deleted,) = set((tmp_path / ".toban" / "archive").glob("*/*.json")) - {archived}
    ran = restored(toban, deleted)
    assert (ran.returncode, ran.stdout) == (0, "1 created.\n"), ran.stderr
    desire(a=2, b=1)
    assert actions(toban) == []


@pytest.mark.parametrize("agreed", [[], ["--yes"], ["--expect", "0" * 64], ["--yes", "--expect", "0" * 64]])
def test_nobody_to_ask_means_nothing_is_changed(agreed: list[str], toban: Toban, archived: Path) -> None:
    ran = toban("restore", archived, "--local", *agreed)
    assert (ran.returncode != 0, "nothing was changed" in ran.stderr) == (True, True)
    assert actions(toban) == []


@pytest.mark.parametrize("text", ["", "{}", '{"version":2,"resource":"notebook","id":"1","payload":{}}', "[" * 9999])
def test_a_file_that_is_no_archived_resource_is_told(toban: Toban, tmp_path: Path, text: str) -> None:
    (tmp_path / "other.json").write_text(text)
    ran = toban("restore", "other.json", "--local", "--yes")
    assert (ran.returncode, ".toban/archive/" in ran.stderr) == (64, True)


def test_a_file_from_elsewhere_is_refused(toban: Toban, archived: Path, tmp_path: Path) -> None:
    """A file of a pull request could say anything of anything."""
    evil = tmp_path / "evil.json"
    evil.write_bytes(archived.read_bytes())
    ran = toban("restore", evil, "--local", "--yes")
    assert (ran.returncode, "is not in the archive of this checkout" in ran.stderr) == (64, True)
    assert actions(toban) == []


def test_what_is_not_ours_is_left_alone(toban: Toban, archived: Path) -> None:
    """An archive that was forged names a resource of somebody else."""
    kept = json.loads(archived.read_bytes())
    archived.write_text(
        json.dumps({**kept, "tracking_id": "w/api/x/production", "payload": {**kept["payload"], "tags": []}})
    )
    ran = toban("restore", archived, "--local")
    assert (ran.returncode, "is not ours any more" in ran.stderr) == (1, True)
    assert actions(toban) == []


@pytest.mark.parametrize("field", ["resource", "workspace", "target", "tracking_id", "id"])
def test_a_hostile_file_paints_nothing_on_the_terminal(field: str, toban: Toban, archived: Path) -> None:
    kept = json.loads(archived.read_bytes())
    archived.write_text(json.dumps({**kept, field: "\x1b[31mred"}))
    ran = toban("restore", archived, "--local", "--yes")
    assert (ran.returncode, "\x1b" in ran.stderr, "red" in ran.stderr) == (64, False, True)


def test_without_an_organisation_nobody_knows_whose_archive_it_is(toban: Toban, archived: Path, tmp_path: Path) -> None:
    (tmp_path / "monitors" / "organization.yaml").unlink()
    ran = toban("restore", archived, "--local", "--yes")
    assert (ran.returncode, "does not say whose archive this is" in ran.stderr) == (64, True)


def test_a_dashboard_tells_of_an_alert_that_is_gone(
    toban: Toban, desire: Callable[..., None], archived: Path, tmp_path: Path
) -> None:
    board = tmp_path / "dashboards" / "board.yaml"
    board.parent.mkdir()
    board.write_text(BOARD)
    toban("sync", "--local", "--yes")
    board.unlink()
    desire(b=1)
    toban("sync", "--local", "--yes", "--prune")
    (deleted,) = (tmp_path / ".toban" / "archive").glob("*/dashboard-*.json")
    ran = toban("restore", deleted, "--local")
    gone = archived.stem.removeprefix("monitor-")
    assert f"refers to monitor `{gone}`: gone" in " ".join(ran.stderr.split()), ran.stderr


def test_what_was_put_back_is_told_as_json(toban: Toban, archived: Path) -> None:
    shown = toban("sync", "--local", "--restore", "last")
    ran = toban("sync", "--local", "--restore", "last", "--yes", "--expect", digest(shown), "--format", "json")
    told = json.loads(ran.stdout)
    (outcome,) = told["outcomes"]
    assert (ran.returncode, told["version"], told["summary"]["done"]) == (0, 1, 1), ran.stderr
    assert (outcome["tracking_id"], outcome["action"], outcome["status"]) == ("w/api/a/production", "update", "done")
    again = toban("restore", archived, "--local", "--yes", "--format", "json")
    assert (again.returncode, json.loads(again.stdout)["outcomes"]) == (0, [])


def test_what_is_left_alone_is_in_the_json(toban: Toban, archived: Path) -> None:
    kept = json.loads(archived.read_bytes())
    archived.write_text(json.dumps({**kept, "blotted": ["message"]}))
    ran = toban("restore", archived, "--local", "--format", "json")
    (outcome,) = json.loads(ran.stdout)["outcomes"]
    assert (ran.returncode, outcome["status"], outcome["action"]) == (1, "held", "update")
    assert "it held a key in use in `message`" in outcome["message"]
    assert actions(toban) == []


@pytest.mark.parametrize(
    "arguments",
    [["--prune"], ["--no-cache"], ["--fetch-applied"], ["--ask-at-most", "100"], ["--only", "service:api"],
     ["--ref", "HEAD"], ["--take-over", "--replace"], ["--push-applied", "--accept-live-loss"]],
    ids=" ".join,
)  # fmt: skip
def test_options_that_mean_nothing_to_a_restore_are_refused_by_name(arguments: list[str], toban: Toban) -> None:
    ran = toban("sync", "--local", "--restore", "last", *arguments)
    assert ran.returncode == 64
    assert all(each in ran.stderr for each in arguments if each.startswith("--"))


def test_a_pipe_in_the_archive_is_not_waited_for(toban: Toban, archived: Path) -> None:
    archived.unlink()
    os.mkfifo(archived)
    for arguments in (
        ["sync", "--restore", "last"],
        ["sync", "--restore", archived.parent.name],
        ["restore", archived],
    ):
        ran = toban(*arguments, "--local")
        assert (ran.returncode in (1, 64), "Traceback" in ran.stderr) == (True, False), ran.stderr
