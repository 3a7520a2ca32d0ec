"""Where a link of the project leads: judged alike in a folder and in a git revision, step by step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath
from typing import Final

FOLDERS: Final = ("monitors", "dashboards")

_MOST_LINKS: Final = 40
"""As Linux has it."""
_LONGEST: Final = 4_095


class Way(Enum):
    INSIDE = "inside"
    OUT = "out"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class End:
    """`path` is relative to the project; of what leads out, it is where it does: links beyond are not followed.

    Whether anything is there is another question.
    """

    way: Way
    path: str


@dataclass(frozen=True, slots=True)
class _Link:
    folder: str
    written: str
    rest: str


def end_of(path: str, link_at: Callable[[str], str | None], root: str) -> End:
    """`link_at` tells what is written in the link at a path, None where there is no link; `root` is without links."""
    left = path
    for _ in range(_MOST_LINKS + 1):
        if len(left) > _LONGEST:
            break
        met = _first_link(left, link_at)
        if isinstance(met, End):
            return met
        if not met.written.startswith("/"):
            left = f"{met.folder}/{met.written}/{met.rest}"
        elif PurePosixPath(met.written).is_relative_to(root):
            left = f"{PurePosixPath(met.written).relative_to(root)}/{met.rest}"
        else:
            return End(Way.OUT, met.written)
    return End(Way.ENDLESS, path)


def _first_link(path: str, link_at: Callable[[str], str | None]) -> End | _Link:
    done: list[str] = []
    parts = [part for part in path.split("/") if part not in ("", ".")]
    for index, part in enumerate(parts):
        if part == ".." and done:
            done.pop()
        elif not done and part not in FOLDERS:
            return End(Way.OUT, "/".join(parts[index:]))
        elif written := link_at("/".join((*done, part))):
            return _Link("/".join(done), written, "/".join(parts[index + 1 :]))
        else:
            done.append(part)
    return End(Way.INSIDE, "/".join(done)) if done else End(Way.OUT, ".")
