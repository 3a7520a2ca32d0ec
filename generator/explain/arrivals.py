"""When a monitor tells what happened at some instant, from its payload alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

import msgspec

from generator.explain.shifts import common_shift
from generator.query.inspection import calls, leaves
from generator.query.nodes import MonitorQuery, Number
from generator.query.parser import parse_metric_monitor
from generator.schedule.recurrence import Recurrence, occurrences, rule_days
from generator.schedule.zones import UnknownZone, zone

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_NONE = timedelta(0)
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=32)
ORDINARY_WEEKS = (datetime(2026, 1, 12, tzinfo=UTC), datetime(2026, 7, 13, tzinfo=UTC))
"""Two weeks from Monday on without a change of the clocks: what is shifted differs between winter and summer."""


class Reading(msgspec.Struct, frozen=True):
    """When a monitor looks (`looks`, None is every minute) and at which past.

    A look at T reads from `T - delay - shift - window` to `T - delay - shift`. With `expects_events` it tells what did
    not happen.
    """

    window: timedelta
    shift: timedelta = _NONE
    delay: timedelta = _NONE
    looks: Recurrence | None = None
    expects_events: bool = False

    @property
    def lag(self) -> timedelta:
        """How much later than the end of what it reads a look is."""
        return self.shift + self.delay


def reading(payload: Mapping[str, Any]) -> Reading | None:
    """How a metric monitor reads counts of events; None for any other monitor, or more than one shift."""
    query = parse_metric_monitor(str(payload.get("query") or ""))
    if not isinstance(query, MonitorQuery) or query.aggregation.function != "sum":
        return None
    options = _mapping(payload.get("options"))
    window, shift, schedule = _window(query), _shift(query), _looks(options)
    if window is None or shift is None or schedule == "other":
        return None
    delay = options.get("evaluation_delay")
    seconds = delay if isinstance(delay, int) and 0 <= delay <= _DAY.total_seconds() else 0
    expects = query.comparator in ("<", "<=")
    once = schedule if isinstance(schedule, Recurrence) else None
    return Reading(window, shift, timedelta(seconds=seconds), once, expects_events=expects)


def looks(payload: Mapping[str, Any]) -> Recurrence | Literal["always", "other"]:
    """The schedule on which a monitor of any type looks; `always` without one, `other` for one that cannot be told."""
    return _looks(_mapping(payload.get("options")))


def looks_back(payload: Mapping[str, Any]) -> timedelta:
    """How long over is all that a metric monitor looks at; zero for any other monitor."""
    query = parse_metric_monitor(str(payload.get("query") or ""))
    return (common_shift(query.expression) if isinstance(query, MonitorQuery) else None) or _NONE


def arrivals(
    readings: Sequence[Reading], event: datetime, *, arrives_within: timedelta = _NONE
) -> tuple[datetime, ...]:
    """The instants at which monitors that count events tell of this one, the first at which each of them can."""
    return tuple(sorted({at for each in readings for at in _tellings(each, event, arrives_within)}))


def told_late(
    one: Reading, start: datetime, finish: datetime | None, *, arrives_within: timedelta = _NONE
) -> datetime | None:
    """When a monitor that expects events tells that the run from `start` is late; None if it is in time, or not due."""
    if one.looks is None:
        return None
    look = next(occurrences(one.looks, since=start + one.lag + _MINUTE, until=start + one.lag + 8 * _DAY), None)
    if look is None:
        return None
    end = look - one.lag
    is_counted = finish is not None and end - one.window <= finish <= end and finish + arrives_within <= look
    return look if end - one.window <= start and not is_counted else None


def _tellings(one: Reading, event: datetime, arrives_within: timedelta) -> Iterator[datetime]:
    first = event + max(one.lag, arrives_within)
    forgotten = event + one.lag + one.window
    if one.looks is not None:
        yield from occurrences(one.looks, since=first, until=forgotten)
    elif first <= forgotten:
        yield first


def _window(query: MonitorQuery) -> timedelta | None:
    window = query.aggregation.window
    if window.kind != "last" or window.unit not in _UNITS or query.aggregation.change is not None:
        return None
    return min(window.amount, 10_000_000) * _UNITS[window.unit] if window.amount < 50_000 else None


def _shift(query: MonitorQuery) -> timedelta | None:
    """The shift of all leaves; None where they differ, or where another function changes what is read."""
    found = calls(query)
    if not found:
        return _NONE
    seconds = {call.args[-1].value for call in found if call.args and isinstance(call.args[-1], Number)}
    if {call.name for call in found} != {"timeshift"} or len(seconds) != 1 or len(found) != len(leaves(query)):
        return None
    shift = -seconds.pop()
    return timedelta(seconds=shift) if 0 <= shift <= _LONGEST.total_seconds() else None


def _looks(options: Mapping[str, Any]) -> Recurrence | Literal["always", "other"]:
    recurrences = _mapping(_mapping(options.get("scheduling_options")).get("custom_schedule")).get("recurrences")
    if not recurrences:
        return "always"
    found = _mapping(recurrences[0] if isinstance(recurrences, list) else None)
    days, at = rule_days(str(found.get("rrule") or "")), _time_of(str(found.get("start") or ""))
    where = zone(str(found.get("timezone") or ""))
    if days is None or at is None or isinstance(where, UnknownZone):
        return "other"
    return Recurrence(days, at, where)


def _time_of(start: str) -> time | None:
    try:
        return datetime.fromisoformat(start).time()
    except ValueError:
        return None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
