"""A custom schedule or an evaluation window that Datadog refuses, or that never looks.

A custom schedule is exactly one recurrence of days, weeks or months, with a `start` without an offset and a time zone;
it takes neither `DTSTART` nor `DTEND` nor `DURATION`, and reads windows with gaps, so `require_full_window` must be
false. An evaluation window starts at a minute (`hour_starts`, for `current_1h`), or at a time of day (`day_starts`),
and on a day of the month with it (`month_starts`). See
https://docs.datadoghq.com/monitors/guide/custom_schedules/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Elsewhere, Field
from generator.message.problem import shown
from generator.schedule.zones import UnknownZone, zone

SEVERITY = Severity.ERROR
REACH = "resource"

_SCHEDULING = ("options", "scheduling_options")
_RECURRENCES = (*_SCHEDULING, "custom_schedule", "recurrences")
_WINDOW = (*_SCHEDULING, "evaluation_window")
_REFUSED_PARTS = frozenset({"DTSTART", "DTEND", "DURATION"})
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY"})
_START = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_LAST_MINUTE = 59


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    scheduling = monitor.options.get("scheduling_options")
    if not isinstance(scheduling, Mapping):
        return
    schedule, window = scheduling.get("custom_schedule"), scheduling.get("evaluation_window")
    if isinstance(schedule, Mapping):
        yield from _of_schedule(schedule, monitor.options)
    if isinstance(window, Mapping):
        yield from _of_window(window)


def _of_schedule(schedule: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[Complaint]:
    recurrences = schedule.get("recurrences")
    count = len(recurrences) if isinstance(recurrences, list) else 0
    if not isinstance(recurrences, list) or count != 1:
        hint = "write one recurrence; another time needs a monitor of its own"
        yield Complaint(f"the custom schedule has {count} recurrences", _RECURRENCES, hint=hint)
    elif isinstance(recurrences[0], Mapping):
        yield from _of_recurrence(recurrences[0], (*_RECURRENCES, 0))
    if options.get("require_full_window") is True:
        yield Complaint(
            "a custom schedule reads windows with gaps, and `require_full_window` is set",
            ("options", "require_full_window"),
            hint="set `require_full_window: false`",
            related=(Elsewhere("the custom schedule is here", _SCHEDULING),),
        )


def _of_recurrence(recurrence: Mapping[str, Any], field: Field) -> Iterator[Complaint]:
    parts = dict(part.partition("=")[::2] for part in str(recurrence.get("rrule") or "").upper().split(";"))
    refused = sorted(_REFUSED_PARTS & {name.strip() for name in parts})
    if refused:
        hint = "the recurrence's `start` says when it begins"
        yield Complaint(f"the rule of a custom schedule takes no `{refused[0]}`", (*field, "rrule"), hint=hint)
    frequency = parts.get("FREQ", "").strip()
    if frequency not in _FREQUENCIES:
        found = f"its frequency is {shown(frequency)}" if frequency else "it has no `FREQ`"
        message = f"a custom schedule looks on days, and {found}"
        yield Complaint(message, (*field, "rrule"), hint="write `FREQ=DAILY`, `FREQ=WEEKLY` or `FREQ=MONTHLY`")
    start = recurrence.get("start")
    if start is not None and not _START.fullmatch(str(start)):
        hint = "write local time without an offset, such as `2024-01-01T10:00:00`"
        yield Complaint(f"the custom schedule starts at {shown(str(start))}", (*field, "start"), hint=hint)
    yield from _of_zone(recurrence.get("timezone"), field)


def _of_zone(name: object, field: Field) -> Iterator[Complaint]:
    if not name:
        hint = "add `timezone`, such as `Asia/Tokyo`"
        yield Complaint("the custom schedule has no time zone", field, hint=hint)
    elif isinstance(zone(str(name)), UnknownZone):
        hint = "write a name such as `Asia/Tokyo` or `UTC`"
        yield Complaint(f"there is no time zone {shown(str(name))}", (*field, "timezone"), hint=hint)


def _of_window(window: Mapping[str, Any]) -> Iterator[Complaint]:
    starts = {name: window.get(name) for name in ("hour_starts", "day_starts", "month_starts")}
    minute, day, month = starts.values()
    if minute is not None and (day is not None or month is not None):
        other = "day_starts" if day is not None else "month_starts"
        hint = "`hour_starts` is for `current_1h`, the others are for longer windows"
        yield Complaint(f"`hour_starts` and `{other}` exclude each other", (*_WINDOW, "hour_starts"), hint=hint)
    if month is not None and day is None:
        message = "`month_starts` says the day and nothing says the time"
        yield Complaint(message, (*_WINDOW, "month_starts"), hint='add `day_starts`, such as `"00:00"`')
    if isinstance(minute, int) and not 0 <= minute <= _LAST_MINUTE:
        yield Complaint(f"`hour_starts` is `{minute}`", (*_WINDOW, "hour_starts"), hint="write a minute from 0 to 59")
