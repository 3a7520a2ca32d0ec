"""Payloads that Datadog accepted a short while ago, by their digests, so that they are not sent again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from generator.resources.types import Payload
from generator.source.regular import regular_bytes

KEPT_SECONDS = 24 * 3600
"""What an account accepts changes with its policies, and with what the payload refers to."""
MOST = 50_000

_Times = dict[str, int]


def payload_digest(payload: Payload, resource_id: str | None) -> str:
    """Of what is asked: the payload, and which live monitor it would change."""
    body = msgspec.json.encode((resource_id, payload), order="deterministic")
    return hashlib.sha256(body).hexdigest()


class Accepted:
    """In one JSON file a target; a file that cannot be read or written is as good as absent. Refusals are not kept."""

    def __init__(self, folder: Path | None, target: str, now: datetime) -> None:
        name = f"accepted-{hashlib.sha256(target.encode()).hexdigest()[:16]}.json"
        self._file = folder / name if folder else None
        self._now = int(now.timestamp())
        self._times = self._read()

    def __contains__(self, digest: str) -> bool:
        return digest in self._times

    def add(self, digests: Iterable[str]) -> None:
        before = len(self._times)
        self._times |= dict.fromkeys(digests, self._now)
        if self._file is not None and len(self._times) > before:
            self._write(self._file)

    def _read(self) -> _Times:
        if self._file is None:
            return {}
        try:
            times = msgspec.json.decode(regular_bytes(self._file), type=_Times)
        except (OSError, msgspec.DecodeError, RecursionError):
            return {}
        return {digest: at for digest, at in times.items() if 0 <= self._now - at < KEPT_SECONDS}

    def _write(self, file: Path) -> None:
        newest = sorted(self._times.items(), key=lambda pair: pair[1])[-MOST:]
        partial = file.with_suffix(f".{os.getpid()}")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(msgspec.json.encode(dict(newest)))
            partial.replace(file)
        except OSError:
            return
