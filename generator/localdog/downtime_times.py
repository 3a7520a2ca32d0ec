"""When a downtime holds, as the server answers it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from generator.localdog.organisation import Json, Payload
from generator.schedule.rules import rule_occurrences
from generator.schedule.zones import UnknownZone, zone

DURATION = re.compile(r"([1-9][0-9]{0,3})([mhdw])")
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parsed(text: Json) -> datetime | None:
    """None for what is no ISO 8601."""
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def written_moment(text: str) -> str:
    """`2050-01-02T03:04:05Z` is answered as `2050-01-02T03:04:05+00:00`: recorded."""
    moment = parsed(text)
    return text if moment is None else moment.astimezone(UTC).isoformat()


def moment_of(now: datetime, where: str) -> str:
    return now.astimezone(zone_of(where)).replace(tzinfo=None, microsecond=0).isoformat()


def zone_of(name: str) -> ZoneInfo:
    found = zone(name)
    return ZoneInfo("UTC") if isinstance(found, UnknownZone) else found


def length_of(duration: Json) -> timedelta | None:
    found = DURATION.fullmatch(duration) if isinstance(duration, str) else None
    return None if found is None else timedelta(**{UNITS[found[2]]: int(found[1])})


def current_downtime(schedule: Payload, now: datetime) -> Payload | None:
    """The window that holds now, else the next one; of several the earliest."""
    where = zone_of(schedule["timezone"])
    windows = [window for each in schedule["recurrences"] for window in _windows(each, where, now)]
    if not windows:
        return None
    start, end = min(windows)
    return {"start": start.astimezone(UTC).isoformat(), "end": end.astimezone(UTC).isoformat()}


def _windows(recurrence: Payload, where: ZoneInfo, now: datetime) -> list[tuple[datetime, datetime]]:
    start, length = parsed(recurrence.get("start")), length_of(recurrence["duration"])
    if start is None or length is None:
        return []
    local = now.astimezone(where).replace(tzinfo=None)
    for begin in rule_occurrences(recurrence["rrule"], start, since=local - length, until=local + timedelta(days=366)):
        window = begin.replace(tzinfo=where), (begin.replace(tzinfo=where).astimezone(UTC) + length)
        if window[1] > now:
            return [window]
    return []


def status_of(downtime: Payload, now: datetime) -> str:
    if downtime["canceled"] is not None:
        return "canceled"
    schedule = downtime["schedule"]
    window = current_downtime(schedule, now) if schedule.get("recurrences") else schedule
    if window is None:
        return "ended"
    start, end = parsed(window["start"]), parsed(window["end"])
    if end is not None and end <= now:
        return "ended"
    return "active" if start is not None and start <= now else "scheduled"
