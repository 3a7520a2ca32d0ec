"""A plan file may come from anybody: what it would do is held against the project itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from generator.plan.digest import signed
from generator.plan.model import Action, Change, Plan
from generator.plan.planfile import decoded, encoded

Toban = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def toban(tmp_path: Path) -> Toban:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI"))}

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "generator", *map(str, arguments), "--local"], cwd=tmp_path, env=inherited,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert "bug in toban" not in done.stderr, done.stderr
        return done

    return run


def write(folder: Path, *names: str, threshold: int = 1) -> None:
    (folder / "monitors").mkdir(exist_ok=True)
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (folder / "monitors" / "organization.yaml").write_text(organization)
    monitors = (
        f"  {name}: {{kind: metric, query: 'avg(last_5m):avg:{name}{{x:y}} > {threshold}'}}\n" for name in names
    )
    (folder / "monitors" / "api.yaml").write_text("service: api\nmonitors:\n" + "".join(monitors))


def forged(file: Path, change: Callable[[Plan], Plan]) -> None:
    """Change a plan, and make all its sums right again."""
    plan = change(decoded(file.read_text()))
    file.write_text(encoded(signed(plan)))


def with_after(plan: Plan, **fields: Any) -> Plan:
    (change,) = plan.changes
    return msgspec.structs.replace(
        plan, changes=(msgspec.structs.replace(change, after={**(change.after or {}), **fields}),)
    )


def test_a_plan_of_other_content_is_refused(toban: Toban, tmp_path: Path) -> None:
    write(tmp_path, "a")
    toban("plan", "--out", "plan.json")
    write(tmp_path, "a", threshold=2)
    ran = toban("sync", "plan.json")
    assert (ran.returncode, "desired digest" in ran.stderr) == (1, True)


def test_a_forged_write_is_refused_though_its_sums_are_right(toban: Toban, tmp_path: Path) -> None:
    write(tmp_path, "a")
    toban("plan", "--out", "plan.json")
    forged(tmp_path / "plan.json", lambda plan: with_after(plan, message="@evil"))
    ran = toban("sync", "plan.json")
    assert (ran.returncode, "otherwise than the YAML says" in ran.stderr) == (1, True), ran.stderr


@pytest.mark.parametrize(
    ("tracking_id", "told"), [("w/api/a/production", "which the YAML has"), ("other/x/y/z", "not of workspace")]
)
def test_a_forged_delete_is_refused(tracking_id: str, told: str, toban: Toban, tmp_path: Path) -> None:
    write(tmp_path, "a")
    toban("sync", "--yes")
    write(tmp_path, "a", "b")
    toban("plan", "--out", "plan.json")
    doomed = Change(Action.DELETE, "monitor", tracking_id, "a", id="100000001", before={})
    forged(tmp_path / "plan.json", lambda plan: msgspec.structs.replace(plan, changes=(*plan.changes, doomed)))
    ran = toban("sync", "plan.json")
    assert (ran.returncode, told in ran.stderr) == (1, True), ran.stderr


def test_an_honest_plan_is_carried_out_and_again_after_that(toban: Toban, tmp_path: Path) -> None:
    write(tmp_path, "a", "b")
    toban("sync", "--yes")
    write(tmp_path, "a", threshold=3)
    toban("plan", "--prune", "--out", "plan.json")
    assert [toban("sync", "plan.json", "--prune").returncode for _ in range(2)] == [0, 0]
