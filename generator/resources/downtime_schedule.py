"""When a downtime holds: its normal form, and what of it Datadog must be told anew at each write.

Datadog refuses a start in the past, while a payload holds no time of its own. So the start of a recurrence stands in
the payload as a day long ago and is sent as the next time that it gives: both begin the same row of times.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from generator.resources.canonical import canonical_or_escaped
from generator.schedule.moments import YEARS
from generator.schedule.rules import canonical_rule, next_rule_occurrence, rule_occurrences
from generator.schedule.zones import zone

Json = Mapping[str, Any]

ONCE, RECURRING = "once", "recurring"
_UNITS = {"m": 1, "h": 60, "d": 1440, "w": 10080}
_DURATION = re.compile(r"([0-9]{1,9})([mhdw])")
_SOON = timedelta(minutes=1)
_AT_ONCE = timedelta(minutes=5)


def frequency(schedule: object) -> str:
    """Whether it holds once or again and again, which no update can change."""
    return RECURRING if isinstance(schedule, Mapping) and schedule.get("recurrences") else ONCE


def schedule_form(schedule: object, *, declared: object = None, created: object = None, modified: object = None) -> Any:
    """The normal form; a start that was moved to the instant of a write has the form of the `declared` one."""
    if not isinstance(schedule, Mapping):
        return {"start": None, "end": None}
    wanted = declared if isinstance(declared, Mapping) else {}
    if frequency(schedule) == ONCE:
        start, end = _instant_form(schedule.get("start")), _instant_form(schedule.get("end"))
        return {"start": _once_started(start, _instant_form(wanted.get("start")), created), "end": end}
    recurrences = [_recurrence_form(each) for each in _list(schedule.get("recurrences"))]
    anchors = [_recurrence_form(each) for each in _list(wanted.get("recurrences"))]
    where = schedule.get("timezone") or "UTC"
    settled = [_as_anchored(each, anchors, _local(modified, where)) for each in recurrences]
    return {"recurrences": sorted(settled, key=canonical_or_escaped), "timezone": where}


def _recurrence_form(recurrence: object) -> Any:
    if not isinstance(recurrence, Mapping):
        return recurrence
    rule, start = recurrence.get("rrule"), _naive(recurrence.get("start"))
    return {
        **recurrence,
        "rrule": canonical_rule(rule) if isinstance(rule, str) else rule,
        "duration": _duration_form(recurrence.get("duration")),
        "start": recurrence.get("start") if start is None else start.isoformat(),
    }


def _as_anchored(form: Any, anchors: list[Any], modified: datetime | None) -> Any:
    """With the start of the declared recurrence of the same rule, length and row of times."""
    for anchor in anchors:
        if isinstance(form, dict) and isinstance(anchor, dict) and _without_start(form) == _without_start(anchor):
            start, declared = _naive(form["start"]), _naive(anchor["start"])
            if start is not None and declared is not None and _is_same_row(form["rrule"], declared, start, modified):
                return {**form, "start": anchor["start"]}
    return form


def _without_start(form: Json) -> dict[str, Any]:
    return {key: value for key, value in form.items() if key != "start"}


def _is_same_row(rule: Any, declared: datetime, start: datetime, modified: datetime | None) -> bool:
    """Say whether `start` is one of the declared times, and no later than a write at `modified` would have put it."""
    if start == declared:
        return True
    if not isinstance(rule, str) or next(rule_occurrences(rule, declared, since=start, until=start), None) is None:
        return False
    latest = None if modified is None else next_rule_occurrence(rule, declared, after=modified + 2 * _SOON)
    return modified is None or (latest is not None and start <= latest)


def _once_started(start: str | None, declared: str | None, created: object) -> str | None:
    """What was to start before it was created has started then."""
    made = _instant(created)
    begun, meant = _instant(start), _instant(declared)
    if made is None or begun is None or meant is None or meant > made:
        return start
    return declared if abs(begun - made) <= _AT_ONCE else start


def _duration_form(duration: object) -> object:
    """In minutes: `24h` and `1d` are the same."""
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    return f"{int(found[1]) * _UNITS[found[2]]}m" if found else duration


def timely(schedule: object, now: datetime, *, is_update: bool) -> Any:
    """The schedule as it can be written at an instant; an update must not move what has begun once."""
    if not isinstance(schedule, Mapping):
        return schedule
    if frequency(schedule) == ONCE:
        start = _instant(schedule.get("start"))
        is_past = start is not None and start <= now + _SOON and not is_update
        return {**schedule, "start": None} if is_past else dict(schedule)
    soon = _local((now + _SOON).isoformat(), schedule.get("timezone") or "UTC")
    moved = [_moved(each, soon) for each in _list(schedule.get("recurrences"))]
    return {**{key: value for key, value in schedule.items() if key != "current_downtime"}, "recurrences": moved}


def _moved(recurrence: Any, soon: datetime | None) -> Any:
    if not isinstance(recurrence, Mapping):
        return recurrence
    start, rule = _naive(recurrence.get("start")), recurrence.get("rrule")
    if start is None or soon is None or start > soon or not isinstance(rule, str):
        return recurrence
    following = next_rule_occurrence(rule, start, after=soon)
    return recurrence if following is None else {**recurrence, "start": following.isoformat()}


def ended(schedule: object, now: datetime) -> bool:
    end = _instant(schedule.get("end")) if isinstance(schedule, Mapping) and frequency(schedule) == ONCE else None
    return end is not None and end <= now


def _instant_form(text: object) -> str | None:
    found = _instant(text)
    if found is None:
        return text if isinstance(text, str) else None
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _naive(text: object) -> datetime | None:
    """A local time: the offset that Datadog refuses to be sent is not there."""
    if not isinstance(text, str):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found.replace(microsecond=0) if found.tzinfo is None else None


def _local(instant: object, where: object) -> datetime | None:
    found, there = _instant(instant), zone(where) if isinstance(where, str) else None
    if found is None or not isinstance(there, ZoneInfo) or found.year not in YEARS:
        return None
    return found.astimezone(there).replace(tzinfo=None)


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
