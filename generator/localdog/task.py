"""What is handed to the engine for one monitor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from generator.localdog.standing_store import MonitorRecord
from generator.localdog.watched import Watched


class Task(msgspec.Struct, frozen=True):
    """A monitor and the seconds that are due; where it stands, what mutes it, and of a composite its parts."""

    watched: Watched
    first: int
    last: int
    record: MonitorRecord | None
    downtimes: Sequence[dict[str, Any]]
    parts: Sequence[tuple[Watched, MonitorRecord | None]] = ()
