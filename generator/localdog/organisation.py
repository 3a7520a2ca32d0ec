"""The Datadog organisation that a server plays: its database, its clock, the facts that answers show, its faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from generator.localdog.door import Door
from generator.localdog.faults import Faults
from generator.localdog.recent import RecentRequests
from generator.localdog.rounds import Rounds
from generator.localdog.server_time import ServerTime
from generator.localdog.store import Store

Clock = Callable[[], datetime]
Payload = dict[str, Any]
Json = Any

USER: Payload = {"name": "Local User", "handle": "local@example.com", "email": "local@example.com", "id": 1}


@dataclass(frozen=True)
class Organisation:
    store: Store
    clock: Clock
    org_id: int = 1
    user: Payload = field(default_factory=lambda: dict(USER))
    faults: Faults = field(default_factory=Faults)
    recent: RecentRequests = field(default_factory=RecentRequests)
    door: Door = field(default_factory=Door)
    time: ServerTime = field(default_factory=ServerTime)
    rounds: Rounds = field(default_factory=Rounds)
    webhook: str | None = None

    def now(self) -> datetime:
        """What time it is for monitors, downtimes and all that is written."""
        return (self.time.stands_at or self.clock()).astimezone(UTC)


def timestamp(moment: datetime) -> str:
    """The form of `created` and `modified`: microseconds and `+00:00`, also on a whole second."""
    return moment.isoformat(timespec="microseconds")
