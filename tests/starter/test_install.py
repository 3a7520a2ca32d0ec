"""What a new repository installs, by its own script in an environment of its own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from generator.starter.starting import Beginning, starting_files

ROOT = Path(__file__).parent.parent.parent
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def release() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release", ROOT / ".github" / "scripts" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a release publishes, built apart from the folder that the tests run in."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.lock"):
        shutil.copy(ROOT / name, source / name)
    shutil.copytree(ROOT / "generator", source / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path_factory.mktemp("dist")
    release().build(folder, source)
    yield folder
    shutil.rmtree(source)


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("toban-*.whl")
    return found


def environment(**variables: str) -> dict[str, str]:
    dropped = ("GITHUB_", "PIP_", "DD_", "CI", "PYTHON")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    return {**inherited, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", **variables}


def begun(folder: Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """`toban init`, with the toban of this checkout."""
    command = [sys.executable, "-m", "generator", "init", str(folder), *map(str, arguments)]
    path = os.pathsep.join([*filter(None, [variables.pop("before", "")]), str(ROOT)])
    return subprocess.run(
        command, cwd=folder.parent, env=environment(PYTHONPATH=path, **variables), capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def installed(folder: Path) -> subprocess.CompletedProcess[str]:
    """The action's script. What the lock file names is taken from the environment of the tests: no network is there."""
    runner = folder.parent / "runner"
    runner.mkdir()
    (folder / "requirements.lock").write_text("")
    site = Path(sysconfig.get_paths()["purelib"])
    variables = environment(PIP_NO_INDEX="1", RUNNER_TEMP=str(runner), GITHUB_PATH=str(runner / "path"))
    script = folder / ".github" / "actions" / "toban" / "install.sh"
    command = ["bash", "--noprofile", "--norc", str(script)]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=120)
    for packages in (runner / "toban").glob("lib/*/site-packages"):
        (packages / "of_the_tests.pth").write_text(f"{site}\n")
    return done


def test_a_new_repository_installs_the_wheel_that_was_named(tmp_path: Path, wheel: Path) -> None:
    folder = tmp_path / "repository"
    begun(folder, "--source", wheel)
    assert (folder / "vendor" / wheel.name).read_bytes() == wheel.read_bytes()
    done = installed(folder)
    assert done.returncode == 0, done.stderr
    toban = Path((tmp_path / "runner" / "path").read_text().strip()) / "toban"
    told = subprocess.run([toban, "lint"], cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "No findings.\n")
    # What was installed from a file makes repositories that install the same file.
    again = subprocess.run([toban, "init", "next"], cwd=tmp_path, env=environment(), capture_output=True, check=True)
    assert again.returncode == 0
    assert (tmp_path / "next" / "requirements.txt").read_text() == (folder / "requirements.txt").read_text()


def test_another_content_under_the_same_name_is_not_installed(tmp_path: Path, wheel: Path) -> None:
    folder = tmp_path / "repository"
    begun(folder, "--source", wheel)
    with (folder / "vendor" / wheel.name).open("ab") as file:
        file.write(b"\0")
    done = installed(folder)
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "runner" / "path").exists()


def test_without_a_source_the_install_stops_and_quotes_why(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    told = begun(folder, before=str(noted(tmp_path, None)))
    assert told.returncode == 0, told.stderr
    assert "requirements.txt does not say where toban comes from" in told.stdout
    assert "installed by its name alone" in told.stdout
    done = installed(folder)
    assert done.returncode == 1
    assert "no-source-of-toban-is-known" in done.stderr
    assert not (tmp_path / "runner" / "path").exists()


def test_a_name_that_somebody_writes_is_not_looked_up(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    begun(folder)
    text = (folder / "requirements.txt").read_text()
    (folder / "requirements.txt").write_text("".join(text.splitlines(keepends=True)[:-1]) + "toban==0.1.0\n")
    done = installed(folder)
    assert done.returncode == 1
    assert "No matching distribution found for toban" in done.stderr


def noted(folder: Path, direct_url: str | None) -> Path:
    """A folder for PYTHONPATH, where an installation of toban has noted this."""
    found = folder / "site" / "toban-0.1.0.dist-info"
    found.mkdir(parents=True)
    (found / "METADATA").write_text("Metadata-Version: 2.1\nName: toban\nVersion: 0.1.0\n")
    if direct_url is not None:
        (found / "direct_url.json").write_text(direct_url)
    return found.parent


RELEASED = "https://github.com/example/toban/releases/download/v0.1.0/toban-0.1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("direct_url", "line"),
    [
        (
            f'{{"url": "https://github.com/example/toban.git", "vcs_info": {{"vcs": "git", "commit_id": "{COMMIT}"}}}}',
            f"toban @ git+https://github.com/example/toban.git@{COMMIT}",
        ),
        (
            f'{{"url": "{RELEASED}", "archive_info": {{"hashes": {{"sha256": "{"a" * 64}"}}}}}}',
            f"toban @ {RELEASED} --hash=sha256:{'a' * 64}",
        ),
        (
            f'{{"url": "{RELEASED}", "archive_info": {{"hash": "sha256={"a" * 64}"}}}}',
            f"toban @ {RELEASED} --hash=sha256:{'a' * 64}",
        ),
    ],
    ids=["git", "wheel", "older pip"],
)
def test_it_is_what_the_running_toban_was_installed_from(tmp_path: Path, direct_url: str, line: str) -> None:
    folder = tmp_path / "repository"
    done = begun(folder, before=str(noted(tmp_path, direct_url)))
    assert done.returncode == 0, done.stderr
    assert (folder / "requirements.txt").read_text().splitlines()[-1] == line


@pytest.mark.parametrize(
    "direct_url",
    [
        "",
        "[]",
        "[" * 100_000,
        '{"url": 7}',
        f'{{"url": "{RELEASED}", "archive_info": {{}}}}',
        f'{{"url": "{RELEASED}", "archive_info": 7}}',
        '{"url": "https://example.com/a", "vcs_info": {"vcs": "hg", "commit_id": "1"}}',
        f'{{"url": "https://t@example.com/a", "vcs_info": {{"vcs": "git", "commit_id": "{COMMIT}"}}}}',
        f'{{"url": "https://a.jp/a", "subdirectory": "b", "vcs_info": {{"vcs": "git", "commit_id": "{COMMIT}"}}}}',
        '{"url": "file:///nowhere/toban-0.1.0-py3-none-any.whl", "archive_info": {}}',
        '{"url": "file:///dev/zero", "archive_info": {}}',
        '{"url": "file:///nowhere", "dir_info": {"editable": true}}',
    ],
)
def test_what_is_not_certain_is_not_written(tmp_path: Path, direct_url: str) -> None:
    folder = tmp_path / "repository"
    done = begun(folder, before=str(noted(tmp_path, direct_url)))
    assert (done.returncode, done.stderr) == (0, "")
    assert "requirements.txt does not say where toban comes from" in done.stdout
    started = starting_files(Beginning("main", "UTC"))
    assert (folder / "requirements.txt").read_text() == started["requirements.txt"]


def git(folder: Path, *arguments: str) -> str:
    identity = {f"GIT_{role}_{what}": "a@b" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    variables = {**environment(), **identity, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=folder, env=variables, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_a_checkout_counts_once_its_commit_is_with_others(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "generator").mkdir(parents=True)
    (checkout / "pyproject.toml").write_text("")
    before = str(noted(tmp_path, f'{{"url": "{checkout.as_uri()}", "dir_info": {{"editable": true}}}}'))
    assert "no git repository" in begun(tmp_path / "a", before=before).stdout
    git(checkout, "init", "-q", "-b", "main")
    git(checkout, "add", "-A")
    git(checkout, "commit", "-q", "-m", "x")
    git(checkout, "remote", "add", "origin", "git@github.com:example/toban.git")
    assert "was not pushed" in begun(tmp_path / "b", before=before).stdout
    git(checkout, "update-ref", "refs/remotes/origin/main", "HEAD")
    commit = git(checkout, "rev-parse", "HEAD")
    assert f"toban is installed from commit {commit[:12]}" in begun(tmp_path / "c", before=before).stdout
    last = (tmp_path / "c" / "requirements.txt").read_text().splitlines()[-1]
    assert last == f"toban @ git+https://github.com/example/toban.git@{commit}"
    (checkout / "pyproject.toml").write_text("x")
    assert "not as in the last commit" in begun(tmp_path / "d", before=before).stdout


def test_a_source_that_is_named_is_written_after_the_fact(tmp_path: Path) -> None:
    folder = tmp_path / "repository"
    begun(folder)
    (folder / "requirements.txt").unlink()
    (folder / "requirements.lock").unlink()
    done = begun(folder, "--keep", "--source", f"git+https://github.com/example/toban@{COMMIT}")
    assert done.stdout.startswith("wrote 2 files")
    assert (folder / "requirements.txt").read_text().endswith(f"@{COMMIT}\n")


@pytest.mark.parametrize("source", ["toban", "toban==0.1.0", "README.md", "/dev/zero", "", f"{RELEASED}", "git+x@main"])
def test_a_source_that_could_change_is_wrong_usage(tmp_path: Path, source: str) -> None:
    done = begun(tmp_path / "repository", "--source", source)
    assert done.returncode == 64
    assert "git+https://HOST/OWNER/toban@COMMIT" in done.stderr
    assert not (tmp_path / "repository").exists()


def test_a_release_publishes_what_can_be_checked(dist: Path, wheel: Path) -> None:
    sums = dict(line.split("  ")[::-1] for line in (dist / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == {wheel.name, "requirements.lock"}
    folder = dist.parent / "by-sums"
    begun(folder, "--source", f"https://example.com/{wheel.name}#sha256={sums[wheel.name]}")
    assert (folder / "requirements.txt").read_text().endswith(f"{wheel.name} --hash=sha256:{sums[wheel.name]}\n")


def test_the_lock_of_a_new_repository_is_that_of_the_action() -> None:
    ours = (ROOT / ".github" / "actions" / "toban" / "requirements.lock").read_text(encoding="utf-8")
    assert starting_files(Beginning("main", "UTC"))["requirements.lock"] == ours
