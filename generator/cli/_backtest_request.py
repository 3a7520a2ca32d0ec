"""What a person asked of a backtest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.history.asking import Interpolation


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the person asked for; `is_drawn` where values are shown."""

    names: tuple[str, ...]
    root: Path
    since: str | None
    until: str | None
    history: tuple[Path, ...]
    base: str | None
    api_url: str | None
    local: bool
    requests: int
    flapping: int
    rollup: int | None
    interpolation: Interpolation
    no_cache: bool
    within: int
    chosen: tuple[str, ...] = ()
    sensitivity: bool = False
    is_drawn: bool = False
