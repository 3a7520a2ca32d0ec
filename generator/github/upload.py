"""What a pull request's own job has uploaded, and whether it is about what the job's run was for.

The job of a fork runs what the fork wrote, so the upload may say anything. The number in it counts only where that
pull request's head is the commit that the run was for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from generator.github.client import Repository

REVIEW = "comment.json"
ABOUT = "pull-request.json"
LONGEST_FILE = 8 * 1024 * 1024
"""Bytes; the words of the longest comment are fewer."""

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
class Skipped:
    """Nothing was written, because nobody needs it any more."""

    why: str


def about(number: int) -> str:
    """What a pull request's job writes beside its review."""
    return msgspec.json.encode({"version": 1, "number": number}).decode() + "\n"


def read_upload(folder: Path) -> Upload:
    """Raises UploadRefused with none of the upload's words."""
    try:
        told = msgspec.json.decode(_content(folder / ABOUT), type=_About, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UploadRefused(f"`{ABOUT}` does not name a pull request") from error
    if told.version != 1 or not 0 < told.number < 2**31:
        raise UploadRefused(f"`{ABOUT}` does not name a pull request")
    return Upload(told.number, _content(folder / REVIEW))


def why_late(repository: Repository, number: int, run: Run) -> str:
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
