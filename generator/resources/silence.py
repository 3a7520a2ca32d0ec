"""What keeps monitors from telling anybody, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from generator.schedule.silent_times import silent_times


class Silence(NamedTuple):
    """`monitor` is the id of the one monitor, or `%{TRACKING_ID}`; without it all that have every one of the `tags`."""

    monitor: str | None
    tags: frozenset[str]
    scope: str
    schedule: Any

    def windows(self, *, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it holds: once at any time, again and again from `since` to `until`."""
        return silent_times(self.schedule, since=since, until=until)
