"""When a monitor is evaluated, and over which seconds."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from dateutil.rrule import rrulestr

from generator.schedule.zones import UnknownZone, zone
from generator.simulate.history import Times
from generator.simulate.monitor import Monitor
from generator.simulate.refusal import NotSimulated
from generator.simulate.settings import Settings, evaluation_seconds

_CURRENT_SECONDS = {"h": 3600, "d": 86_400, "mo": 31 * 86_400}


def evaluations(monitor: Monitor, since: int, until: int, settings: Settings) -> Times:
    """The moments from `since` to `until`, both included."""
    if monitor.custom_schedule is not None:
        return _scheduled(monitor, since, until)
    step = evaluation_seconds(_span(monitor))
    first = since + (settings.evaluation_second - since) % step
    return np.arange(first, until + 1, step, dtype=np.int64)


def window_starts(monitor: Monitor, ends: Times) -> Times:
    """What comes before each window, which holds the seconds after it up to its end."""
    if monitor.window_seconds is not None:
        return ends - monitor.window_seconds
    return np.array([_current_start(monitor, int(end)) - 1 for end in ends], dtype=np.int64)


def longest_window(monitor: Monitor) -> int:
    return _span(monitor)


def _span(monitor: Monitor) -> int:
    if monitor.window_seconds is not None:
        return monitor.window_seconds
    return _CURRENT_SECONDS[monitor.window.unit] * monitor.window.amount


def _current_start(monitor: Monitor, end: int) -> int:
    """When a cumulative window began (https://docs.datadoghq.com/monitors/configuration/#cumulative-time-windows)."""
    found = monitor.scheduling.get("evaluation_window")
    window = found if isinstance(found, dict) else {}
    where = _zone(str(window.get("timezone") or "UTC"))
    local = datetime.fromtimestamp(end, UTC).astimezone(where)
    if monitor.window.unit == "h":
        minute = int(window.get("hour_starts") or 0)
        start = local.replace(minute=minute, second=0, microsecond=0)
        return int((start if start <= local else start - timedelta(hours=1)).timestamp())
    at = time.fromisoformat(str(window.get("day_starts") or "00:00"))
    day = local.date().replace(day=1) if monitor.window.unit == "mo" else local.date()
    start = datetime.combine(day, at, tzinfo=where)
    if start > local:
        earlier = day - timedelta(days=1)
        day = earlier.replace(day=1) if monitor.window.unit == "mo" else earlier
        start = datetime.combine(day, at, tzinfo=where)
    return int(start.timestamp())


def _scheduled(monitor: Monitor, since: int, until: int) -> Times:
    """The moments of a custom schedule (https://docs.datadoghq.com/monitors/guide/custom_schedules/)."""
    found = monitor.custom_schedule or {}
    where = _zone(str(found.get("timezone") or "UTC"))
    first, last = (datetime.fromtimestamp(each, UTC).astimezone(where).replace(tzinfo=None) for each in (since, until))
    start = _start(str(found.get("start") or ""), first)
    try:
        rule = rrulestr(str(found.get("rrule") or ""), dtstart=start)
    except (ValueError, TypeError) as error:
        raise NotSimulated(f"the recurrence `{found.get('rrule')}`") from error
    margin = timedelta(days=1)
    local = rule.between(first - margin, last + margin, inc=True)
    moments = [int(each.replace(tzinfo=where).timestamp()) for each in local]
    return np.array([each for each in moments if since <= each <= until], dtype=np.int64)


def _start(text: str, first: datetime) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return first.replace(hour=0, minute=0, second=0, microsecond=0)


def _zone(name: str) -> ZoneInfo:
    found = zone(name)
    if isinstance(found, UnknownZone):
        raise NotSimulated(f"the time zone `{name}`")
    return found
