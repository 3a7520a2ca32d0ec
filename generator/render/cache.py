"""What was made of each project file, kept as JSON by the bytes that it was made from."""

from __future__ import annotations

import functools
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

import generator
from generator.render.model import FileRendering
from generator.render.project import SETS
from generator.source.reader import Files
from generator.source.regular import regular_bytes

T = TypeVar("T")
_SHARED = ("monitors/organization.yaml", "monitors/organization.yml")


class FileCache(Generic[T]):
    """One value a project file in `folder`; its first line is the digest of all that it depends on.

    What cannot be read or written is as good as absent: a cache is never a reason to fail. `missed` hears of what was
    absent; what is `secret` is neither kept nor taken. `examined` are the files of which all was looked at for that.
    """

    def __init__(
        self,
        folder: Path,
        files: Files,
        type_: type[T],
        missed: Callable[[str], None] = lambda _: None,
        *,
        secret: Callable[[bytes], bool] = lambda _: False,
    ) -> None:
        self._missed = missed
        self._secret = secret
        self.examined: set[str] = set()
        self._folder = folder
        self._files = files
        self._shared = _digest_of_shared(files)
        self._decoder = msgspec.json.Decoder(type_)

    def load(self, path: str) -> T | None:
        """What was stored for the file, if nothing that it depends on has changed."""
        try:
            digest, _, body = regular_bytes(self._place(path)).partition(b"\n")
            if digest == self._digest(path) and not self._secret(body):
                value = self._decoder.decode(body)
                self.examined.add(path)
                return value
        except (OSError, msgspec.DecodeError):
            pass
        self._missed(path)
        return None

    def store(self, path: str, value: T) -> None:
        place, content = self._place(path), msgspec.json.encode(value)
        if self._secret(content):
            return
        self.examined.add(path)
        partial = place.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(self._digest(path) + b"\n" + content)
            partial.replace(place)
        except OSError:
            return

    def _place(self, path: str) -> Path:
        return self._folder / f"{hashlib.sha256(path.encode()).hexdigest()[:32]}.json"

    def _digest(self, path: str) -> bytes:
        depends_on = _program() + self._shared + path.encode() + b"\0" + self._files[path]
        return hashlib.sha256(depends_on).hexdigest().encode()


RenderCache = FileCache[FileRendering]


def _digest_of_shared(files: Files) -> bytes:
    """Digest of the files that every other depends on."""
    digest = hashlib.sha256()
    for path in sorted(files):
        if path in _SHARED or path.startswith(SETS):
            digest.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
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
