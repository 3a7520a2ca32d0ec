"""Rendered files kept as JSON, by the bytes that they were made from."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

import generator
from generator.render.model import FileRendering
from generator.render.project import SETS
from generator.source.reader import Files

_DECODER = msgspec.json.Decoder(FileRendering)
_ENCODER = msgspec.json.Encoder()
_SHARED = ("monitors/organization.yaml", "monitors/organization.yml")


class RenderCache:
    """One file a project file in `folder`; its first line is the digest of all that it depends on.

    What cannot be read or written is as good as absent: a cache is never a reason to fail.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, path: str, files: Files) -> FileRendering | None:
        try:
            digest, _, body = self._place(path).read_bytes().partition(b"\n")
            return _DECODER.decode(body) if digest == _digest(path, files) else None
        except (OSError, msgspec.DecodeError):
            return None

    def store(self, path: str, files: Files, rendering: FileRendering) -> None:
        place = self._place(path)
        partial = place.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(_digest(path, files) + b"\n" + _ENCODER.encode(rendering))
            partial.replace(place)
        except OSError:
            return

    def _place(self, path: str) -> Path:
        return self._folder / f"{hashlib.sha256(path.encode()).hexdigest()[:32]}.json"


def _digest(path: str, files: Files) -> bytes:
    return (
        hashlib.sha256(_program() + _shared(_Identity(files)) + path.encode() + b"\0" + files[path])
        .hexdigest()
        .encode()
    )


class _Identity:
    """Makes a mapping of files a key of a cache: equal only to itself."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def __hash__(self) -> int:
        return id(self.files)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and self.files is other.files


@functools.lru_cache(maxsize=4)
def _shared(identity: _Identity) -> bytes:
    """Digest of the files that every other depends on."""
    digest = hashlib.sha256()
    for path in sorted(identity.files):
        if path in _SHARED or path.startswith(SETS):
            digest.update(path.encode() + b"\0" + hashlib.sha256(identity.files[path]).digest())
    return digest.digest()


@functools.cache
def _program() -> bytes:
    """Digest of this program's own files by size and time, so that another version never reads what this one wrote."""
    digest = hashlib.sha256()
    for package in generator.__path__:
        for place in sorted(Path(package).rglob("*.py")):
            status = place.stat()
            digest.update(f"{place}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.digest()
