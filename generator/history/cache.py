"""Answers that were pulled, kept below `.toban/history`: one file a query and chunk."""

from __future__ import annotations

import hashlib
import os
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from generator.history.line import Line, line
from generator.source.regular import regular_bytes

_VERSION = 1
_MOST_BYTES = 1 << 30
_UNREADABLE = (OSError, ValueError, RecursionError, zlib.error, msgspec.DecodeError)


class Chunk(msgspec.Struct, frozen=True):
    """One query's answer from `first` until before `end`; `target` is who answered."""

    target: str
    text: str
    seconds: int
    first: int
    end: int


class HistoryCache:
    """What cannot be read, such as a file cut short, or written is as good as absent. Nothing in it is code."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def load(self, chunk: Chunk) -> tuple[Line, ...] | None:
        if self._folder is None:
            return None
        try:
            return _lines(regular_bytes(self._place(chunk), _MOST_BYTES), chunk)
        except _UNREADABLE:
            return None

    def store(self, chunk: Chunk, lines: Sequence[Line]) -> None:
        if self._folder is None:
            return
        place = self._place(chunk)
        partial = place.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(_packed(lines, chunk))
            partial.replace(place)
        except OSError:
            return

    def _place(self, chunk: Chunk) -> Path:
        folder = self._folder or Path()
        return folder / f"{hashlib.sha256(msgspec.json.encode(chunk)).hexdigest()[:32]}.chunk"


class _Head(msgspec.Struct, frozen=True):
    version: int
    chunk: Chunk
    digest: str
    tags: tuple[tuple[str, ...], ...]


def _packed(lines: Sequence[Line], chunk: Chunk) -> bytes:
    """A line of JSON, then one row of values a group, packed; NaN stands where there is no point."""
    table = np.full((len(lines), (chunk.end - chunk.first) // chunk.seconds), np.nan)
    for row, each in zip(table, lines, strict=True):
        row[(each.times - chunk.first) // chunk.seconds] = each.values
    body = zlib.compress(table.astype("<f8").tobytes(), 1)
    tags = tuple(each.tags for each in lines)
    head = _Head(_VERSION, chunk, _digest(tags, body), tags)
    return msgspec.json.encode(head) + b"\n" + body


def _lines(packed: bytes, chunk: Chunk) -> tuple[Line, ...]:
    told, _, body = packed.partition(b"\n")
    head = msgspec.json.decode(told, type=_Head)
    if (head.version, head.chunk, head.digest) != (_VERSION, chunk, _digest(head.tags, body)):
        raise ValueError
    width = (chunk.end - chunk.first) // chunk.seconds
    size = 8 * width * len(head.tags)
    unpacked = zlib.decompressobj().decompress(body, size + 1)
    if len(unpacked) != size:
        raise ValueError
    table = np.frombuffer(unpacked, dtype="<f8").reshape(len(head.tags), width)
    times = np.arange(chunk.first, chunk.end, chunk.seconds, dtype=np.int64)
    return tuple(line(tags, times, row) for tags, row in zip(head.tags, table, strict=True))


def _digest(tags: tuple[tuple[str, ...], ...], body: bytes) -> str:
    return hashlib.sha256(msgspec.json.encode(tags) + body).hexdigest()
