"""What a run overwrites or deletes, as it was, on disk before the write is sent."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from generator.resources.types import Payload, resource_types

FOLDER = "archive"
VERSION = 1


class Archived(msgspec.Struct, frozen=True):
    """A complete live payload of a resource type, as Datadog gave it."""

    version: int
    resource: str
    id: str
    payload: dict[str, Any]


class Unreadable(Exception):  # noqa: N818 - the name says what is known
    """The file is no archived resource."""


class Archive:
    """One folder a run below the folder of our state, `.toban/`."""

    def __init__(self, state: Path, run: str) -> None:
        self.folder = state / FOLDER / run

    def keep(self, resource: str, resource_id: str, payload: Payload) -> Path:
        """Write the payload; it is on disk when this returns. What was kept first stays."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{quote(resource, safe='')}-{quote(resource_id, safe='')}.json"
        if not path.exists():
            self._write(path, Archived(VERSION, resource, resource_id, dict(payload)))
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


def kept_files(state: Path, run: str) -> tuple[Path, ...]:
    """The files of a run that `runs` names."""
    return tuple(sorted((state / FOLDER / run).glob("*.json")))


def restore(path: Path) -> Archived:
    """Read what was kept."""
    try:
        archived = msgspec.json.decode(path.read_bytes(), type=Archived)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Unreadable(f"`{path}` is no archived resource: {error}") from error
    if archived.version != VERSION:
        raise Unreadable(f"`{path}` has version {archived.version} of the archive; this toban reads {VERSION}")
    if archived.resource not in resource_types():
        known = ", ".join(resource_types())
        raise Unreadable(f"`{path}` holds a `{archived.resource[:40]}`; this toban knows {known}")
    return archived
