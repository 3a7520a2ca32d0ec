"""Project files of a git revision, read from git's own store: nothing is checked out and no filter of git runs."""

from __future__ import annotations

import os
import posixpath
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from generator.finding import Finding
from generator.source.encoding import SIZE_LIMIT
from generator.source.links import FOLDERS, End, Way, end_of
from generator.source.reader import (
    ENDLESS,
    IS_FOLDER,
    LEADS_NOWHERE,
    LEADS_OUT,
    SUFFIXES,
    FolderFiles,
    misnamed,
    near_misses,
    unread,
)
from generator.source.wording import one_line, shown

_LINK: Final = "120000"
_FILES: Final = ("100644", "100755")
_SECONDS: Final = 120


class UnreadableRevision(Exception):  # noqa: N818  it is said of the revision, not of us
    """Why the revision cannot be read, and what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class _Blob(msgspec.Struct, frozen=True):
    mode: str
    name: str
    size: int


class _Tree(msgspec.Struct, frozen=True):
    root: str
    blobs: Mapping[str, _Blob]
    contents: Mapping[str, bytes]
    folders: frozenset[str]


def read_revision(root: Path, revision: str) -> FolderFiles:
    """The files that `read_folder` would find, had the revision been checked out in `root`."""
    blobs = dict(_blobs(_listed(root, _commit(root, revision))))
    # What is hidden is no file of the project, but a link may lead to it.
    seen = {path: blob for path, blob in blobs.items() if not _is_hidden(path)}
    wanted = blobs if any(blob.mode == _LINK for blob in seen.values()) else seen
    contents = _contents(root, {blob.name for blob in wanted.values() if blob.size <= SIZE_LIMIT})
    tree = _Tree(os.path.realpath(root), wanted, contents, _folders(wanted))
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    for path in sorted(seen):
        found = _content(path, tree)
        if found is None:
            findings += map(misnamed, (path,) if any(near_misses([path.rpartition("/")[2]])) else ())
        elif isinstance(found, Finding):
            findings.append(found)
        else:
            files[path] = found
    return FolderFiles(files, tuple(findings))


def commits_ahead(root: Path, base: str, head: str) -> int:
    """How many commits change project files and are in `base` but not in `head`; 0 where a shallow clone hides that."""
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true":
        return 0
    try:
        apart = f"{_commit(root, head)}..{_commit(root, base)}"
    except UnreadableRevision:  # there may be no HEAD yet
        return 0
    return int(_read(root, "rev-list", "--count", apart, "--", *FOLDERS))


def _commit(root: Path, revision: str) -> str:
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise UnreadableRevision(f"{shown(revision)} is no git revision", "name a branch, a tag or a commit")
    try:
        named = _git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()
    except subprocess.CalledProcessError as error:
        told = error.stderr.decode(errors="replace").strip()
        if "not a git repository" in told or "dubious ownership" in told:
            message = one_line(told.splitlines()[0].removeprefix("fatal: "))
            raise UnreadableRevision(message, "call toban in a git repository of your own") from error
        hint = "fetch it first: `git fetch origin main`; a shallow clone has few of them"
        raise UnreadableRevision(f"git knows no revision {shown(revision)}", hint) from error
    # `^main`, all that is not in main, passes as one commit.
    if not named.isalnum():
        raise UnreadableRevision(f"{shown(revision)} is no single git revision", "name a branch, a tag or a commit")
    return named


def _listed(root: Path, commit: str) -> bytes:
    return _read(root, "ls-tree", "-r", "-l", "-z", commit, "--", *FOLDERS)


def _read(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    try:
        return _git(root, *arguments, given=given)
    except subprocess.CalledProcessError as error:
        told = one_line(error.stderr.decode(errors="replace"))
        raise UnreadableRevision(f"git cannot read the revision: {told}", "see what `git fsck` says") from error


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Hooks, pagers and prompts of git stay out of it."""
    # Ours to find on the PATH: people and CI images have it in different places.
    command = ["git", "--no-pager", "--literal-pathspecs", *arguments]
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603  no shell, and the revision is checked
            command, cwd=root, env=environment, input=given, capture_output=True, timeout=_SECONDS, check=True
        )
    except FileNotFoundError as error:
        raise UnreadableRevision("git is not installed", "install it, or leave `--base` out") from error
    except subprocess.TimeoutExpired as error:
        raise UnreadableRevision(f"git gave no answer in {_SECONDS} seconds", "see what it waits for") from error
    return done.stdout


def _blobs(listed: bytes) -> Iterator[tuple[str, _Blob]]:
    """Files and links by path."""
    for line in listed.split(b"\0"):
        told, _, path = line.partition(b"\t")
        words = told.decode("ascii", "replace").split()
        if len(words) == 4 and words[0] in (*_FILES, _LINK):
            yield os.fsdecode(path), _Blob(words[0], words[2], int(words[3]) if words[3].isdigit() else 0)


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path


def _contents(root: Path, names: Iterable[str]) -> dict[str, bytes]:
    """Blobs by name; each answer is a line `NAME blob SIZE`, the bytes and a line break."""
    wanted = sorted(names)
    if not wanted:
        return {}
    told = _read(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in wanted).encode())
    contents: dict[str, bytes] = {}
    position = 0
    for name in wanted:
        end = told.index(b"\n", position)
        words = told[position:end].split()
        size = int(words[2]) if len(words) == 3 else 0
        if len(words) == 3:
            contents[name] = told[end + 1 : end + 1 + size]
            position = end + size + 2
        else:
            position = end + 1
    return contents


def _folders(paths: Iterable[str]) -> frozenset[str]:
    folders: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder and folder not in folders:
            folders.add(folder)
            folder = posixpath.dirname(folder)
    return frozenset(folders)


def _content(path: str, tree: _Tree) -> bytes | Finding | None:
    """Links are followed inside the project's folders, as in a checkout; None is no project file."""
    end = end_of(path, lambda each: _written(each, tree), tree.root)
    if _is_folder(end, tree):
        return unread(path, IS_FOLDER if end.way is Way.INSIDE else LEADS_OUT)
    if not path.endswith(SUFFIXES):
        return None
    try:
        path.encode()
    except UnicodeEncodeError:
        return unread(path.encode("utf-8", "replace").decode(), "its name is not UTF-8")
    if end.way is not Way.INSIDE:
        return unread(path, LEADS_OUT if end.way is Way.OUT else ENDLESS)
    blob = tree.blobs.get(end.path)
    if blob is None or blob.mode == _LINK:
        return unread(path, LEADS_NOWHERE)
    # More than the limit is not asked for; as many bytes let the reader tell that it is too large.
    return tree.contents.get(blob.name, b"\n" * (SIZE_LIMIT + 1))


def _is_folder(end: End, tree: _Tree) -> bool:
    """What lies beyond the project's folders, git may not know: there the disk tells, as it does of a checkout."""
    if end.way is Way.OUT:
        return (Path(tree.root) / end.path).is_dir()
    return end.path in tree.folders


def _written(path: str, tree: _Tree) -> str | None:
    blob = tree.blobs.get(path)
    return os.fsdecode(tree.contents.get(blob.name, b"")) if blob is not None and blob.mode == _LINK else None
