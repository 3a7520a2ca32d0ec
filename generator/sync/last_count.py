"""How many of our resources were live after the last sync: a list that shows far fewer is not believed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec


class _LastCount(msgspec.Struct, frozen=True):
    target: str
    workspace: str
    count: int


def remember(state: Path, target: str, workspace: str, count: int) -> None:
    """Keep the count below `state`, by target and workspace."""
    place = _place(state, target, workspace)
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".partial")
    partial.write_bytes(msgspec.json.encode(_LastCount(target, workspace, count)))
    partial.replace(place)


def remembered(state: Path, target: str, workspace: str) -> int | None:
    """None where nothing is known, also where what was kept cannot be read."""
    try:
        return msgspec.json.decode(_place(state, target, workspace).read_bytes(), type=_LastCount).count
    except (OSError, msgspec.DecodeError):
        return None


def _place(state: Path, target: str, workspace: str) -> Path:
    return state / "last" / f"{hashlib.sha256(f'{target} {workspace}'.encode()).hexdigest()[:16]}.json"
