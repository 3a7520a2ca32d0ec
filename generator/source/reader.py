"""Project files in a folder: the one place of this package that touches the disk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from generator.finding import Finding, Severity, Span
from generator.source.encoding import SIZE_LIMIT
from generator.source.links import FOLDERS, End, Way, end_of
from generator.source.wording import shown

Files = Mapping[str, bytes]
"""Repository-relative posix path → content."""

SUFFIXES: Final = (".yaml", ".yml")
LEADS_OUT: Final = "it is a link that leads out of the project's folders"
LEADS_NOWHERE: Final = "it is a link to what is not there"
ENDLESS: Final = "it is a link to a link, and so on without an end"
IS_FOLDER: Final = "links to folders are not followed"
_NEAR_SUFFIX: Final = re.compile(r"\.(?:ya?ml|yam|ymal)~?\Z", re.IGNORECASE)


class FolderFiles(dict[str, bytes]):
    """The files that could be read, and what is wrong with the others: none is left out in silence."""

    def __init__(self, files: Files, findings: tuple[Finding, ...]) -> None:
        super().__init__(files)
        self.findings = findings


def read_folder(root: Path) -> FolderFiles:
    """Every YAML file below `monitors/` and `dashboards/`, sorted. No link leads out of these two folders."""
    files: dict[str, bytes] = {}
    findings: list[Finding] = []
    real = Path(os.path.realpath(root))
    for path in sorted(_paths(root, findings)):
        content = _content(real, path)
        if isinstance(content, Finding):
            findings.append(content)
        else:
            files[path] = content
    return FolderFiles(files, tuple(findings))


def _paths(root: Path, findings: list[Finding]) -> Iterator[str]:
    """Files, and links to folders; adds to the findings which folders cannot be read."""

    def failed(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            findings.append(unread(_relative(root, Path(error.filename)), _reason(error)))

    for folder in FOLDERS:
        if (root / folder).is_symlink():
            yield folder
            continue
        for parent, folders, names in os.walk(root / folder, onerror=failed):
            folders[:] = [name for name in folders if not name.startswith(".")]
            links = [name for name in folders if (Path(parent) / name).is_symlink()]
            seen = [name for name in names if not name.startswith(".")]
            for name in (*links, *(name for name in seen if name.endswith(SUFFIXES))):
                yield _relative(root, Path(parent) / name)
            findings.extend(misnamed(_relative(root, Path(parent) / name)) for name in near_misses(seen))


def near_misses(names: list[str]) -> Iterator[str]:
    """Names that look like a project file's; not the copies `x.yaml~` that editors leave beside `x.yaml`."""
    for name in names:
        is_copy = name.endswith("~") and name[:-1] in names
        if _NEAR_SUFFIX.search(name) and not name.endswith(SUFFIXES) and not is_copy:
            yield name


def misnamed(path: str) -> Finding:
    """Its monitors would look deleted."""
    told = path.encode("utf-8", "replace").decode()
    renamed = _NEAR_SUFFIX.sub(".yaml", told).rpartition("/")[2]
    message = f"{shown(told.rpartition('/')[2])} is not read: names of project files end in `.yaml` or `.yml`"
    hint = f"rename it to {shown(renamed)}, or move it out of {shown(told.partition('/')[0] + '/')}"
    return Finding("file-name", Severity.ERROR, message, Span(told, 1, 1, 1, 1), hint=hint)


def _relative(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _content(root: Path, path: str) -> bytes | Finding:
    """One byte more than the limit is enough to tell that a file is too large."""
    try:
        path.encode()
        end = end_of(path, lambda each: _written(root, each), str(root))
        if reason := _unreadable(root, path, end):
            return unread(path, reason)
        with (root / end.path).open("rb") as stream:
            return stream.read(SIZE_LIMIT + 1)
    except UnicodeEncodeError:
        return unread(path.encode("utf-8", "replace").decode(), "its name is not UTF-8")
    except OSError as error:
        return unread(path, _reason(error))


def _unreadable(root: Path, path: str, end: End) -> str:
    """Why it is not to be opened; empty where it can be tried."""
    if end.way is not Way.INSIDE:
        return LEADS_OUT if end.way is Way.OUT else ENDLESS
    real = root / end.path
    if real.is_dir():
        return IS_FOLDER
    if not real.exists():
        return "" if end.path == path else LEADS_NOWHERE
    return "" if real.is_file() else "it is no file"


def _written(root: Path, path: str) -> str | None:
    try:
        return os.readlink(root / path)  # noqa: PTH115  the text as it is: a Path would be normalised
    except OSError:
        return None


def _reason(error: OSError) -> str:
    return (error.strerror or "the system gives no reason").lower()


def unread(path: str, reason: str) -> Finding:
    message = f"this cannot be read: {reason}"
    hint = "put the file itself here, readable and with a name in UTF-8; or remove it"
    return Finding("unreadable-file", Severity.ERROR, message, Span(path, 1, 1, 1, 1), hint=hint)
