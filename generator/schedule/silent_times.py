"""When a downtime holds, by its schedule (https://docs.datadoghq.com/api/latest/downtimes/)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from generator.schedule.local_time import instant
from generator.schedule.moments import YEARS
from generator.schedule.rules import rule_occurrences
from generator.schedule.zones import zone

MOST_SILENT_TIMES = 1000
_DURATION = re.compile(r"([0-9]{1,6}(?=m)|[0-9]{1,4})([mhdw])")
_UNITS = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_LAST = datetime(9998, 1, 1, tzinfo=UTC)


def silent_times(schedule: object, *, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Once at any time, again and again from `since` to `until`."""
    found = schedule if isinstance(schedule, Mapping) else {}
    recurrences = found.get("recurrences")
    if not recurrences:
        start = parsed_instant(found.get("start")) or since
        yield start, parsed_instant(found.get("end")) or _LAST
        return
    where = zone(str(found.get("timezone") or "UTC"))
    for each in recurrences if isinstance(recurrences, list) else ():
        if isinstance(each, Mapping) and isinstance(where, ZoneInfo):
            yield from islice(_recurring(each, where, since=since, until=until), MOST_SILENT_TIMES)


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


def parsed_instant(text: object) -> datetime | None:
    """None for what is no instant with its offset, or of another century."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found and found.tzinfo and found.year in YEARS else None
