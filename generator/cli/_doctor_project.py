"""Versions, configuration and git."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from generator.cli._doctor_check import Check, ok, problem, warning
from generator.cli._files import STATE
from generator.cli._git import git_says
from generator.finding import Severity

_BY_NAME = re.compile(r"[ \t]*toban[ \t]*(?:\[[^\]]*\][ \t]*)?(?:==[ \t]*([\w.!+-]+)|(?![\w.@ \t-]))", re.IGNORECASE)
_WHEEL = re.compile(r"\btoban-([0-9][^-/\s]*)-py3-none-any\.whl")
_COMMIT = re.compile(r"\bgit\+https://\S+@([0-9a-f]{40,64})\b")
_LONGEST = 1_000_000
_DEPTH = 2
"""The commit, and what it came from: what was applied last is fetched by itself."""


def version_checks(root: Path) -> Iterator[Check]:
    version = metadata.version("toban")
    python = ".".join(map(str, sys.version_info[:3]))
    libraries = f"datadog-api-client {metadata.version('datadog-api-client')}"
    named = _text(root / "requirements.txt")
    other = _other_version(named, version)
    if other:
        hint = "install that one as README.md says, or name the other: `toban init --help`, --source"
        yield warning("versions", f"toban {version} runs, but requirements.txt names {other}", hint)
    else:
        yield ok("versions", f"toban {version}, Python {python}, {libraries}")
    yield from _source_checks(named)


def _other_version(named: str, version: str) -> str:
    from generator.cli._installed import installed_commit

    wheel, commit = _WHEEL.search(named), _COMMIT.search(named)
    versions = [wheel[1] if wheel else "", *(each[1] or "" for each in _by_name(named))]
    if other := next((each for each in versions if each not in ("", version)), ""):
        return other
    running = installed_commit() if commit else ""
    return f"commit {commit[1][:12]}" if commit and running and running != commit[1] else ""


def _by_name(named: str) -> list[re.Match[str]]:
    return [found for line in _requirements(named) if (found := _BY_NAME.match(line))]


def _requirements(named: str) -> list[str]:
    return named.replace("\\\n", " ").splitlines()


def _source_checks(named: str) -> Iterator[Check]:
    """Whoever registers the name at an index would get what the workflows may do."""
    from generator.starter.starting import NO_SOURCE

    hint = "delete requirements.txt and requirements.lock, and run `toban init --keep --source SOURCE`"
    if any("--hash=sha256:" not in each.string for each in _by_name(named)):
        text = "requirements.txt has pip ask an index for the name `toban`, where a package of a stranger may have it"
        yield problem("source", text, hint)
    elif NO_SOURCE in named:
        yield problem("source", "requirements.txt does not say where toban comes from, so no workflow can run", hint)


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
        inside = git_says(root, "rev-parse", "--is-inside-work-tree")
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
    if not git_says(root, "rev-parse", "--verify", "--quiet", "HEAD"):
        yield warning("git", "there is no commit yet", "commit, so that changes can be compared with something")
        return
    shallow = _shallow(root)
    if shallow == 1:
        hint = f"`git fetch --unshallow`; in a workflow `fetch-depth: {_DEPTH}`, as those of `toban init` have it"
        yield warning("git", "a shallow clone of one commit: `--base` has nothing to compare with", hint)
    changed = git_says(root, "status", "--porcelain", "--", "monitors", "dashboards").splitlines()
    if changed:
        hint = "commit it first: a sync carries out what is in the folder, and others see what is in git"
        yield warning("git", f"{_counted(len(changed), 'project file')} not as in the last commit", hint)
    elif shallow != 1:
        more = f", in a shallow clone of {_counted(shallow, 'commit')}" if shallow else ""
        yield ok("git", f"clean at {git_says(root, 'rev-parse', '--short', 'HEAD')}{more}")


def _shallow(root: Path) -> int:
    """How many commits a shallow clone has; 0 where it is whole."""
    if git_says(root, "rev-parse", "--is-shallow-repository") != "true":
        return 0
    count = git_says(root, "rev-list", "--count", "HEAD")
    return int(count) if count.isdigit() else 1


def _state_checks(root: Path) -> Iterator[Check]:
    if git_says(root, "ls-files", "--", STATE):
        hint = f"`git rm -r --cached {STATE}`, and ignore it"
        yield problem("state", f"git tracks {STATE}/, which holds what was live", hint)
    elif (root / STATE).exists() and not git_says(root, "check-ignore", f"{STATE}/journal"):
        yield warning("state", f"git does not ignore {STATE}/", f"write `{STATE}/` into .gitignore")
    else:
        yield ok("state", f"git ignores {STATE}/")


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
