"""What was last applied, where jobs overtake each other, or the ref is missing, damaged or somebody else's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from generator.resources.types import resource_types
from generator.sync import applied_ref
from tests.life.acting import Ran, git, toban
from tests.life.repository import Life

REF = "refs/toban/applied/shop"
ERRORS = "shop/api/errors/production"


def sync(life: Life, name: str, *options: str) -> Ran:
    return toban(life.checkout(name), "sync", "--yes", "--push-applied", *options, "--api-url", life.url)


def applied_threshold(life: Life, name: str) -> float:
    applied_ref.fetch(life.laptop, "origin", "shop")
    found = applied_ref.read(life.laptop, "shop")
    assert found is not None
    threshold: float = found.payloads["monitor", f"shop/api/{name}/production"]["options"]["thresholds"]["critical"]
    return threshold


def test_a_job_that_was_overtaken_puts_both_records_together(life: Life) -> None:
    assert sync(life, "first").code == 0
    life.write(latency=0.8, errors=20, queue=100)
    life.commit("errors")
    git(life.laptop, "push", "--quiet")
    # Another job pushes its record when this one is about to.
    applied_ref.fetch(life.laptop, "origin", "shop")
    theirs = applied_ref.read(life.laptop, "shop")
    assert theirs is not None
    key = ("monitor", "shop/api/queue/production")
    theirs.payloads[key]["options"]["thresholds"]["critical"] = 300
    other = applied_ref.write(life.laptop, theirs)
    git(life.laptop, "push", "--quiet", "origin", f"{other}:refs/heads/aside")
    hook = life.folder / "remote" / "hooks" / "pre-receive"
    hook.write_text(
        "#!/bin/sh\n[ -e overtaken ] && exit 0\ntouch overtaken\nunset GIT_QUARANTINE_PATH\n"
        f"git update-ref {REF} {other}\n"
    )
    hook.chmod(0o755)
    ran = sync(life, "second")
    assert (ran.code, "both are put together" in ran.err) == (0, True), ran.err
    assert (applied_threshold(life, "errors"), applied_threshold(life, "queue")) == (20, 300)


def test_a_push_that_is_lost_is_told_and_its_changes_are_no_drift(life: Life) -> None:
    assert sync(life, "first").code == 0
    life.write(latency=0.8, errors=20, queue=100)
    life.commit("errors")
    git(life.laptop, "push", "--quiet")
    hook = life.folder / "remote" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho no room >&2\nexit 1\n")
    hook.chmod(0o755)
    ran = sync(life, "second")
    assert (ran.code, "could not be pushed" in ran.err, "no room" in ran.err) == (1, True, True), ran.err
    hook.unlink()
    assert applied_threshold(life, "errors") == 10
    life.write(latency=0.8, errors=30, queue=100)
    life.commit("once more")
    git(life.laptop, "push", "--quiet")
    ran = sync(life, "third")
    assert (ran.code, ran.out) == (0, "1 updated.\n"), ran.err
    assert applied_threshold(life, "errors") == 30


def test_an_edit_back_to_what_git_had_before_is_drift_nevertheless(life: Life) -> None:
    assert sync(life, "first").code == 0
    life.write(latency=0.8, errors=20, queue=100)
    life.commit("errors")
    git(life.laptop, "push", "--quiet")
    assert sync(life, "second").code == 0
    life.edit("errors", 10)
    for name in ("third", "fourth"):
        ran = sync(life, name)
        assert (ran.code, life.thresholds()["errors"]) == (0, 10), ran.err
        assert "1 live difference that git does not explain." in ran.err


def test_what_somebody_deleted_stays_deleted_until_somebody_says_otherwise(life: Life) -> None:
    assert sync(life, "first").code == 0
    live = life.monitors()["errors"]
    life.datadog.delete(resource_types()["monitor"], str(live["id"]))
    ran = sync(life, "second")
    assert (ran.code, "≠ deleted monitor" in ran.err) == (0, True), ran.err
    assert "errors" not in life.monitors()
    told = json.loads(
        toban(life.checkout("look"), "drift", "--fetch-applied", "--format", "json", "--api-url", life.url).out
    )
    assert [(each["kind"], each["live"], each["conflict"]) for each in told["drift"]] == [("deleted", None, False)]
    assert sync(life, "third", "--revert-drift", ERRORS).code == 0
    assert "errors" in life.monitors()


@pytest.mark.parametrize("record", ["first run", "fetched"])
def test_the_drift_job_of_a_first_run_holds_live_against_the_yaml(record: str, life: Life) -> None:
    assert sync(life, "first").code == 0
    if record == "first run":
        git(life.laptop, "push", "--quiet", "origin", f":{REF}")
    life.edit("errors", 77)
    ran = toban(life.checkout("look"), "drift", "--fetch-applied", "--api-url", life.url)
    assert (ran.code, "threshold 10 → 77" in ran.out) == (2, True)
    assert ("nothing says what was last applied" in ran.err) is (record == "first run")


def damaged(life: Life) -> None:
    blob = git(life.laptop, "hash-object", "-w", "--path", "x", str(life.laptop / "monitors" / "api.yaml"))
    git(life.laptop, "update-index", "--add", "--cacheinfo", f"100644,{blob},about.json")
    commit = git(life.laptop, "commit-tree", git(life.laptop, "write-tree"), "-m", "x")
    git(life.laptop, "push", "--quiet", "--force", "origin", f"{commit}:{REF}")


def elsewhere(life: Life) -> None:
    applied_ref.fetch(life.laptop, "origin", "shop")
    found = applied_ref.read(life.laptop, "shop")
    assert found is not None
    moved = msgspec.structs.replace(
        found, about=msgspec.structs.replace(found.about, target="https://api.datadoghq.eu")
    )
    commit = applied_ref.write(life.laptop, moved)
    git(life.laptop, "push", "--quiet", "--force", "origin", f"{commit}:{REF}")


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (damaged, f"`{REF}` is not what a sync has pushed"),
        (elsewhere, "says what was applied to https://api.datadoghq.eu"),
    ],
)
def test_what_cannot_be_believed_stops_before_anything_is_changed(
    break_it: Callable[[Life], None], told: str, life: Life
) -> None:
    assert sync(life, "first").code == 0
    break_it(life)
    life.edit("errors", 77)
    ran = sync(life, "second", "--revert-drift", ERRORS)
    assert (ran.code, told in ran.err) == (1, True), ran.err
    assert life.thresholds()["errors"] == 77


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sync", "--yes", "--push-applied", "--local"], "of this folder alone"),
        (["plan", "--fetch-applied", "--local"], "of this folder alone"),
        (["plan", "--revert-drift", "errors", "--local"], "names no tracking id"),
        (["plan", "--revert-drift", "\x1b[31m" + "x" * 9_999, "--local"], "names no tracking id"),
        (["plan", "--revert-drift", ERRORS, "--base", "HEAD"], "asks no Datadog"),
        (["sync", "--restore", "last", "--push-applied", "--local"], "plans nothing"),
    ],
)
def test_odd_wishes_are_refused(arguments: list[str], told: str, life: Life) -> None:
    ran = toban(life.laptop, *arguments)
    assert (ran.code, told in ran.err, "\x1b" in ran.err) == (64, True, False), ran.err


def test_outside_a_repository_nothing_is_pushed(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(life.folder.parent))
    shutil.copytree(life.laptop / "monitors", life.folder / "plain" / "monitors")
    ran = toban(life.folder / "plain", "sync", "--yes", "--push-applied", "--api-url", life.url)
    assert (ran.code, "this is no repository" in ran.err) == (64, True), ran.err
    assert life.monitors() == {}
    assert toban(life.folder / "plain", "sync", "--yes", "--api-url", life.url).code == 0
    life.edit("errors", 77)
    assert toban(life.folder / "plain", "drift", "--api-url", life.url).code == 2


def test_a_remote_that_cannot_be_reached_stops_before_anything_is_changed(life: Life) -> None:
    checkout = life.checkout("first")
    git(checkout, "remote", "set-url", "origin", str(Path("/nowhere")))
    ran = toban(checkout, "sync", "--yes", "--push-applied", "--api-url", life.url)
    assert (ran.code, "cannot be fetched" in ran.err) == (1, True), ran.err
    assert life.monitors() == {}
