"""What keeps monitors from telling anybody, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from generator.schedule.local_time import instant
from generator.schedule.moments import YEARS
from generator.schedule.rules import rule_occurrences
from generator.schedule.zones import zone

MOST_WINDOWS = 1000
_DURATION = re.compile(r"([0-9]{1,4})([mhdw])")
_UNITS = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_LAST = datetime(9998, 1, 1, tzinfo=UTC)


class Silence(NamedTuple):
    """`monitor` is the id of the one monitor, or `%{TRACKING_ID}`; without it all that have every one of the `tags`."""

    monitor: str | None
    tags: frozenset[str]
    scope: str
    schedule: Any

    def windows(self, *, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
        """When it holds: once at any time, again and again from `since` to `until`."""
        schedule = self.schedule if isinstance(self.schedule, Mapping) else {}
        recurrences = schedule.get("recurrences")
        if not recurrences:
            start = _instant(schedule.get("start")) or since
            yield start, _instant(schedule.get("end")) or _LAST
            return
        where = zone(str(schedule.get("timezone") or "UTC"))
        for each in recurrences if isinstance(recurrences, list) else ():
            if isinstance(each, Mapping) and isinstance(where, ZoneInfo):
                yield from islice(_recurring(each, where, since=since, until=until), MOST_WINDOWS)


def _recurring(
    recurrence: Mapping[str, Any], where: ZoneInfo, *, since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    try:
        start = datetime.fromisoformat(str(recurrence.get("start"))).replace(tzinfo=None)
    except ValueError:
        return
    found = _DURATION.fullmatch(str(recurrence.get("duration")))
    if found is None or start.year not in YEARS:
        return
    lasting = timedelta(minutes=int(found[1]) * _UNITS[found[2]])
    local_since, local_until = (each.astimezone(where).replace(tzinfo=None) for each in (since, until))
    for each in rule_occurrences(str(recurrence.get("rrule")), start, since=local_since - lasting, until=local_until):
        begin = instant(each.date(), each.time(), where)
        yield begin, begin + lasting


def _instant(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo and found.year in YEARS else None
