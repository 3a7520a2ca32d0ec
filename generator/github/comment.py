"""One comment on a pull request, from what its own job has uploaded.

The job of a fork runs what the fork wrote, so the upload may say anything. The number in it counts only where that
pull request's head is the commit that the run was for; the text is bounded, and says who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from generator.github.client import GitHubRefused, Repository
from generator.github.marked import first_marked

COMMENT = "comment.md"
ABOUT = "pull-request.json"
LONGEST = 65_536
"""UTF-16 units that GitHub takes in a comment."""

_LONGEST_FILE = 4 * LONGEST
_MARK = re.compile(r"<!-- toban plan [^\s<>]{1,200} -->")
_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_MENTION = re.compile(r"@(?=[A-Za-z0-9])")


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


@dataclass(frozen=True, slots=True)
class Upload:
    """The pull request that the upload says it is about, the hidden mark and the text below it."""

    number: int
    mark: str
    text: str


def about(number: int) -> str:
    """What a pull request's job writes beside its comment."""
    return msgspec.json.encode({"version": 1, "number": number}).decode() + "\n"


def read_upload(folder: Path) -> Upload:
    try:
        told = msgspec.json.decode(_content(folder / ABOUT), type=_About, strict=True)
    except msgspec.DecodeError as error:
        raise UploadRefused(f"`{ABOUT}` does not name a pull request: {error}") from error
    if told.version != 1 or not 0 < told.number < 2**31:
        raise UploadRefused(f"`{ABOUT}` does not name a pull request")
    try:
        text = _content(folder / COMMENT).decode()
    except UnicodeDecodeError as error:
        raise UploadRefused(f"`{COMMENT}` is not UTF-8") from error
    mark, _, rest = text.partition("\n")
    if not _MARK.fullmatch(mark.strip()):
        raise UploadRefused(f"`{COMMENT}` does not begin with toban's mark")
    return Upload(told.number, mark.strip(), rest)


def comment_on(repository: Repository, upload: Upload, run: Run) -> str:
    """Write or update the comment; the address of it."""
    _refuse_other_commit(repository, upload, run)
    path = f"/issues/{upload.number}/comments"
    found = first_marked(repository.rows(path), upload.mark)
    content = {"body": _body(upload, run)}
    if found is None:
        return _address(repository.write("POST", path, content))
    return _address(repository.write("PATCH", f"/issues/comments/{int(found['id'])}", content))


def _refuse_other_commit(repository: Repository, upload: Upload, run: Run) -> None:
    if not _COMMIT.fullmatch(run.head):
        raise UploadRefused("the run's head is no commit")
    pull = repository.read(f"/pulls/{upload.number}")
    head, base = _field(pull, "head"), _field(pull, "base")
    same = (
        _field(head, "sha") == run.head
        and str(_field(_field(head, "repo"), "full_name")).lower() == run.head_repository.lower()
        and str(_field(_field(base, "repo"), "full_name")).lower() == repository.name.lower()
    )
    if not same:
        raise UploadRefused(
            f"the head of pull request {upload.number} is not `{run.head[:12]}` of `{run.head_repository}`: "
            "it has gone on since, or the upload names another"
        )
    if _field(pull, "state") != "open":
        raise UploadRefused(f"pull request {upload.number} is closed")


def _body(upload: Upload, run: Run) -> str:
    """Nobody is mentioned, whatever the upload says, and the last line is ours."""
    foot = f"\n<sub>Written by the pull request's own job for {run.head[:12]}.</sub>\n"
    text = _MENTION.sub("@\N{ZERO WIDTH SPACE}", upload.text)
    head = f"{upload.mark}\n"
    room = LONGEST - _units(head) - _units(foot)
    return head + (text if _units(text) <= room else _shortened(text, room)) + foot


def _shortened(text: str, room: int) -> str:
    cut = text.encode("utf-16-le")[: 2 * max(room - 1, 0)].decode("utf-16-le", "ignore")
    return cut + "…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _content(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise UploadRefused(f"`{path.name}` is not a file of the upload")
    with path.open("rb") as file:
        content = file.read(_LONGEST_FILE + 1)
    if len(content) > _LONGEST_FILE:
        raise UploadRefused(f"`{path.name}` is longer than {_LONGEST_FILE:,} bytes")
    return content


def _field(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _address(row: Mapping[str, Any]) -> str:
    return str(row.get("html_url") or "")


__all__ = ["GitHubRefused", "Run", "Upload", "UploadRefused", "about", "comment_on", "read_upload"]
