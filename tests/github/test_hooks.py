"""The hooks, run by pre-commit itself in a repository of the test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
ORGANIZATION = """\
workspace: main
environments: {production: {scope: 'env:production'}}
teams: {api: {notify: '@slack-a', owners: '@example/api'}}
"""
API = """\
service: api
team: api
runbook: https://wiki.example.com/api
monitors:
  latency: {kind: metric, query: "avg(last_5m):avg:latency{<< environment.scope >>} > 1"}
"""
TESTS = """\
day: 2027-01-12
tests:
  slow is told:
    monitor: latency
    series: [{metric: latency, from: "10:00", values: 2x30}]
    expect: [{at: "10:20", state: STATE}]
"""


def ran(folder: Path, *command: object) -> subprocess.CompletedProcess[str]:
    identity = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "GIT", "CI"))}
    environment = {
        **inherited, **identity, "PATH": f"{BIN}:{os.environ['PATH']}", "PRE_COMMIT_HOME": str(folder.parent / "home"),
        "PRE_COMMIT_COLOR": "never", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull,
    }  # fmt: skip
    return subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """The hooks as they are published, but with the toban that is installed already."""
    folder = tmp_path / "repository"
    (folder / "monitors").mkdir(parents=True)
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    here = [{**hook, "language": "system"} for hook in hooks]
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": here}]}))
    write(folder, organization=ORGANIZATION, api=API)
    (folder / "monitors" / "api.test.yaml").write_text(TESTS.replace("STATE", "alert"))
    (folder / ".gitignore").write_text(".toban/\n")
    ran(folder, "git", "init", "-q", "-b", "main")
    ran(folder, BIN / "toban", "codeowners")
    ran(folder, "git", "add", "-A")
    return folder


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / "monitors" / f"{name}.yaml").write_text(text)


def committed(folder: Path) -> subprocess.CompletedProcess[str]:
    ran(folder, "git", "add", "-A")
    return ran(folder, BIN / "pre-commit", "run")


def outcomes(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line.rpartition(".")[2] for line in done.stdout.splitlines() if line.startswith("toban ")]


def test_what_is_well_may_be_committed(repository: Path) -> None:
    done = committed(repository)
    assert (done.returncode, outcomes(done)) == (0, ["Passed"] * 3), done.stdout


def test_what_lint_finds_stops_the_commit_and_is_told(repository: Path) -> None:
    write(repository, api=API.replace("> 1", ">"))
    done = committed(repository)
    assert done.returncode == 1
    assert outcomes(done)[0] == "Failed"
    assert "monitors/api.yaml:5" in done.stdout


def test_a_test_of_a_monitor_that_fails_stops_the_commit(repository: Path) -> None:
    (repository / "monitors" / "api.test.yaml").write_text(TESTS.replace("STATE", "ok"))
    done = committed(repository)
    assert done.returncode == 1
    assert outcomes(done) == ["Passed", "Failed", "Passed"]


def test_owners_that_changed_stop_the_commit_once(repository: Path) -> None:
    write(repository, organization=ORGANIZATION.replace("@example/api", "@example/web"))
    assert outcomes(committed(repository)) == ["Passed", "Passed", "Failed"]
    assert outcomes(committed(repository)) == ["Passed"] * 3


def test_other_files_run_no_hook(repository: Path) -> None:
    ran(repository, "git", "commit", "-q", "--no-verify", "-m", "x")
    (repository / "README.md").write_text("x")
    assert set(outcomes(committed(repository))) == {"(no files to check)Skipped"}


def test_the_manifest_is_one() -> None:
    done = ran(ROOT, BIN / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout
