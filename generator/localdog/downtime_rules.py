"""What the server refuses about a downtime, as a table: each row has the server's words and where they come from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from generator.localdog.downtime_times import current_downtime, length_of, parsed, status_of, zone_of
from generator.localdog.organisation import Json, Payload
from generator.schedule.rules import rule_problem
from generator.schedule.zones import UnknownZone, zone

MOST_RECURRENCES = 5
PAST = "Downtime cannot be scheduled in the past"
STATES = {"alert", "no data", "warn"}
ENDS = {"canceled", "expired"}


class Asked(NamedTuple):
    """What was sent; `before` is None for a creation."""

    sent: Payload
    before: Payload | None
    now: datetime

    @property
    def schedule(self) -> Json:
        return self.sent.get("schedule")

    @property
    def recurrences(self) -> list[Payload]:
        return self.schedule.get("recurrences") or [] if isinstance(self.schedule, dict) else []


def missing_part(asked: Asked) -> str | None:
    if asked.before is not None:
        return None
    missing = [name for name in ("monitor_identifier", "scope") if not asked.sent.get(name)]
    return f"'{missing[0]}' is a required property" if missing else None


def wrong_identifier(asked: Asked) -> str | None:
    identifier = asked.sent.get("monitor_identifier")
    if identifier is None:
        return None
    if not isinstance(identifier, dict) or len(identifier) != 1:
        return "'monitor_identifier' must have exactly one of 'monitor_id' and 'monitor_tags'"
    tags, number = identifier.get("monitor_tags"), identifier.get("monitor_id")
    has_tags = isinstance(tags, list) and bool(tags) and all(isinstance(tag, str) for tag in tags)
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return None if has_tags or is_number else "'monitor_identifier' is invalid"


def wrong_text(asked: Asked) -> str | None:
    for name in ("scope", "message", "display_timezone"):
        if not isinstance(asked.sent.get(name), (str, type(None))):
            return f"'{name}' is invalid"
    return None


def wrong_end(asked: Asked) -> str | None:
    for name, known in (("notify_end_states", STATES), ("notify_end_types", ENDS)):
        given = asked.sent.get(name)
        if given is not None and not (isinstance(given, list) and all(each in known for each in map(str, given))):
            return f"'{name}' is invalid"
    return None


def wrong_zone(asked: Asked) -> str | None:
    names = [asked.sent.get("display_timezone")]
    names += [asked.schedule.get("timezone")] if isinstance(asked.schedule, dict) else []
    unknown = [name for name in names if name is not None and (not isinstance(name, str) or _is_unknown(name))]
    return "Invalid timezone" if unknown else None


def _is_unknown(name: str) -> bool:
    return isinstance(zone(name), UnknownZone)


def wrong_schedule(asked: Asked) -> str | None:
    schedule = asked.schedule
    if schedule is None:
        return None
    if not isinstance(schedule, dict):
        return "'schedule' is invalid"
    given = schedule.get("recurrences")
    if given is None:
        return next((f"'{name}' is invalid" for name in ("start", "end") if not _is_instant(schedule.get(name))), None)
    if not isinstance(given, list) or not 0 < len(given) <= MOST_RECURRENCES:
        return "'recurrences' is invalid"
    return next((problem for each in given if (problem := _recurrence_problem(each))), None)


def _is_instant(text: Json) -> bool:
    """Recorded and documented: with an offset of zero."""
    moment = parsed(text)
    return text is None or (moment is not None and moment.utcoffset() == timedelta(0))


def _recurrence_problem(recurrence: Json) -> str | None:
    if not isinstance(recurrence, dict) or not isinstance(recurrence.get("rrule"), str):
        return "'rrule' is invalid"
    if rule_problem(recurrence["rrule"]) is not None:
        return "'rrule' is invalid"
    if length_of(recurrence.get("duration")) is None:
        return "'duration' is invalid"
    start = recurrence.get("start")
    moment = parsed(start)
    return None if start is None or (moment is not None and moment.tzinfo is None) else "'start' is invalid"


def another_kind(asked: Asked) -> str | None:
    """Whether an update can turn one into the other is not known."""
    if asked.before is None or asked.schedule is None:
        return None
    was = bool(asked.before["schedule"].get("recurrences"))
    return None if was == bool(asked.recurrences) else "A downtime cannot change between one-time and recurring"


def end_before_start(asked: Asked) -> str | None:
    if not isinstance(asked.schedule, dict) or asked.recurrences:
        return None
    start, end = parsed(asked.schedule.get("start")) or asked.now, parsed(asked.schedule.get("end"))
    return "Downtime end must be after its start" if end is not None and end <= start else None


def in_the_past(asked: Asked) -> str | None:
    """An update may repeat the start that there is."""
    if not isinstance(asked.schedule, dict):
        return None
    if not asked.recurrences:
        start = parsed(asked.schedule.get("start"))
        kept = asked.before is not None and start == parsed(asked.before["schedule"].get("start"))
        return PAST if start is not None and start < asked.now and not kept else None
    there = zone_of(asked.schedule.get("timezone") or "UTC")
    known = [] if asked.before is None else [each["start"] for each in asked.before["schedule"]["recurrences"]]
    for each in asked.recurrences:
        start = parsed(each.get("start"))
        if start is not None and start.replace(tzinfo=there) < asked.now and each["start"] not in known:
            return PAST
    return None


def start_of_what_holds(asked: Asked) -> str | None:
    before = asked.before
    if before is None or asked.schedule is None or status_of(before, asked.now) != "active":
        return None
    if asked.recurrences:
        is_same = asked.schedule.get("recurrences") == before["schedule"]["recurrences"]
        held = current_downtime(before["schedule"], asked.now)
        full = {"timezone": asked.schedule.get("timezone") or "UTC", "recurrences": asked.recurrences}
        return None if is_same or held == current_downtime(full, asked.now) else PAST
    is_kept = parsed(asked.schedule.get("start")) == parsed(before["schedule"]["start"])
    return None if is_kept else PAST


def canceled_already(asked: Asked) -> str | None:
    before = asked.before
    return "Downtime has been canceled" if before is not None and before["canceled"] is not None else None


class Rule(NamedTuple):
    verdict: Callable[[Asked], str | None]
    words: str
    source: str


RULES: tuple[Rule, ...] = (
    Rule(canceled_already, "unknown", "a canceled downtime is kept for two days only to be read"),
    Rule(missing_part, "unknown", "documented as required"),
    Rule(wrong_identifier, "unknown", "documented: one of two"),
    Rule(wrong_text, "unknown", "documented types"),
    Rule(wrong_end, "unknown", "documented choices"),
    Rule(wrong_zone, "unknown", "a name of the tz database"),
    Rule(wrong_schedule, "unknown", "documented forms; five recurrences at most"),
    Rule(another_kind, "unknown", "not documented either way"),
    Rule(end_before_start, "unknown", "an empty window"),
    Rule(in_the_past, "reported", "datadog-sync-cli; starts a year ago were taken in 2023"),
    Rule(start_of_what_holds, "reported", "datadog-sync-cli: an active window's start cannot move"),
)


def rejection(sent: Payload, *, before: Payload | None, now: datetime) -> str | None:
    """The server's error about the first thing that is wrong, or None."""
    asked = Asked(sent, before, now)
    return next((problem for rule in RULES if (problem := rule.verdict(asked)) is not None), None)
