"""What was last applied, below `.toban/` and in git: hostile refs, lost races, records of others."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.plan.desired import prepared
from generator.plan.planner import plan
from generator.sync import applied_ref
from generator.sync.applied import About, Applied, UnusableApplied, after_sync, file_of, keep, kept, latest, merged
from tests.sync.estate import before, desired
from tests.sync.scene import OPTIONS, staged

HERE = "https://api.datadoghq.com"
REF = "refs/toban/applied/main"
PAYLOAD = {"name": "a", "query": "avg(last_5m):avg:a{x:y} > 1", "message": "é\n\x1b"}
KEY = ("monitor", "main/api/a/production")


def applied(run: str = "run-1", payloads: Any = None, **about: Any) -> Applied:
    told = {"version": 1, "workspace": "main", "target": HERE, "run": run, "revision": "c0ffee", **about}
    return Applied(About(**told), {KEY: PAYLOAD} if payloads is None else payloads)


def git(folder: Path, *arguments: object, given: str = "") -> str:
    return subprocess.run(
        ["git", *map(str, arguments)], cwd=folder, input=given, check=True, capture_output=True, text=True  # noqa: S607
    ).stdout.strip()  # fmt: skip


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make clones of one empty remote; git knows nobody's name."""
    for name in [each for each in os.environ if each.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for scope in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{scope}", os.devnull)
    git(tmp_path, "init", "--quiet", "--bare", "remote")

    def made(name: str) -> Path:
        git(tmp_path, "clone", "--quiet", "remote", name)
        return tmp_path / name

    return made


def test_what_is_kept_in_a_folder_is_read_again(tmp_path: Path) -> None:
    keep(tmp_path, applied())
    assert kept(tmp_path, HERE, "main") == applied()
    assert kept(tmp_path, "https://api.datadoghq.eu", "main") is None
    assert kept(tmp_path, HERE, "other") is None


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\x00", b"[" * 100_000, b'{"about": {}, "resources": []}'])
def test_a_damaged_record_is_refused(content: bytes, tmp_path: Path) -> None:
    keep(tmp_path, applied())
    file_of(tmp_path, HERE, "main").write_bytes(content)
    with pytest.raises(UnusableApplied):
        kept(tmp_path, HERE, "main")


def test_what_one_clone_pushes_another_fetches(clone: Callable[[str], Path]) -> None:
    one, other = clone("one"), clone("other")
    commit = applied_ref.write(one, applied())
    applied_ref.push(one, "origin", "main", commit=commit, expected="")
    assert applied_ref.read(other, "main") is None
    assert applied_ref.fetch(other, "origin", "main") == commit
    assert applied_ref.read(other, "main") == applied()
    assert applied_ref.fetch(other, "origin", "another") == ""


def test_the_ref_names_one_commit_whatever_was_there_before(clone: Callable[[str], Path]) -> None:
    one = clone("one")
    for number in range(3):
        applied_ref.write(one, applied(f"run-{number}", {KEY: {"n": number}}))
    assert git(one, "rev-list", "--count", REF) == "1"
    assert applied_ref.read(one, "main") == applied("run-2", {KEY: {"n": 2}})


def test_who_was_overtaken_overwrites_nothing(clone: Callable[[str], Path]) -> None:
    one, other = clone("one"), clone("other")
    first = applied_ref.write(one, applied())
    applied_ref.push(one, "origin", "main", commit=first, expected="")
    late = applied_ref.write(other, applied("run-2", {}))
    with pytest.raises(applied_ref.Pushed):
        applied_ref.push(other, "origin", "main", commit=late, expected="")
    assert applied_ref.fetch(other, "origin", "main") == first


NAMES = ["a..b", "a.lock", "a.", "main", "a-b_c.d"]


@pytest.mark.parametrize("workspace", NAMES)
def test_every_workspace_has_a_name_that_git_takes(workspace: str, clone: Callable[[str], Path]) -> None:
    one = clone("one")
    found = applied(payloads={}, workspace=workspace)
    applied_ref.push(one, "origin", workspace, commit=applied_ref.write(one, found), expected="")
    assert applied_ref.read(one, workspace) == found
    assert len({applied_ref.ref_of(name) for name in NAMES}) == len(NAMES)


ABOUT = '{"version": 1, "workspace": "main", "target": "https://x"}'
HOSTILE: dict[str, dict[str, tuple[str, str]]] = {
    "nothing about it": {"monitor/main/api/a/production.json": ("100644", "{}")},
    "another workspace": {"about.json": ("100644", ABOUT.replace('"main"', '"other"'))},
    "a later version": {"about.json": ("100644", ABOUT.replace("1", "2"))},
    "no JSON": {"about.json": ("100644", ABOUT), "monitor/main/api/a/production.json": ("100644", "{")},
    "a list": {"about.json": ("100644", ABOUT), "monitor/main/api/a/production.json": ("100644", "[]")},
    "a link": {"about.json": ("100644", ABOUT), "monitor/main/api/a/production.json": ("120000", "/etc/passwd")},
    "a foreign id": {"about.json": ("100644", ABOUT), "monitor/other/api/a/production.json": ("100644", "{}")},
    "no id": {"about.json": ("100644", ABOUT), "monitor/x.json": ("100644", "{}")},
    "no type": {"about.json": ("100644", ABOUT), "user/main/api/a/production.json": ("100644", "{}")},
    "deep": {"about.json": ("100644", ABOUT),
             "monitor/main/api/a/production.json": ("100644", '{"a":' * 200 + "1" + "}" * 200)},
    "very deep": {"about.json": ("100644", ABOUT), "monitor/main/api/a/production.json": ("100644", "[" * 99_999)},
    "not UTF-8": {"about.json": ("100644", ABOUT), "monitor/\udcff.json": ("100644", "{}")},
}  # fmt: skip


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE)
def test_a_ref_that_no_sync_wrote_is_refused(files: dict[str, tuple[str, str]], clone: Callable[[str], Path]) -> None:
    one = clone("one")
    for path, (mode, content) in files.items():
        blob = git(one, "hash-object", "-w", "--stdin", given=content)
        subprocess.run(
            ["git", "update-index", "--add", "--cacheinfo", f"{mode},{blob},".encode() + os.fsencode(path)],  # noqa: S607
            cwd=one,
            check=True,
        )
    who = ("-c", "user.name=x", "-c", "user.email=x")
    git(one, "update-ref", REF, git(one, *who, "commit-tree", git(one, "write-tree"), "-m", "x"))
    with pytest.raises(UnusableApplied, match=REF):
        applied_ref.read(one, "main")


def test_a_ref_that_names_no_commit_says_nothing(clone: Callable[[str], Path]) -> None:
    one = clone("one")
    git(one, "update-ref", REF, git(one, "hash-object", "-w", "--stdin", given="x"))
    assert applied_ref.read(one, "main") is None


def test_outside_a_repository_there_is_no_ref(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert applied_ref.read(tmp_path, "main") is None


def test_a_sync_leaves_in_the_record_what_it_did_not_settle() -> None:
    before = {("monitor", name): {"n": 0} for name in ("done", "failed", "drift", "deleted", "gone")}
    wanted = {("monitor", name): {"n": 1} for name in ("done", "failed", "drift", "new", "refused")}
    found = after_sync(
        before,
        wanted,
        settled={("monitor", "done"), ("monitor", "deleted"), ("monitor", "new")},
        others={("monitor", "failed"), ("monitor", "drift"), ("monitor", "deleted")},
    )
    assert {name: payload["n"] for (_, name), payload in found.items()} == {
        "done": 1,
        "failed": 0,
        "drift": 0,
        "new": 1,
    }


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "both"),
    [
        ("a", "a", "a", "a"), ("a", "b", "a", "b"), ("a", "a", "b", "b"), ("a", "b", "b", "b"), ("a", "b", "c", None),
        (None, "b", None, "b"), (None, None, "b", "b"), ("a", None, "a", None), ("a", "a", None, None),
        ("a", None, "b", None), (None, "b", "c", None),
    ],
)  # fmt: skip
def test_of_two_syncs_what_only_one_changed_is_its(base: Any, mine: Any, theirs: Any, both: Any) -> None:
    def states(value: str | None) -> dict[tuple[str, str], dict[str, str]]:
        return {} if value is None else {KEY: {"n": value}}

    assert merged(states(base), states(mine), states(theirs)) == states(both)


def test_the_latest_run_is_believed() -> None:
    assert latest([applied("run-1"), None, applied("run-3"), applied("run-2")]) == applied("run-3")
    assert latest([None]) is None


def test_of_what_we_have_written_nothing_is_drift(tmp_path: Path) -> None:
    """All types and kinds of change, with references, downtimes that were moved out of the past, and adoptions."""
    stage, by_hand = staged(tmp_path)
    ready = prepared(before(), OPTIONS)
    last = {(kind, each.tracking_id): each.payload for kind, rows in ready.by_type.items() for each in rows}
    wanted = desired(by_hand)
    known = plan(wanted, stage.live(), replace(OPTIONS, applied=last))
    assert known.drift == ()
    assert known.changes == plan(wanted, stage.live(), OPTIONS).changes
