"""A second process that renders and lints a large project from its end, while the first does from the beginning.

They share nothing but the cache, in which each finds what the other has made already: what is told is the same, whoever
made it and however far the second one comes.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from generator.cli._secrets import in_use, remember, witness
from generator.lint.rendered import Around
from generator.lint.runner import FileLint, lint_file
from generator.render.cache import FileCache
from generator.render.locating import Locator
from generator.render.model import FileRendering
from generator.render.project import load_project
from generator.render.renderer import file_rendering, own_files
from generator.render.surroundings import arrival_seconds
from generator.source.reader import Files, read_folder

Missed = Callable[[str], None]

_LARGE = 1_000_000
"""Bytes of project files from which on a second process is worth its start."""
_MISSED = 100_000
"""Bytes not found in the cache, after which the rest is not expected there either."""


class Companion:
    """Started when so much was missed that it pays."""

    def __init__(self, root: Path, files: Files, folder: Path) -> None:
        self._root = root
        self._folder = folder
        self._sizes = {path: len(content) for path, content in files.items()}
        self._missed = 0
        self._process: subprocess.Popen[bytes] | None = None

    def missed(self, path: str) -> None:
        """The file had to be made anew."""
        self._missed += self._sizes.get(path, 0)
        if self._process is None and self._missed >= _MISSED:
            self._process = self._started()

    def _started(self) -> subprocess.Popen[bytes] | None:
        """It asks Datadog nothing; it must know the keys only to keep none, and hears them where nobody can look."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "DATADOG_"))}
        command = [
            sys.executable,
            # Not from the folder that it is called in: a project could bring a package of our name.
            "-P",
            "-m",
            "generator.cli._companion",
            str(self._root),
            str(self._folder),
            str(os.getpid()),
        ]
        try:
            process = subprocess.Popen(  # noqa: S603 - this very program
                command, env=inherited, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        except OSError:
            return None
        if process.stdin is not None:
            with suppress(OSError), process.stdin as pipe:
                pipe.write("\n".join(in_use()).encode())
        return process

    def stop(self) -> None:
        """Whatever it was about to store, the first process has made by now."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for partial in self._folder.glob(f"*/*.{self._process.pid}"):
                partial.unlink(missing_ok=True)


@contextmanager
def accompanied(root: Path, files: Files, folder: Path | None) -> Iterator[tuple[Path | None, Missed]]:
    """The folder of the cache, and whom to tell what it lacks; a folder for this run alone where there is none."""
    if sum(map(len, files.values())) < _LARGE or _processors() == 1:
        yield folder, _nobody
        return
    with tempfile.TemporaryDirectory(prefix="toban-") if folder is None else nullcontext(folder) as place:
        companion = Companion(root, files, Path(place))
        try:
            yield Path(place), companion.missed
        finally:
            companion.stop()


def _processors() -> int:
    """That this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _nobody(path: str) -> None:
    del path


def main(root: str, folder: str, parent: str) -> None:
    files = read_folder(Path(root))
    project, _ = load_project(files)
    if project is None:
        return
    gc.disable()
    rendered = FileCache(Path(folder) / "render", files, FileRendering, secret=witness())
    linted = FileCache(Path(folder) / "lint", files, FileLint, secret=witness())
    late, locate = arrival_seconds(project.organization), Locator(files)
    for path in reversed(own_files(files)):
        if os.getppid() != int(parent):
            return
        part = file_rendering(path, files, project, rendered)
        lint_file(path, part.resources, {path: Around(part.timezone, late)}, locate, linted)


if __name__ == "__main__":
    remember(*sys.stdin.read().splitlines())
    main(*sys.argv[1:])
    # As any other way out: the collector's last pass can crash in msgspec.
    os._exit(0)
