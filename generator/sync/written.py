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
from generator.source.regular import regular_bytes
from generator.sync.journal import FOLDER
from generator.sync.outcome import Status

_FEW_JOURNALS = 200
_WRITTEN, _OUTCOME = b'{"written":', b'{"outcome":'
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


class _Settled(msgspec.Struct, frozen=True):
    resource: str
    tracking_id: str
    status: str


class _Line(msgspec.Struct, frozen=True):
    written: Written | None = None
    outcome: _Settled | None = None


def last_written(state: Path, target: str, wanted: Collection[Key]) -> dict[Key, tuple[Written, ...]]:
    """What may be live of each by the runs to this Datadog, the latest first; nothing of what none has written.

    That is the last write that is known to have arrived, and those after it of which nobody knows.
    """
    names = frozenset(name.encode() for _, name in wanted)
    found: dict[Key, list[Written]] = {key: [] for key in wanted}
    settled: set[Key] = set()
    for number, journal in enumerate(_writing_journals(state) if wanted else ()):
        if number >= _FEW_JOURNALS or len(settled) == len(found):
            break
        arrived: set[Key] = set()
        for each in reversed(tuple(_lines(journal, target, names))):
            key = (each.resource, each.tracking_id)
            if key not in found or key in settled:
                continue
            if isinstance(each, _Settled):
                arrived |= {key} if each.status == Status.DONE.value else set()
            else:
                found[key].append(each)
                settled |= {key} & arrived
    return {key: tuple(written) for key, written in found.items() if written}


def _writing_journals(state: Path) -> Iterator[list[bytes]]:
    """The lines of those that hold a write, the latest first: runs that only left something alone are many."""
    for path in sorted((state / FOLDER).glob("*.jsonl"), reverse=True):
        try:
            content = regular_bytes(path)
        except OSError:
            continue
        if _WRITTEN in content:
            yield content.split(b"\n")


def _lines(lines: list[bytes], target: str, names: frozenset[bytes]) -> Iterator[Written | _Settled]:
    header = _decoded(lines[0], _Header)
    if header is None or header.target != target:
        return
    for line in lines[1:]:
        if line.startswith((_WRITTEN, _OUTCOME)) and (named := _NAMED.search(line)) is not None and named[1] in names:
            read = _decoded(line, _Line)
            if read is not None and read.written is not None:
                yield msgspec.structs.replace(read.written, run=header.run)
            elif read is not None and read.outcome is not None:
                yield read.outcome


def _decoded(line: bytes, kind: type[Any]) -> Any:
    """None for a line that a crash has torn."""
    try:
        return msgspec.json.decode(line, type=kind)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def is_as_written(resource_type: ResourceType, live: Payload, written: Written) -> bool:
    payload = written.payload
    return resource_type.comparable(live, payload) == resource_type.comparable(payload, payload)
