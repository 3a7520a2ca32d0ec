"""What this checkout has last written of a resource: the journals of its runs tell.

A live resource that is nothing of that was edited by somebody else since, or written from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec

from generator.resources.types import Payload, ResourceType
from generator.sync.journal import FOLDER

_FEW_JOURNALS = 200
_NAMED = re.compile(rb'"tracking_id":"([^"\\]{1,250})"')

Key = tuple[str, str]
"""Resource type and tracking id."""


class Written(msgspec.Struct, frozen=True):
    """What was sent; whether it arrived the outcome says, and a kill may have kept that from being noted."""

    resource: str
    tracking_id: str
    payload: dict[str, Any]
    run: str = ""


class _Header(msgspec.Struct, frozen=True):
    run: str
    target: str = ""


class _Line(msgspec.Struct, frozen=True):
    written: Written | None = None


def last_written(state: Path, target: str, wanted: Collection[Key]) -> dict[Key, tuple[Written, ...]]:
    """What the latest runs have sent of each to this Datadog, the latest first; nothing of what none has written."""
    names = frozenset(name.encode() for _, name in wanted)
    found: dict[Key, list[Written]] = {key: [] for key in wanted}
    for journal in sorted((state / FOLDER).glob("*.jsonl"), reverse=True)[:_FEW_JOURNALS] if wanted else ():
        for each in reversed(tuple(_written(journal, target, names))):
            if (key := (each.resource, each.tracking_id)) in found:
                found[key].append(each)
    return {key: tuple(written) for key, written in found.items() if written}


def _written(journal: Path, target: str, names: frozenset[bytes]) -> Iterator[Written]:
    try:
        lines = journal.read_bytes().split(b"\n")
    except OSError:
        return
    header = _decoded(lines[0], _Header)
    if header is None or header.target != target:
        return
    for line in lines[1:]:
        if line.startswith(b'{"written":') and (named := _NAMED.search(line)) is not None and named[1] in names:
            read = _decoded(line, _Line)
            if read is not None and read.written is not None:
                yield msgspec.structs.replace(read.written, run=header.run)


def _decoded(line: bytes, kind: type[Any]) -> Any:
    """None for a line that a crash has torn."""
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def is_as_written(resource_type: ResourceType, live: Payload, written: Written) -> bool:
    payload = written.payload
    return resource_type.comparable(live, payload) == resource_type.comparable(payload, payload)
