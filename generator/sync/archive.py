"""What a run overwrites or deletes, as it was, on disk before the write is sent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from generator.resources.tracking import is_tracking_id, workspace_of
from generator.resources.types import Payload, resource_types
from generator.source.regular import regular_bytes
from generator.sync.blotted import blotted_fields

FOLDER = "archive"
VERSION = 2


class Archived(msgspec.Struct, frozen=True):
    """A complete live payload of a resource type, as Datadog gave it.

    `tracking_id` is that of the change which overwrote or deleted it, in `workspace`; the payload may bear another one,
    or none. `written` is the state, in normal form, that the change made of it; None where it was deleted. `target`
    says of which Datadog it is, `restores` which run was being restored, if any. `is_own` is what the run had itself
    written, and took back or changed because another one bears its tracking id, or that of what it refers to. `blotted`
    are the fields in which a key in use stood, which nobody saw: in these the payload is not what was live.
    """

    version: int
    resource: str
    id: str
    payload: dict[str, Any]
    tracking_id: str = ""
    target: str = ""
    workspace: str = ""
    written: dict[str, Any] | None = None
    restores: str = ""
    is_own: bool = False
    blotted: tuple[str, ...] = ()


class Unreadable(Exception):  # noqa: N818 - the name says what is known
    """The file is no archived resource."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run is about; the same in all that it keeps."""

    target: str = ""
    workspace: str = ""
    restores: str = ""


class Archive:
    """One folder a run below the folder of our state, `.toban/`."""

    def __init__(self, state: Path, run: str, origin: Origin = Origin()) -> None:
        self.folder = state / FOLDER / run
        self._origin = origin

    def keep(self, resource: str, payload: Payload, tracking_id: str = "", *, written: Payload | None = None) -> Path:
        """Write the payload; it is on disk when this returns. What was kept first stays."""
        return self._kept(self._archived(resource, payload, tracking_id, written))

    def keep_own(self, resource: str, payload: Payload, tracking_id: str) -> Path:
        """Likewise of what this run has written itself."""
        archived = self._archived(resource, payload, tracking_id, None)
        return self._kept(msgspec.structs.replace(archived, is_own=True))

    def _archived(self, resource: str, payload: Payload, tracking_id: str, written: Payload | None) -> Archived:
        about = self._origin
        return Archived(
            VERSION,
            resource,
            str(payload["id"]),
            dict(payload),
            tracking_id=tracking_id,
            target=about.target,
            workspace=about.workspace,
            written=None if written is None else dict(written),
            restores=about.restores,
            blotted=blotted_fields(payload),
        )

    def _kept(self, archived: Archived) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{quote(archived.resource, safe='')}-{quote(archived.id, safe='')}.json"
        if not path.exists():
            self._write(path, archived)
        return path

    def _write(self, path: Path, archived: Archived) -> None:
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(archived)))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def runs(state: Path) -> tuple[str, ...]:
    """The runs that have kept anything, the latest last."""
    return tuple(sorted(path.name for path in (state / FOLDER).glob("*") if any(path.glob("*.json"))))


def last_sync(state: Path) -> str | None:
    """The latest run that has kept anything and was no restore: what a restore keeps is not what is meant by `last`."""
    return next((run for run in reversed(runs(state)) if not _is_restore(state, run)), None)


def _is_restore(state: Path, run: str) -> bool:
    try:
        return bool(restore(kept_files(state, run)[0]).restores)
    except (Unreadable, OSError):
        return False


def kept_files(state: Path, run: str) -> tuple[Path, ...]:
    """The files of a run that `runs` names."""
    return tuple(sorted((state / FOLDER / run).glob("*.json")))


def run_of(state: Path, path: Path) -> str | None:
    """The run of this state that has kept the file; None for a file from elsewhere, also where a link leads there."""
    file, folder = path.resolve(), (state / FOLDER).resolve()
    return file.parent.name if file.parent.parent == folder else None


def restore(path: Path) -> Archived:
    """Read what was kept."""
    try:
        content = regular_bytes(path)
        version = msgspec.json.decode(content, type=_Versioned).version
        if version != VERSION:
            raise Unreadable(f"`{path}` has version {version} of the archive; this toban reads {VERSION}")
        archived = msgspec.json.decode(content, type=Archived)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Unreadable(f"`{path}` is no archived resource: {error}") from error
    if problem := _problem(archived):
        raise Unreadable(f"`{path}` {problem}")
    return archived


class _Versioned(msgspec.Struct, frozen=True):
    version: int


def _problem(archived: Archived) -> str:
    if archived.resource not in resource_types():
        return f"holds a `{archived.resource[:40]}`; this toban knows {', '.join(resource_types())}"
    if str(archived.payload.get("id")) != archived.id:
        return f"says that it is of `{archived.id[:40]}`, but its payload is of another id"
    if not _is_of(archived.tracking_id, archived.workspace):
        name = archived.tracking_id[:200]
        return f"is of workspace `{archived.workspace[:100]}`, but says that what it holds was managed as `{name}`"
    return ""


def _is_of(tracking_id: str, workspace: str) -> bool:
    return is_tracking_id(tracking_id) and workspace_of(tracking_id) == workspace
