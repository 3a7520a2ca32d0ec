"""Project files in a folder: the one place of this package that touches the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from generator.source.encoding import SIZE_LIMIT

Files = Mapping[str, bytes]
"""Repository-relative posix path → content."""

FOLDERS: Final = ("monitors", "dashboards")
SUFFIXES: Final = (".yaml", ".yml")


def read_folder(root: Path) -> Files:
    """Every YAML file below `monitors/` and `dashboards/`, sorted; links that lead out of the root are skipped."""
    inside = Path(os.path.realpath(root))
    return {path: content for path in sorted(_paths(root)) if (content := _content(root / path, inside)) is not None}


def _paths(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for parent, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if name.endswith(SUFFIXES) and not name.startswith("."):
                    yield (Path(parent) / name).relative_to(root).as_posix()


def _content(file: Path, inside: Path) -> bytes | None:
    """One byte more than the limit is enough to tell that a file is too large; None for what is no file in the root."""
    real = Path(os.path.realpath(file))
    if not real.is_relative_to(inside) or not real.is_file():
        return None
    with real.open("rb") as stream:
        return stream.read(SIZE_LIMIT + 1)
