"""All that mutes monitors, as the attributes of downtimes: downtimes themselves, and mutes by the older calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from generator.localdog import downtimes
from generator.localdog.monitor_mutes import EVERYTHING, MUTED_ALL
from generator.localdog.organisation import Payload
from generator.localdog.store import Store
from generator.localdog.watched import Watched

# An end after the year 9000 is none.
BEYOND = 221_845_392_000


def of_organisation(store: Store) -> list[Payload]:
    """Downtimes, also those that were canceled or have ended, and the mute of all monitors."""
    found: list[Payload] = [msgspec.json.decode(body) for body in store.bodies(downtimes.TYPE)]
    if store.exists(MUTED_ALL, 1):
        found.append(_mute({"monitor_tags": [EVERYTHING]}, EVERYTHING, None))
    return found


def of_monitor(watched: Watched) -> Iterator[Payload]:
    """Each scope that is silenced, with the UNIX seconds of its end or None."""
    silenced = watched.payload["options"].get("silenced")
    for scope, end in silenced.items() if isinstance(silenced, dict) else ():
        if end is None or isinstance(end, int | float):
            yield _mute({"monitor_id": watched.id}, scope, end)


def _mute(identifier: Payload, scope: str, end: float | None) -> Payload:
    """Since when it holds is not kept: what was told before then was told."""
    return {"monitor_identifier": identifier, "scope": scope, "schedule": {"start": None, "end": _moment(end)}}


def _moment(at: float | None) -> str | None:
    return None if at is None or not 0 <= at < BEYOND else datetime.fromtimestamp(at, UTC).isoformat()
