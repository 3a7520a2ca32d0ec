"""When a monitor is evaluated, and over which seconds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from generator.schedule.local_time import instant, last_occurrence
from generator.schedule.rules import rule_occurrences, rule_problem
from generator.schedule.zones import UnknownZone, zone
from generator.simulate.history import Times
from generator.simulate.monitor import Monitor
from generator.simulate.refusal import NotSimulated
from generator.simulate.settings import Settings, evaluation_seconds

_DAY = timedelta(days=1)
_CURRENT_SECONDS = {"h": 3600, "d": 86_400, "mo": 31 * 86_400}


def evaluations(monitor: Monitor, since: int, until: int, settings: Settings) -> Times:
    """The moments from `since` to `until`, both included."""
    if monitor.custom_schedule is not None:
        return _scheduled(monitor.custom_schedule, since, until)
    is_cumulative = monitor.window_seconds is None
    step = evaluation_seconds(longest_window(monitor))
    if is_cumulative and settings.cumulative_evaluations == "every_minute":
        step = 60
    first = since + (settings.evaluation_second - since) % step
    return np.arange(first, until + 1, step, dtype=np.int64)


def window_starts(monitor: Monitor, ends: Times) -> Times:
    """What comes before each window, which holds the seconds after it up to its end."""
    if monitor.window_seconds is not None:
        return ends - monitor.window_seconds
    return np.array([_current_start(monitor, int(end)) - 1 for end in ends], dtype=np.int64)


def longest_window(monitor: Monitor) -> int:
    """Seconds; of a cumulative window at its end."""
    if monitor.window_seconds is not None:
        return monitor.window_seconds
    return _CURRENT_SECONDS[monitor.window.unit]


def _current_start(monitor: Monitor, end: int) -> int:
    """When a cumulative window began (https://docs.datadoghq.com/monitors/configuration/#cumulative-time-windows)."""
    found = monitor.scheduling.get("evaluation_window")
    window = found if isinstance(found, Mapping) else {}
    where, until = _zone(window.get("timezone")), datetime.fromtimestamp(end, UTC)
    if monitor.window.unit == "h":
        minute = window.get("hour_starts") or 0
        at = until.astimezone(where)
        back = (at.minute - minute) % 60 if minute in range(60) else 0
        return int((at.replace(second=0, microsecond=0).astimezone(UTC) - timedelta(minutes=back)).timestamp())
    at_clock = _clock(window.get("day_starts"))
    start = last_occurrence(at_clock, where, until=until)
    if monitor.window.unit == "mo":
        first = start.astimezone(where).date().replace(day=1)
        start = instant(first, at_clock, where)
    return int(start.timestamp())


def _scheduled(schedule: Mapping[str, Any], since: int, until: int) -> Times:
    """The moments of a custom schedule (https://docs.datadoghq.com/monitors/guide/custom_schedules/)."""
    where, rule = _zone(schedule.get("timezone")), str(schedule.get("rrule") or "")
    problem = rule_problem(rule)
    if problem is not None:
        raise NotSimulated(f"its custom schedule: {problem.message}")
    try:
        start = datetime.fromisoformat(str(schedule.get("start") or "")).replace(tzinfo=None)
    except ValueError as error:
        raise NotSimulated("a custom schedule without a start: it is that of the monitor's creation") from error
    first, last = (datetime.fromtimestamp(each, UTC).astimezone(where).replace(tzinfo=None) for each in (since, until))
    local = rule_occurrences(rule, start, since=first - _DAY, until=last + _DAY)
    moments = [int(instant(each.date(), each.time(), where).timestamp()) for each in local]
    return np.array([each for each in moments if since <= each <= until], dtype=np.int64)


def _clock(text: object) -> time:
    try:
        return time.fromisoformat(str(text or "00:00")).replace(tzinfo=None)
    except ValueError as error:
        raise NotSimulated("the start of its evaluation window") from error


def _zone(name: object) -> ZoneInfo:
    found = zone(str(name or "UTC"))
    if isinstance(found, UnknownZone):
        raise NotSimulated(found.message)
    return found
