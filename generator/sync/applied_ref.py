"""What was last applied, in git: the ref `refs/toban/applied/WORKSPACE` names one commit, a file for each resource.

The commit has no parent, so that a fetch costs the same after years. Who may push may write anything there: it is data,
and what cannot be believed is refused.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from generator.sync.applied import About, Applied, UnusableApplied, problem_of
from generator.sync.git import GitFailed, commit_of, git

PREFIX = "refs/toban/applied/"
_ABOUT = "about.json"
_MOST_FILES = 100_000
_MOST_BYTES = 512 * 1024 * 1024
_PLAIN_FILE = "100644"
_OVERTAKEN = ("stale info", "cannot lock ref", "failed to lock", "fetch first")


class Pushed(Exception):  # noqa: N818 - the name says what is known
    """Somebody else has pushed meanwhile."""


def ref_of(workspace: str) -> str:
    """Git takes no name that ends in `.lock` or `.`, or holds `..`."""
    is_taken = not workspace.endswith((".lock", ".")) and ".." not in workspace
    return PREFIX + (workspace if is_taken else workspace.replace(".", "%2E"))


def read(root: Path, workspace: str) -> Applied | None:
    """What the ref of this clone says; None where there is none. Raises UnusableApplied."""
    ref = ref_of(workspace)
    commit = commit_of(root, ref)
    if not commit:
        return None
    try:
        applied = _read(root, commit)
    except (GitFailed, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnusableApplied(f"`{ref}` is not what a sync has pushed: {error}") from error
    if problem := problem_of(applied, workspace):
        raise UnusableApplied(f"`{ref}` {problem}")
    return applied


def _read(root: Path, commit: str) -> Applied:
    blobs = dict(_listed(git(root, "ls-tree", "-r", "-l", "-z", commit)))
    if _ABOUT not in blobs:
        raise ValueError(f"it has no `{_ABOUT}`")
    names = sorted({name for name, _ in blobs.values()})
    if len(blobs) > _MOST_FILES or sum(size for _, size in blobs.values()) > _MOST_BYTES:
        raise ValueError("it is too large")
    contents = _contents(git(root, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode()))
    about = msgspec.json.decode(contents.pop(blobs[_ABOUT][0]) if _is_alone(blobs) else b"", type=About)
    payloads = {
        _key(path): msgspec.json.decode(contents[name], type=dict)
        for path, (name, _) in blobs.items()
        if path != _ABOUT
    }
    return Applied(about, payloads)


def _is_alone(blobs: dict[str, tuple[str, int]]) -> bool:
    name = blobs[_ABOUT][0]
    return sum(found == name for found, _ in blobs.values()) == 1


def _listed(listed: bytes) -> Iterator[tuple[str, tuple[str, int]]]:
    for line in listed.split(b"\0"):
        if line:
            told, _, path = line.partition(b"\t")
            mode, _, name, size = told.decode("ascii").split()
            if mode != _PLAIN_FILE:
                raise ValueError("it holds what is no plain file")
            yield path.decode(), (name, int(size))


def _contents(told: bytes) -> dict[str, bytes]:
    """Blobs by name; each answer is a line `NAME blob SIZE`, the bytes and a line break."""
    found: dict[str, bytes] = {}
    position = 0
    while position < len(told):
        end = told.index(b"\n", position)
        name, _, size = told[position:end].decode("ascii").split()
        found[name] = told[end + 1 : end + 1 + int(size)]
        position = end + int(size) + 2
    return found


def _key(path: str) -> tuple[str, str]:
    kind, _, rest = path.partition("/")
    return kind, rest.removesuffix(".json")


def write(root: Path, applied: Applied) -> str:
    """Make the commit and let the ref of this clone name it; its full name."""
    ref = ref_of(applied.about.workspace)
    stream = b"".join(_stream(ref, applied))
    git(root, "fast-import", "--quiet", "--force", "--date-format=raw", given=stream)
    return commit_of(root, ref)


def _stream(ref: str, applied: Applied) -> Iterator[bytes]:
    about = applied.about
    message = f"Applied to {about.target} by run {about.run}\n".encode()
    # a commit after a reset has no parent, and nothing of what was there before
    yield b"reset %b\n" % ref.encode()
    yield b"commit %b\ncommitter toban <toban@localhost> %d +0000\n" % (ref.encode(), int(time.time()))
    yield b"data %d\n%b\n" % (len(message), message)
    yield from _file(_ABOUT, msgspec.json.encode(about))
    for (kind, name), payload in sorted(applied.payloads.items()):
        yield from _file(f"{kind}/{name}.json", msgspec.json.encode(payload, order="sorted"))
    yield b"done\n"


def _file(path: str, content: bytes) -> Iterator[bytes]:
    yield b"M 100644 inline %b\ndata %d\n" % (path.encode(), len(content))
    yield content
    yield b"\n"


def fetch(root: Path, remote: str, workspace: str) -> str:
    """Take over the remote's ref; the commit that it names there, empty where it has none."""
    ref = ref_of(workspace)
    if not git(root, "ls-remote", "--end-of-options", remote, ref).strip():
        return ""
    git(root, "fetch", "--quiet", "--no-tags", "--end-of-options", remote, f"+{ref}:{ref}")
    return commit_of(root, ref)


def push(root: Path, remote: str, workspace: str, *, commit: str, expected: str) -> None:
    """Let the remote's ref name the commit, where it still names what was `expected`; else raise Pushed."""
    ref = ref_of(workspace)
    try:
        git(
            root, "push", "--quiet", "--no-verify", f"--force-with-lease={ref}:{expected}", "--end-of-options", remote,
            f"{commit}:{ref}",
        )  # fmt: skip
    except GitFailed as error:
        if any(word in str(error) for word in _OVERTAKEN):
            raise Pushed(str(error)) from error
        raise
