"""What is handed to the engine for one monitor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from generator.localdog.routing import Rule
from generator.localdog.standing_store import MonitorRecord
from generator.localdog.watched import Watched


class Task(msgspec.Struct, frozen=True):
    """A monitor, its due seconds and where it stands; what may mute it, whom rules tell, and a composite's parts."""

    watched: Watched
    first: int
    last: int
    record: MonitorRecord | None
    downtimes: Sequence[dict[str, Any]]
    rules: Sequence[Rule] = ()
    parts: Sequence[tuple[Watched, MonitorRecord | None]] = ()
