"""`toban github record` takes a plan's word for what is live, so it looks hard at the plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.sync import applied_ref
from tests.life.acting import Ran, git, toban
from tests.life.repository import Life

REF = "refs/toban/applied/shop"


@pytest.fixture
def checkout(life: Life) -> Path:
    """Of a commit that is applied, with no record of it, and a plan that has nothing to do."""
    assert toban(life.laptop, "sync", "--yes", "--api-url", life.url).code == 0
    folder = life.checkout("runner")
    plan(folder, life, "--prune")
    return folder


def plan(folder: Path, life: Life, *options: str) -> None:
    assert toban(folder, "plan", "--out", "plan.json", *options, "--api-url", life.url).code in (0, 1)


def digest(folder: Path) -> str:
    return str(json.loads((folder / "plan.json").read_text())["plan"]["digest"])


def record(folder: Path, expect: str = "") -> Ran:
    return toban(folder, "github", "record", "plan.json", "--expect", expect or digest(folder))


def is_recorded(life: Life) -> bool:
    return REF in git(life.laptop, "ls-remote", "origin")


def test_a_plan_with_nothing_to_do_is_recorded(checkout: Path, life: Life) -> None:
    ran = record(checkout)
    assert (ran.code, is_recorded(life)) == (0, True), ran.err
    applied_ref.fetch(life.laptop, "origin", "shop")
    found = applied_ref.read(life.laptop, "shop")
    assert found is not None
    assert (len(found.payloads), found.about.revision, found.about.target) == (3, life.main(), life.url)


def changed(folder: Path, life: Life) -> None:
    life.edit("queue", 300)
    plan(folder, life)


def of_one_service(folder: Path, life: Life) -> None:
    plan(folder, life, "--only", "service:api")


def other_yaml(folder: Path, _life: Life) -> None:
    path = folder / "monitors" / "api.yaml"
    path.write_text(path.read_text().replace("> 100", "> 101"))


def other_workspace(folder: Path, _life: Life) -> None:
    path = folder / "monitors" / "organization.yaml"
    path.write_text(path.read_text().replace("workspace: shop", "workspace: mall"))


def broken_yaml(folder: Path, _life: Life) -> None:
    (folder / "monitors" / "organization.yaml").write_text("workspace: [")


def nowhere(folder: Path, _life: Life) -> None:
    git(folder, "remote", "set-url", "origin", "/nowhere")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (changed, "the plan has 1 to do"),
        (of_one_service, "the plan is not of all services"),
        (other_yaml, "the plan is of the desired digest"),
        (other_workspace, "the plan is of the desired digest"),
        (broken_yaml, "the plan is of the desired digest"),
        (nowhere, "cannot be fetched"),
    ],
)
def test_what_the_plan_does_not_say_of_this_commit_is_not_recorded(
    spoil: Callable[[Path, Life], None], told: str, checkout: Path, life: Life
) -> None:
    spoil(checkout, life)
    ran = record(checkout)
    assert (ran.code, told in ran.err, is_recorded(life)) == (1, True, False), ran.err


def test_another_plan_than_the_one_of_the_run_is_refused(checkout: Path, life: Life) -> None:
    for expect in ("0" * 64, "\x1b[31m", "x" * 9_999):
        ran = record(checkout, expect)
        assert (ran.code, "which is not the digest of FILE" in ran.err, "\x1b" in ran.err) == (1, True, False)
    assert not is_recorded(life)


def test_what_was_applied_meanwhile_is_not_overwritten_by_an_older_commit(checkout: Path, life: Life) -> None:
    life.write(latency=0.5, errors=10, queue=100)
    life.commit("later")
    git(life.laptop, "push", "--quiet", "origin", "main")
    assert toban(life.laptop, "sync", "--yes", "--push-applied", "--api-url", life.url).code == 0
    before = git(life.laptop, "ls-remote", "origin", REF)
    ran = record(checkout)
    assert (ran.code, "a later revision was applied meanwhile" in ran.out) == (0, True), ran.err
    assert git(life.laptop, "ls-remote", "origin", REF) == before


def test_without_prune_what_is_live_and_not_in_the_yaml_stays_in_the_record(checkout: Path, life: Life) -> None:
    assert record(checkout).code == 0
    life.without("queue")
    later = life.checkout("later")
    plan(later, life, "--fetch-applied")
    assert record(later).code == 0
    applied_ref.fetch(life.laptop, "origin", "shop")
    found = applied_ref.read(life.laptop, "shop")
    assert found is not None
    assert (len(found.payloads), found.about.revision) == (3, life.main())
