"""Where the toban that runs came from: what its installation noted (https://peps.python.org/pep-0610/)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from generator.cli._exits import USAGE, Stop
from generator.cli._git import git_says
from generator.source.wording import shown
from generator.starter.sources import (
    CHOICES,
    FOLDER,
    Source,
    Unpinned,
    of_address,
    of_commit,
    of_file,
    wheel_name,
    written_source,
)

_LARGEST_WHEEL = 20_000_000
_FROM_INDEX = "this toban was installed by its name alone, which says nothing of where it came from"


class Chosen(NamedTuple):
    """A source, and what the repository has to hold for it: path → content."""

    source: Source
    copies: Mapping[str, bytes]


def named_source(text: str) -> Chosen:
    """What `--source` says."""
    if "://" in text or text.startswith("git+"):
        found = written_source(_with_known_digest(text))
        copies: Mapping[str, bytes] = {}
        if isinstance(found, Source):
            return Chosen(found, copies)
    else:
        of_path = _kept(Path(text))
        if isinstance(of_path, Chosen):
            return of_path
        found = of_path
    raise Stop(f"--source: {found.message}", hint=CHOICES, code=USAGE)


def installed_source() -> Chosen | Unpinned:
    """Without a network: the same content as what runs, where others can fetch it or the repository can keep it."""
    noted = _noted()
    address = str(noted.get("url", ""))
    match noted:
        case {"vcs_info": {"vcs": "git", "commit_id": str(commit)}, **others} if "subdirectory" not in others:
            return _chosen(of_commit(address, commit))
        case {"archive_info": dict()} if address.startswith("file:"):
            return _of_installed_file(_path(address), _digest(noted))
        case {"archive_info": dict()}:
            return _chosen(of_address(address, _digest(noted)))
        case {"dir_info": dict()} if address.startswith("file:"):
            return _of_checkout(_path(address))
        case _:
            return Unpinned(_FROM_INDEX)


def installed_commit() -> str:
    """Of an installation from git; else empty."""
    found = _noted().get("vcs_info")
    return str(found.get("commit_id", "")) if isinstance(found, dict) else ""


def _noted() -> Mapping[str, Any]:
    try:
        noted = json.loads(metadata.distribution("toban").read_text("direct_url.json") or "")
    except (ValueError, RecursionError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _digest(noted: Mapping[str, Any]) -> str:
    match noted["archive_info"]:
        case {"hashes": {"sha256": str(digest)}}:
            return digest
        case {"hash": str(both)}:
            return both.removeprefix("sha256=")
        case _:
            return ""


def _with_known_digest(text: str) -> str:
    """A release's wheel needs no digest written where the very file is what runs."""
    noted = _noted()
    same = wheel_name(text) and wheel_name(text) == wheel_name(str(noted.get("url", "")))
    return f"{text}#sha256={_digest(noted)}" if same and "archive_info" in noted else text


def _chosen(found: Source | Unpinned) -> Chosen | Unpinned:
    return Chosen(found, {}) if isinstance(found, Source) else found


def _path(address: str) -> Path:
    return Path(unquote(urlsplit(address).path))


def _of_installed_file(path: Path, digest: str) -> Chosen | Unpinned:
    kept = _kept(path)
    if isinstance(kept, Chosen) and digest and digest not in kept.source.requirement:
        return Unpinned(f"{shown(str(path), 100)} is another file than the one that was installed")
    return kept


def _kept(path: Path) -> Chosen | Unpinned:
    if not wheel_name(path.name):
        return Unpinned(f"{shown(str(path), 100)} is no wheel of toban")
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_WHEEL + 1)
    except OSError as error:
        return Unpinned(f"{shown(str(path), 100)} cannot be read: {(error.strerror or 'unknown').lower()}")
    if len(content) > _LARGEST_WHEEL or not content.startswith(b"PK"):
        return Unpinned(f"{shown(str(path), 100)} is no wheel of toban")
    found = of_file(path.name, hashlib.sha256(content).hexdigest())
    return Chosen(found, {f"{FOLDER}/{path.name}": content}) if isinstance(found, Source) else found


def _of_checkout(folder: Path) -> Chosen | Unpinned:
    """Its commit, where a remote has it and the folder is as that commit is."""
    told = shown(str(folder), 100)
    try:
        commit = git_says(folder, "rev-parse", "HEAD")
        remote = git_says(folder, "remote", "get-url", "origin")
    except OSError:
        commit = remote = ""
    if not commit or not remote:
        return Unpinned(f"this toban was installed from {told}, which is no git repository with a remote `origin`")
    if git_says(folder, "status", "--porcelain", "--", "generator", "pyproject.toml"):
        return Unpinned(f"this toban was installed from {told}, where files are not as in the last commit")
    if not git_says(folder, "branch", "--remotes", "--contains", commit):
        return Unpinned(f"this toban was installed from {told}, whose commit {commit[:12]} was not pushed")
    return _chosen(of_commit(remote, commit))
