"""Where keys come from; and that a run leaves none behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.localdog.gate import Keys
from generator.localdog.server import Begin, embedded

API, APPLICATION = "planted0api0key0planted0api0key0", "planted0application0key0planted0application0"
SECRETS = (API, APPLICATION)
Toban = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with embedded(None, begin=Begin(keys=Keys(API, APPLICATION))) as address:
        yield address


@pytest.fixture
def toban(tmp_path: Path, url: str) -> Toban:
    """Run in `tmp_path/project` with the environment given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI", "AWS_"))}
    project = tmp_path / "project"
    (project / "monitors").mkdir(parents=True)
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (project / "monitors" / "organization.yaml").write_text(organization)
    (project / "monitors" / "api.yaml").write_text(monitors("a", "b"))

    def run(*arguments: object, **environment: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-X", "dev", "-m", "generator", *map(str, arguments), "--api-url", url],
            cwd=project, env={**inherited, **{name: str(value) for name, value in environment.items()}},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    return run


def monitors(*names: str, threshold: int = 1) -> str:
    lines = (f"  {name}: {{kind: metric, query: 'avg(last_5m):avg:{name}{{x:y}} > {threshold}'}}\n" for name in names)
    return "service: api\nmonitors:\n" + "".join(lines)


def in_files(folder: Path) -> dict[str, str]:
    (folder / "api").write_text(f"{API}\n")
    (folder / "application").write_text(APPLICATION)
    return {"DD_API_KEY_FILE": str(folder / "api"), "DD_APP_KEY_FILE": str(folder / "application")}


def test_keys_may_stand_in_files(toban: Toban, tmp_path: Path) -> None:
    assert toban("plan", **in_files(tmp_path)).returncode == 0


def test_one_key_may_stand_in_a_file_and_the_other_in_the_environment(toban: Toban, tmp_path: Path) -> None:
    given = in_files(tmp_path)
    assert toban("plan", DD_API_KEY=API, DD_APP_KEY_FILE=given["DD_APP_KEY_FILE"]).returncode == 0


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DD_API_KEY": API}, "DD_APP_KEY is not set, but the other key is"),
        (
            {"DD_API_KEY": API, "DD_API_KEY_FILE": "x", "DD_APP_KEY": APPLICATION},
            "DD_API_KEY and DD_API_KEY_FILE are both set",
        ),
        ({"DD_API_KEY_FILE": "nowhere", "DD_APP_KEY": APPLICATION}, "`nowhere` cannot be read: No such file"),
        ({"DD_API_KEY_FILE": ".", "DD_APP_KEY": APPLICATION}, "`.` cannot be read: Is a directory"),
        ({"DD_API_KEY_FILE": "/dev/zero", "DD_APP_KEY": APPLICATION}, "holds no key"),
        ({"DD_API_KEY_FILE": "/dev/null", "DD_APP_KEY": APPLICATION}, "holds no key"),
        ({"DD_API_KEY_FROM": "vault:x", "DD_APP_KEY": APPLICATION}, "DD_API_KEY_FROM: `vault:x` names no secret"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, dict) else "",
)
def test_what_is_no_key_is_told(given: dict[str, str], told: str, toban: Toban) -> None:
    ran = toban("plan", **given)
    assert (ran.returncode, told in ran.stderr) == (64, True), ran.stderr
    assert not any(secret in ran.stdout + ran.stderr for secret in SECRETS)


def test_a_planted_key_is_in_nothing_that_a_run_says_or_leaves(toban: Toban, tmp_path: Path) -> None:
    given = in_files(tmp_path)
    wrong = {"DD_API_KEY": API, "DD_APP_KEY": APPLICATION[::-1]}
    file = tmp_path / "project" / "monitors" / "api.yaml"
    ran = [toban("plan", "--out", "plan.json", **given), toban("sync", "plan.json", **given)]
    file.write_text(monitors("a", threshold=2))
    ran += [
        toban("plan", "--format", "markdown", "--prune", DD_API_KEY=API, DD_APP_KEY=APPLICATION),
        toban("sync", "--yes", "--prune", "--format", "json", **given),
        toban("sync", "--yes", "--restore", "last", **given),
        toban("plan", **wrong),
        toban("sync", "--yes", DD_SITE="nowhere.example", DD_API_KEY=API, DD_APP_KEY=APPLICATION),
    ]
    assert [each.returncode for each in ran] == [0, 0, 0, 0, 0, 1, 0]
    said = "".join(each.stdout + each.stderr for each in ran)
    left = b"".join(path.read_bytes() for path in (tmp_path / "project").rglob("*") if path.is_file())
    for secret in (*SECRETS, APPLICATION[::-1]):
        assert secret not in said
        assert secret.encode() not in left
    kept = {path.parts[-3] for path in (tmp_path / "project" / ".toban").rglob("*/*/*.json*")}
    assert "archive" in kept


def test_no_command_takes_a_key_as_an_argument(toban: Toban) -> None:
    """What stands in a command line is in the list of processes."""
    import click

    from generator.cli import toban as commands

    context = click.Context(commands)
    options = [
        option
        for name in commands.list_commands(context)
        if name != "local" and (command := commands.get_command(context, name)) is not None
        for parameter in command.params
        for option in parameter.opts
    ]
    assert options
    assert [option for option in options if "key" in option] == []
