"""One comment on a pull request, from what its own job has uploaded.

The job of a fork runs what the fork wrote, so the upload may say anything. The number in it counts only where that
pull request's head is the commit that the run was for. Its review is words, of which main's code makes the comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from generator.github.client import Repository
from generator.github.marked import Marked, first_line, marked

REVIEW = "comment.json"
ABOUT = "pull-request.json"
LONGEST_FILE = 1_048_576
"""Bytes; of the longest comment, with each character escaped, it is less."""

_MARK = re.compile(r"<!-- toban plan [^\s<>]{1,200} -->")
_MARK_OF_NOBODY = re.compile(r"<!-- toban plan \([a-z]+\) -->")
"""Of a project whose workspace could not be read."""

_COMMIT = re.compile(r"[0-9a-f]{40,64}")


class UploadRefused(Exception):  # noqa: N818  it says what is known
    """What was uploaded is not what the job of a pull request writes, or is not about this run."""


class _About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    number: int


@dataclass(frozen=True, slots=True)
class Run:
    """What GitHub itself says of the run that made the upload."""

    head: str
    head_repository: str
    head_branch: str


@dataclass(frozen=True, slots=True)
class Upload:
    """The pull request that the upload says it is about, and its review, which nobody has read yet."""

    number: int
    review: bytes


@dataclass(frozen=True, slots=True)
class Written:
    address: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing was written, because nobody needs it any more."""

    why: str


def about(number: int) -> str:
    """What a pull request's job writes beside its review."""
    return msgspec.json.encode({"version": 1, "number": number}).decode() + "\n"


def authorship(run: Run) -> str:
    """The first paragraph of a comment, in Markdown: whose words follow."""
    return f"<sub>Written by the pull request's own job for {run.head[:12]}, whose code may say anything.</sub>\n\n"


def read_upload(folder: Path) -> Upload:
    """Raises UploadRefused with none of the upload's words."""
    try:
        told = msgspec.json.decode(_content(folder / ABOUT), type=_About, strict=True)
    except msgspec.DecodeError as error:
        raise UploadRefused(f"`{ABOUT}` does not name a pull request") from error
    if told.version != 1 or not 0 < told.number < 2**31:
        raise UploadRefused(f"`{ABOUT}` does not name a pull request")
    return Upload(told.number, _content(folder / REVIEW))


def comment_on(repository: Repository, number: int, text: str, run: Run) -> Written | Skipped:
    """Write `text` on that pull request; the hidden mark in its first line tells which comment it replaces."""
    if why := _why_late(repository, number, run):
        return Skipped(why)
    path = f"/issues/{number}/comments"
    found = _earlier(marked(repository.rows(path), _MARK), first_line(text))
    content = {"body": text}
    if found is None:
        return Written(_address(repository.write("POST", path, content)))
    return Written(_address(repository.write("PATCH", f"/issues/comments/{int(found['id'])}", content)))


def _earlier(ours: Iterable[Marked], mark: str) -> Mapping[str, Any] | None:
    """The comment of the same workspace; else one of nobody's, or for nobody's the only one, which is out of date."""
    known = list(ours)
    same = [each for each in known if each.mark == mark]
    if _MARK_OF_NOBODY.fullmatch(mark):
        others = known if len(known) == 1 else []
    else:
        others = [each for each in known if _MARK_OF_NOBODY.fullmatch(each.mark)]
    return next((each.row for each in (*same, *others)), None)


def _why_late(repository: Repository, number: int, run: Run) -> str:
    """Empty where the run was for what the pull request is now; raises UploadRefused for any other pull request."""
    if not _COMMIT.fullmatch(run.head):
        raise UploadRefused("the run's head is no commit")
    pull = repository.read(f"/pulls/{number}")
    head, base = _field(pull, "head"), _field(pull, "base")
    tip = str(_field(head, "sha"))
    if (
        not _is_same(_field(_field(base, "repo"), "full_name"), repository.name)
        or not _is_same(_field(_field(head, "repo"), "full_name"), run.head_repository)
        or (tip != run.head and _field(head, "ref") != run.head_branch)
    ):
        raise UploadRefused(
            f"the run was for {run.head[:12]} of another branch or repository than pull request {number}"
        )
    if _field(pull, "state") != "open":
        return f"pull request {number} is closed"
    return (
        "" if tip == run.head else f"pull request {number} is at {tip[:12]} by now, and the run was for an earlier one"
    )


def _is_same(name: object, other: str) -> bool:
    """GitHub's names of repositories are the same in any case."""
    return isinstance(name, str) and name.lower() == other.lower()


def _content(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise UploadRefused(f"`{path.name}` is not a file of the upload")
    with path.open("rb") as file:
        content = file.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise UploadRefused(f"`{path.name}` is longer than {LONGEST_FILE:,} bytes")
    return content


def _field(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _address(row: Mapping[str, Any]) -> str:
    return str(row.get("html_url") or "")
