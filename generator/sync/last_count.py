"""How many of our resources were live after the last sync: a list that shows far fewer is not believed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import msgspec

from generator.plan.live_counts import LiveCounts
from generator.source.regular import regular_bytes

_Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class _LastCount(msgspec.Struct, frozen=True):
    """`by_type` is not in files of earlier versions."""

    target: str
    workspace: str
    count: _Count
    by_type: dict[str, _Count] = {}


def remember(state: Path, target: str, workspace: str, counts: LiveCounts) -> None:
    """Keep the counts below `state`, by target and workspace."""
    place = _place(state, target, workspace)
    place.parent.mkdir(parents=True, exist_ok=True)
    partial = place.with_suffix(".partial")
    partial.write_bytes(msgspec.json.encode(_LastCount(target, workspace, counts.total, dict(counts.by_type))))
    partial.replace(place)


def remembered(state: Path, target: str, workspace: str) -> LiveCounts | None:
    """None where nothing is known, also where what was kept cannot be read."""
    try:
        kept = msgspec.json.decode(regular_bytes(_place(state, target, workspace)), type=_LastCount)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return LiveCounts(kept.count, kept.by_type)


def _place(state: Path, target: str, workspace: str) -> Path:
    return state / "last" / f"{hashlib.sha256(f'{target} {workspace}'.encode()).hexdigest()[:16]}.json"
