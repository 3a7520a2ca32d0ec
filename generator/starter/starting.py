"""The files of a new repository, filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from generator.starter.sources import Source

_DOT = "dot-"
"""Stands for a leading dot, which packaging tools leave out."""

NO_SOURCE = "./no-source-of-toban-is-known--read-what-stands-above-this-line"
"""A path that is not there: pip stops, and quotes it."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What differs from one new repository to another; without a source its install fails, and says why."""

    workspace: str
    timezone: str
    source: Source | None = None


def starting_files(beginning: Beginning) -> Mapping[str, str]:
    """Path → text, of everything but the schemas and the wheel of a source that is a file."""
    values = {
        "__WORKSPACE__": beginning.workspace,
        "__TIMEZONE__": beginning.timezone,
        "__REQUIREMENT__": beginning.source.requirement if beginning.source else NO_SOURCE,
    }
    found: dict[str, str] = {}
    _collect(resources.files(__package__) / "files", "", found)
    return {path: _filled(text, values) for path, text in sorted(found.items())}


def _collect(folder: Traversable, above: str, found: dict[str, str]) -> None:
    for each in folder.iterdir():
        name = f".{each.name.removeprefix(_DOT)}" if each.name.startswith(_DOT) else each.name
        if each.is_dir():
            _collect(each, f"{above}{name}/", found)
        else:
            found[above + name] = each.read_text(encoding="utf-8")


def _filled(text: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
