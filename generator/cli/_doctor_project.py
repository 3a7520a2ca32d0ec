"""Versions, configuration and git."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from generator.cli._doctor_check import Check, ok, problem, warning
from generator.cli._files import STATE
from generator.finding import Severity

_PINNED = re.compile(r"^toban(?:\[[\w, -]*\])?\s*==\s*([\w.!+-]+)", re.MULTILINE)
_LONGEST = 1_000_000
_GIT_SECONDS = 30


def version_checks(root: Path) -> Iterator[Check]:
    version = metadata.version("toban")
    python = ".".join(map(str, sys.version_info[:3]))
    libraries = f"datadog-api-client {metadata.version('datadog-api-client')}"
    pinned = _PINNED.search(_text(root / "requirements.txt"))
    if pinned and pinned[1] != version:
        hint = "pip install -r requirements.txt, or raise the version there and run `toban schema --out schemas`"
        yield warning("versions", f"toban {version} runs, but requirements.txt names {pinned[1]}", hint)
    else:
        yield ok("versions", f"toban {version}, Python {python}, {libraries}")


def configuration_checks(root: Path) -> Iterator[Check]:
    from generator.cli._project import load

    files, rendering = load(root, no_cache=True)
    if not files:
        yield problem("configuration", f"no project files below `{root}`", "`toban init`, or --root for another folder")
        return
    errors = [each for each in rendering.findings if each.severity is Severity.ERROR]
    if errors:
        first = errors[0]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        yield problem(
            "configuration", f"{first.span.path}:{first.span.line}: {first.message}{more}", "run `toban lint`"
        )
    else:
        counts = f"{_counted(len(rendering.resources), 'resource')} from {_counted(len(files), 'file')}"
        yield ok("configuration", f"workspace {rendering.workspace}: {counts}")
    yield from _schema_checks(root)


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _schema_checks(root: Path) -> Iterator[Check]:
    """Only where the repository keeps schemas for editors."""
    from generator.render.schema import project_schemas

    folder = root / "schemas"
    there = {each: _json(folder / f"{each}.schema.json") for each in project_schemas()}
    if not any(there.values()):
        return
    old = [each for each, schema in project_schemas().items() if there[each] != json.loads(json.dumps(schema))]
    if old:
        hint = "run `toban schema --out schemas`, and commit them"
        yield warning("schemas", f"not those of this toban: {', '.join(old)}", hint)
    else:
        yield ok("schemas", "those of this toban")


def git_checks(root: Path) -> Iterator[Check]:
    try:
        inside = _git(root, "rev-parse", "--is-inside-work-tree")
    except FileNotFoundError:
        yield warning("git", "git is not installed", "install it: `--base`, `--ref` and reviews read from it")
        return
    if inside != "true":
        hint = "`git init`, or, where somebody else owns the folder, `git config --global --add safe.directory DIR`"
        yield warning("git", "this is no git repository of yours, so nothing can be compared with a revision", hint)
        return
    yield from _history_checks(root)
    yield from _state_checks(root)


def _history_checks(root: Path) -> Iterator[Check]:
    if not _git(root, "rev-parse", "--verify", "--quiet", "HEAD"):
        yield warning("git", "there is no commit yet", "commit, so that changes can be compared with something")
        return
    changed = _git(root, "status", "--porcelain", "--", "monitors", "dashboards").splitlines()
    if _git(root, "rev-parse", "--is-shallow-repository") == "true":
        count = _git(root, "rev-list", "--count", "HEAD")
        hint = "`git fetch --unshallow`; in a workflow `fetch-depth: 2` for reviews, 0 for drift"
        yield warning("git", f"a shallow clone of depth {count}: earlier revisions cannot be read", hint)
    elif changed:
        hint = "commit it first: a sync carries out what is in the folder, and others see what is in git"
        yield warning("git", f"{_counted(len(changed), 'project file')} not as in the last commit", hint)
    else:
        yield ok("git", f"clean at {_git(root, 'rev-parse', '--short', 'HEAD')}")


def _state_checks(root: Path) -> Iterator[Check]:
    if _git(root, "ls-files", "--", STATE):
        hint = f"`git rm -r --cached {STATE}`, and ignore it"
        yield problem("state", f"git tracks {STATE}/, which holds what was live", hint)
    elif not _git(root, "check-ignore", f"{STATE}/journal"):
        yield warning("state", f"git does not ignore {STATE}/", f"write `{STATE}/` into .gitignore")
    else:
        yield ok("state", f"git ignores {STATE}/")


def _git(root: Path, *arguments: str) -> str:
    """What git says; nothing where it refuses."""
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    command = ["git", "-c", "core.fsmonitor=false", "--no-pager", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  no shell, and each argument is ours
            command, cwd=root, env=environment, capture_output=True, timeout=_GIT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            return file.read(_LONGEST)
    except (OSError, UnicodeDecodeError):
        return ""


def _json(path: Path) -> object:
    try:
        return json.loads(_text(path))
    except (ValueError, RecursionError):
        return None
