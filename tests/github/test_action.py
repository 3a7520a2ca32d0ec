"""The composite action's own shell, as a runner would call it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
ACTION = ROOT / ".github" / "actions" / "toban"


def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The action with the package that it installs, apart from the folder that the tests run in."""
    copy = tmp_path / "checkout"
    (copy / ".github" / "actions" / "toban").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        (copy / name).write_bytes((ROOT / name).read_bytes())
    (copy / "generator").symlink_to(ROOT / "generator")
    for each in ACTION.iterdir():
        (copy / ".github" / "actions" / "toban" / each.name).write_bytes(each.read_bytes())
    return copy


def installed(checkout: Path, tmp_path: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Without a network: what the lock file names is taken from the environment of the tests."""
    runner = tmp_path / "runner"
    runner.mkdir()
    nothing = runner / "nothing.lock"
    nothing.touch()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "PIP_"))},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PYTHONPATH": sysconfig.get_paths()["purelib"],
        "RUNNER_TEMP": str(runner),
        "GITHUB_OUTPUT": str(runner / "output"),
        "GITHUB_PATH": str(runner / "path"),
        "REQUIREMENTS": str(nothing),
        **variables,
    }
    script = checkout / ".github" / "actions" / "toban" / "install.sh"
    command = ["bash", "--noprofile", "--norc", str(script)]
    return subprocess.run(
        command, env=environment, cwd=runner, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_steps_that_follow_find_toban(elsewhere: Path, tmp_path: Path) -> None:
    done = installed(elsewhere, tmp_path)
    assert done.returncode == 0, done.stderr
    folder = (tmp_path / "runner" / "path").read_text().strip()
    told = (tmp_path / "runner" / "output").read_text().strip()
    assert (Path(folder) / "toban").exists()
    assert told == f"version={project()['version']}"


def test_another_version_than_was_asked_for_fails_the_step(elsewhere: Path, tmp_path: Path) -> None:
    done = installed(elsewhere, tmp_path, VERSION="99.0.0")
    assert done.returncode == 1
    assert "99.0.0 was asked for" in done.stdout
    assert not (tmp_path / "runner" / "path").exists()


def test_every_input_is_described_and_reaches_the_script() -> None:
    action = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))
    script = (ACTION / "install.sh").read_text(encoding="utf-8")
    (install,) = (step for step in action["runs"]["steps"] if step.get("id") == "install")
    assert [name for name, each in action["inputs"].items() if not each.get("description")] == []
    assert [name for name in install["env"] if name != "ACTION" and name not in script] == []


def test_the_page_names_every_input() -> None:
    page = (ROOT / "docs" / "github.md").read_text(encoding="utf-8")
    action = yaml.safe_load((ACTION / "action.yml").read_text(encoding="utf-8"))
    assert [name for name in action["inputs"] if f"`{name}`" not in page] == []


def test_the_lock_of_the_action_names_every_dependency_with_hashes() -> None:
    lock = (ACTION / "requirements.lock").read_text(encoding="utf-8")
    extras = project()["optional-dependencies"]
    wanted = [*project()["dependencies"], *extras["aws"], *extras["build"]]
    names = [each.partition(">=")[0] for each in wanted]
    assert [name for name in names if f"\n{name}==" not in f"\n{lock}"] == []
    assert lock.count("==") <= lock.count("--hash=sha256:")
