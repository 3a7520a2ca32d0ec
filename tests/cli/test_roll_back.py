"""`toban sync --restore RUN` and `--ref REV`: what was is put back, of one run or of one service."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI", "GIT_"))},
    **{f"GIT_{role}_{field}": "a@example.com" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")},
}


class Toban:
    """Runs in a folder, without keys and with nobody at a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "generator", *map(str, arguments), "--local"], cwd=self.folder, env=ENVIRONMENT,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert "bug in toban" not in done.stderr, done.stderr
        return done


@pytest.fixture
def toban(tmp_path: Path) -> Toban:
    return Toban(tmp_path)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., None]:
    """Write services, each with thresholds by monitor; a composite of `a` and `b` where both are there."""
    (tmp_path / "monitors").mkdir()
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (tmp_path / "monitors" / "organization.yaml").write_text(organization)

    def service(name: str, **thresholds: int) -> None:
        lines = [
            f"  {each}: {{kind: metric, query: 'avg(last_5m):avg:{name}.{each}{{service:x}} > {threshold}'}}"
            for each, threshold in thresholds.items()
        ]
        if {"a", "b"} <= thresholds.keys():
            lines.append("  both: {kind: raw, type: composite, name: both, query: '%{a} && %{b}', message: '@slack-a'}")
        text = "\n".join([f"service: {name}", "monitors:", *lines, ""])
        (tmp_path / "monitors" / f"{name}.yaml").write_text(text)

    return service


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True)  # noqa: S607


def changes(toban: Toban, *arguments: str) -> list[tuple[str, str]]:
    plan = json.loads(toban("plan", "--format", "json", *arguments).stdout)
    return [(each["action"], each["tracking_id"]) for each in plan["changes"]]


def test_a_run_is_put_back_with_what_refers_to_new_ids(toban: Toban, write: Callable[..., None]) -> None:
    write("api", a=1, b=1, c=1, d=1)
    first = toban("sync", "--yes")
    assert first.returncode == 0, first.stderr
    write("api", b=1, c=2)
    assert toban("sync", "--yes", "--prune").returncode == 0
    shown = toban("sync", "--restore", "last")
    assert "~ update monitor w/api/c/production" in shown.stderr
    assert "threshold 2 → 1" in shown.stderr
    assert "+ create monitor w/api/a/production" in shown.stderr
    assert "is gone: this gets a new id" in shown.stderr
    assert "For 7 days Datadog itself can undelete it" in shown.stderr
    ran = toban("sync", "--restore", "last", "--yes", "--expect", digest(shown))
    assert ran.returncode == 0, ran.stderr
    write("api", a=1, b=1, c=1, d=1)
    assert changes(toban) == []
    again = toban("sync", "--restore", "last")
    assert (again.returncode, again.stdout) == (0, "nothing to put back: 4 as they were\n")


def digest(ran: subprocess.CompletedProcess[str]) -> str:
    found = re.search(r"^digest ([0-9a-f]{64})$", ran.stderr, re.MULTILINE)
    assert found is not None, ran.stderr
    return found[1]


def test_a_digest_of_what_was_shown_earlier_is_refused(toban: Toban, write: Callable[..., None]) -> None:
    for threshold in (1, 2):
        write("api", a=threshold)
        toban("sync", "--yes")
    shown = toban("sync", "--restore", "last")
    (kept,) = toban.folder.glob(".toban/archive/*/*.json")
    write("api", a=3)
    toban("sync", "--yes")
    ran = toban("sync", "--restore", kept.parent.name, "--yes", "--expect", digest(shown))
    assert (ran.returncode, "what is live has changed since you looked" in ran.stderr) == (1, True)
    assert "changed after that run" in ran.stderr
    assert changes(toban) == []


@pytest.mark.parametrize("changed", [{"workspace": "other"}, {"target": "https://api.datadoghq.eu"}, {"target": ""}])
def test_what_was_kept_elsewhere_is_refused(changed: dict[str, str], toban: Toban, write: Callable[..., None]) -> None:
    for threshold in (1, 2):
        write("api", a=threshold)
        toban("sync", "--yes")
    (kept,) = toban.folder.glob(".toban/archive/*/*.json")
    moved = {**json.loads(kept.read_bytes()), **changed}
    if "workspace" in changed:
        moved["tracking_id"] = "other/api/a/production"
    kept.write_text(json.dumps(moved))
    ran = toban("sync", "--restore", "last", "--yes")
    assert (ran.returncode, "this was kept" in ran.stderr) == (64, True), ran.stderr
    assert changes(toban) == []


def test_putting_back_asks_first(toban: Toban, write: Callable[..., None]) -> None:
    write("api", a=1)
    toban("sync", "--yes")
    write("api", a=2)
    toban("sync", "--yes")
    ran = toban("sync", "--restore", "last")
    assert (ran.returncode, f"--yes --expect {digest(ran)}" in ran.stderr) == (64, True)
    assert toban("sync", "--restore", "last", "--yes").returncode == 64
    assert changes(toban) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--restore", "x"], "no run `x` has kept anything"),
        (["--restore", "../.."], "no run `../..` has kept anything"),
        (["--restore", "last"], "no run `last` has kept anything"),
        (["--restore", "last", "--prune"], "plans nothing"),
        (["--ref", "nowhere"], "git"),
    ],
)
def test_what_cannot_be_put_back_is_told(
    arguments: list[str], told: str, toban: Toban, write: Callable[..., None]
) -> None:
    write("api", a=1)
    ran = toban("sync", "--yes", *arguments)
    assert (ran.returncode, told in ran.stderr) == (64, True), ran.stderr


def test_one_service_goes_back_to_a_revision_and_the_others_stay(
    toban: Toban, write: Callable[..., None], tmp_path: Path
) -> None:
    write("api", a=1, b=1)
    write("web", a=1)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "monitors")
    git(tmp_path, "commit", "--quiet", "--message", "good")
    write("api", a=2, b=1, c=1)
    write("web", a=2)
    toban("sync", "--yes")
    back = ["--ref", "HEAD", "--only", "service:api", "--prune"]
    assert changes(toban, *back) == [("update", "w/api/a/production"), ("delete", "w/api/c/production")]
    assert toban("sync", "--yes", *back).returncode == 0
    assert changes(toban, *back) == []
    assert changes(toban) == [("update", "w/api/a/production"), ("create", "w/api/c/production")]


def test_a_service_goes_back_to_a_revision_that_had_none(
    toban: Toban, write: Callable[..., None], tmp_path: Path
) -> None:
    write("web", a=1)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "monitors")
    git(tmp_path, "commit", "--quiet", "--message", "before api")
    write("api", a=1)
    toban("sync", "--yes")
    back = ["--ref", "HEAD", "--only", "service:api", "--prune"]
    assert changes(toban, *back) == [("delete", "w/api/a/production")]
    assert toban("sync", "--yes", *back).returncode == 0
    assert changes(toban) == [("create", "w/api/a/production")]


def test_a_service_that_the_yaml_no_longer_has_is_pruned_alone(
    toban: Toban, write: Callable[..., None], tmp_path: Path
) -> None:
    for name in ("api", "web", "shop"):
        write(name, a=1)
    toban("sync", "--yes")
    for name in ("api", "web"):
        (tmp_path / "monitors" / f"{name}.yaml").unlink()
    assert changes(toban, "--only", "service:api", "--prune") == [("delete", "w/api/a/production")]
    ran = toban("plan", "--only", "service:nowhere")
    assert (ran.returncode, "there is no service `nowhere`, in the YAML or in Datadog" in ran.stderr) == (64, True)
