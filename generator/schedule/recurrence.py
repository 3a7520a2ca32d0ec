"""Days and a local time at which something happens: the part of RRULE that a monitor's custom schedule needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from generator.schedule.local_time import instant

_DAY = timedelta(days=1)
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LONGEST_RULE = 200


class Recurrence(msgspec.Struct, frozen=True):
    """Weekdays (0 is Monday, none means every day) and the time on the clocks of a zone."""

    days: tuple[int, ...]
    at: time
    zone: ZoneInfo


def rrule(days: tuple[int, ...]) -> str:
    """The rule of the weekdays: weekly on some, daily on all."""
    if not days or len(days) == len(_NAMES):
        return "FREQ=DAILY;INTERVAL=1"
    return f"FREQ=WEEKLY;INTERVAL=1;BYDAY={','.join(_NAMES[day] for day in sorted(days))}"


def rule_days(rule: str) -> tuple[int, ...] | None:
    """The weekdays of a daily or weekly rule; None for any other rule."""
    if len(rule) > _LONGEST_RULE:
        return None
    parts = dict(part.partition("=")[::2] for part in rule.upper().removeprefix("RRULE:").split(";"))
    if parts.pop("INTERVAL", "1") != "1":
        return None
    if parts == {"FREQ": "DAILY"}:
        return ()
    names = parts.get("BYDAY", "").split(",")
    if parts.keys() != {"FREQ", "BYDAY"} or parts["FREQ"] != "WEEKLY" or not set(names) <= set(_NAMES):
        return None
    return tuple(sorted({_NAMES.index(name) for name in names}))


def occurrences(recurrence: Recurrence, *, since: datetime, until: datetime) -> Iterator[datetime]:
    """The instants from `since` to `until`, both included, in order."""
    day, last = since.astimezone(recurrence.zone).date() - _DAY, until.astimezone(recurrence.zone).date()
    while day <= last:
        if not recurrence.days or day.weekday() in recurrence.days:
            found = instant(day, recurrence.at, recurrence.zone)
            if since <= found <= until:
                yield found
        day += _DAY
