"""One sync at a time from one checkout; between machines, the check for moved resources protects."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator.source.regular import regular_bytes


class Locked(Exception):  # noqa: N818 - the name says what is known
    """Another sync runs from this checkout."""


@contextmanager
def exclusive(state: Path) -> Iterator[None]:
    """Hold the lock of the folder of our state, `.toban/`, or raise Locked. The kernel frees it when a holder dies."""
    state.mkdir(parents=True, exist_ok=True)
    path = state / "sync.lock"
    with path.open("a+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(
                f"another sync runs from this checkout{_holder(path)}; wait for it to end (`{path}` is locked)"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        yield


def _holder(path: Path) -> str:
    process = regular_bytes(path)[:20].decode("ascii", errors="replace")
    return f" (process {process})" if process.isdigit() else ""
