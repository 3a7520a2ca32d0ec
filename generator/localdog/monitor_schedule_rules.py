"""What the server refuses about when a monitor is evaluated. The forms are documented, the words are not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.localdog.monitor_draft import Draft
from generator.localdog.organisation import Json, Payload
from generator.schedule.zones import UnknownZone, zone

REFUSED = "Invalid scheduling options: "
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
RULE_PART = re.compile(r"(FREQ|INTERVAL|COUNT|UNTIL|WKST|BY[A-Z]{3,8})=([A-Z0-9,+-]{1,200})")
START = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d")
DAY_START = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
WINDOW_FIELDS = ("hour_starts", "day_starts", "month_starts", "timezone")
FIELD_OF_WINDOW = {"current_1h": "hour_starts", "current_1d": "day_starts", "current_1mo": "month_starts"}


def wrong_custom_schedule(draft: Draft) -> str | None:
    schedule = (draft.option("scheduling_options") or {}).get("custom_schedule")
    if schedule is None:
        return None
    recurrences = schedule.get("recurrences") if isinstance(schedule, dict) else None
    if not isinstance(recurrences, list) or len(recurrences) != 1 or not isinstance(recurrences[0], dict):
        return f"{REFUSED}custom_schedule must have exactly one recurrence"
    problem = next(_recurrence_problems(recurrences[0]), None)
    if problem is None and draft.option("require_full_window"):
        problem = "require_full_window must be false with a custom_schedule"
    return None if problem is None else REFUSED + problem


def _recurrence_problems(recurrence: Payload) -> Iterator[str]:
    rule = recurrence.get("rrule")
    parts = _parts(rule) if isinstance(rule, str) else None
    if parts is None:
        yield "'rrule' is invalid"
    elif parts.get("FREQ") not in FREQUENCIES:
        yield f"FREQ of 'rrule' should be any of these {list(FREQUENCIES)}"
    start = recurrence.get("start")
    if start is not None and not (isinstance(start, str) and START.fullmatch(start)):
        yield "'start' is invalid"
    if not _is_zone(recurrence.get("timezone")):
        yield "'timezone' is invalid"


def _parts(rule: str) -> dict[str, str] | None:
    """The parts of a rule; DTSTART, DTEND and DURATION are documented as not taken."""
    found = [RULE_PART.fullmatch(part) for part in rule.removesuffix(";").split(";")]
    named = {match[1]: match[2] for match in found if match is not None}
    return named if len(named) == len(found) else None


def _is_zone(name: Json) -> bool:
    return isinstance(name, str) and not isinstance(zone(name), UnknownZone)


def wrong_evaluation_window(draft: Draft) -> str | None:
    window = (draft.option("scheduling_options") or {}).get("evaluation_window")
    if window is None:
        return None
    problem = "'evaluation_window' is invalid"
    if isinstance(window, dict):
        problem = next(_window_problems(window, draft.reading.current_window), "")
    return REFUSED + problem if problem else None


def _window_problems(window: Payload, current: str | None) -> Iterator[str]:
    given = {name: value for name, value in window.items() if value is not None}
    for name in sorted(given.keys() - set(WINDOW_FIELDS)):
        yield f"'{name}' is invalid"
    hour, day, month = (given.get(name) for name in WINDOW_FIELDS[:3])
    if hour is not None and not (type(hour) is int and 0 <= hour <= 59):
        yield "'hour_starts' is invalid"
    if hour is not None and (day, month) != (None, None):
        yield "hour_starts cannot be used with day_starts or month_starts"
    if day is not None and not (isinstance(day, str) and DAY_START.fullmatch(day)):
        yield "'day_starts' is invalid"
    if month is not None and not (type(month) is int and month == 1):
        yield "'month_starts' is invalid"
    if "timezone" in given and not _is_zone(given["timezone"]):
        yield "'timezone' is invalid"
    needed = FIELD_OF_WINDOW.get(current or "")
    if needed is not None and needed not in given:
        yield f"{needed} is required for a {current} query"
