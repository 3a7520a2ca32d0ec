"""What was last applied: the payloads that the last sync has left live, by which a live difference is told from git's.

It is kept below `.toban/applied/`, and in git where a sync pushes it (`applied_ref.py`). Nothing is lost without it: a
plan then knows no drift.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from generator.plan.desired import is_too_deep
from generator.plan.order import Key
from generator.resources.tracking import is_tracking_id, workspace_of
from generator.resources.types import resource_types
from generator.source.regular import regular_bytes

FOLDER = "applied"
VERSION = 1

_COMMIT = re.compile(r"[0-9a-f]{0,64}")

Payloads = Mapping[Key, Mapping[str, Any]]
Entries = dict[Key, Any]


class UnusableApplied(Exception):  # noqa: N818 - the name says what is known
    """What says what was applied cannot be read, so that nobody knows what is drift."""


class About(msgspec.Struct, frozen=True):
    """Of which Datadog and workspace the payloads are; `revision` is the commit that was applied, `run` what did it.

    `partly` is a later one, where the last run could not do everything. The names of runs sort by time.
    """

    version: int
    workspace: str
    target: str
    run: str = ""
    revision: str = ""
    partly: str = ""


class Applied(msgspec.Struct, frozen=True):
    about: About
    payloads: dict[Key, dict[str, Any]]


class _Entry(msgspec.Struct, frozen=True):
    resource: str
    tracking_id: str
    payload: dict[str, Any]


class _File(msgspec.Struct, frozen=True):
    about: About
    resources: tuple[_Entry, ...]


def file_of(state: Path, target: str, workspace: str) -> Path:
    return state / FOLDER / f"{hashlib.sha256(f'{target} {workspace}'.encode()).hexdigest()[:16]}.json"


def keep(state: Path, applied: Applied) -> None:
    """Write it whole or not at all."""
    place = file_of(state, applied.about.target, applied.about.workspace)
    place.parent.mkdir(parents=True, exist_ok=True)
    entries = tuple(_Entry(*key, payload) for key, payload in sorted(applied.payloads.items()))
    partial = place.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as file:
        file.write(msgspec.json.encode(_File(applied.about, entries)))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(place)


def kept(state: Path, target: str, workspace: str) -> Applied | None:
    """None where nothing is kept; raises UnusableApplied."""
    place = file_of(state, target, workspace)
    try:
        read = msgspec.json.decode(regular_bytes(place), type=_File)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnusableApplied(f"`{place}` cannot be read: {error}") from error
    applied = Applied(read.about, {(each.resource, each.tracking_id): each.payload for each in read.resources})
    if problem := problem_of(applied, workspace):
        raise UnusableApplied(f"`{place}` {problem}")
    return applied if applied.about.target == target else None


def problem_of(applied: Applied, workspace: str) -> str:
    """What keeps it from being believed; empty where nothing does."""
    about = applied.about
    if not all(_COMMIT.fullmatch(each) for each in (about.revision, about.partly)):
        return "names a revision that is no commit"
    if about.version != VERSION:
        return f"has version {about.version}, and this toban reads version {VERSION}"
    if about.workspace != workspace:
        return f"is of workspace `{about.workspace[:100]}`, not of `{workspace}`"
    for (kind, name), payload in applied.payloads.items():
        if kind not in resource_types() or not is_tracking_id(name) or workspace_of(name) != workspace:
            return f"holds `{name[:200]}`, which is no {kind[:40]} of workspace `{workspace}`"
        if is_too_deep(payload):
            return f"holds `{name[:200]}`, which is nested too deep"
    return ""


def after_sync(before: Payloads, desired: Payloads, *, settled: Collection[Key], others: Collection[Key]) -> Entries:
    """The payloads that are applied now: of what is `settled` those desired, of the `others` those before.

    What is settled and not desired is gone, and so is what is neither.
    """
    remembered = {key: payload for key, payload in before.items() if key in others and key not in settled}
    return {**remembered, **{key: dict(payload) for key, payload in desired.items() if key in settled}}


def merged(base: Payloads, mine: Payloads, theirs: Payloads) -> Entries:
    """What two syncs have left that began with the same: of what both have changed to something else, nobody knows."""
    found: Entries = {}
    for key in base.keys() | mine.keys() | theirs.keys():
        was, my, their = base.get(key), mine.get(key), theirs.get(key)
        kept_one = their if my in (was, their) else my if their == was else None
        if kept_one is not None:
            found[key] = kept_one
    return found


def latest(candidates: Iterable[Applied | None]) -> Applied | None:
    """That of the latest run."""
    return max((each for each in candidates if each is not None), key=lambda each: each.about.run, default=None)
