"""Reads a rendered monitor and evaluates it minute by minute, in plain numbers and without any code of toban's.

Time is counted in minutes since 1970 (UTC). What is known of Datadog: an evaluation at T with window W, delay D and
shift S reads from T-D-S-W to T-D-S; points lie in buckets aligned to the epoch, and a bucket that starts before the
window is dropped (https://docs.datadoghq.com/dashboards/functions/rollup/); a custom schedule has a local time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

QUARTER = 15
DAY = 24 * 60
EPOCH_IS_A_THURSDAY = 3
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def minute(text: str) -> int:
    """Minute of an instant such as `2026-10-25T00:30Z`, or of a local time with its offset."""
    return int(datetime.fromisoformat(text).timestamp()) // 60


class Clocks:
    """What the clocks of a zone show at each minute of a span, looked up every quarter of an hour."""

    def __init__(self, zone: str, first: int, last: int) -> None:
        self.first, self.last = first // QUARTER * QUARTER, last
        named = ZoneInfo(zone)
        self._offsets = [_offset(named, at) for at in range(self.first, last + QUARTER, QUARTER)]

    def local(self, at: int) -> int:
        """Local minutes since 1970."""
        return at + self._offsets[(at - self.first) // QUARTER]

    def time_of_day(self, at: int) -> int:
        return self.local(at) % DAY

    def weekday(self, at: int) -> int:
        return (self.local(at) // DAY + EPOCH_IS_A_THURSDAY) % 7

    def shows(self, time_of_day: int, days: Sequence[int] = range(7)) -> list[int]:
        """The minutes at which the clocks show the time, the first of each day."""
        found: dict[int, int] = {}
        for quarter, offset in enumerate(self._offsets):
            start = self.first + quarter * QUARTER
            at = start + (time_of_day - start - offset) % DAY
            day = (at + offset) // DAY
            if at < start + QUARTER and (day + EPOCH_IS_A_THURSDAY) % 7 in days:
                found.setdefault(day, at)
        return list(found.values())


def _offset(zone: ZoneInfo, at: int) -> int:
    offset = datetime.fromtimestamp(at * 60, UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds()) // 60


@dataclass(frozen=True)
class Monitor:
    """A monitor's numbers, all in minutes; `time_of_day` is None where it is evaluated every minute."""

    window: int
    shift: int
    delay: int
    comparator: str
    time_of_day: int | None
    days: tuple[int, ...]
    zone: str

    def evaluations(self, clocks: Clocks) -> Sequence[int]:
        if self.time_of_day is None:
            return range(clocks.first, clocks.last + 1)
        return clocks.shows(self.time_of_day, self.days)

    def reads(self, at: int, evaluation: int, bucket: int) -> bool:
        end = evaluation - self.delay - self.shift
        return at // bucket * bucket >= end - self.window and at <= end


def monitor(query: str, options: Mapping[str, Any]) -> Monitor:
    head = re.match(r"sum\(last_(\d+)([mh])\):", query)
    tail = re.search(r" (<|>) (\d+)$", query)
    assert head, query
    assert tail, query
    shifts = {int(seconds) for seconds in re.findall(r"\.as_count\(\), (-?\d+)\)", query)}
    assert len(shifts) == bool("timeshift" in query)
    assert query.count("timeshift(") in (0, query.count(".as_count()"))
    recurrences = options.get("scheduling_options", {}).get("custom_schedule", {}).get("recurrences", [])
    time_of_day, days, zone = None, tuple(range(7)), "UTC"
    if recurrences:
        (one,) = recurrences
        named = re.search(r"BYDAY=([A-Z,]+)$", one["rrule"])
        days = tuple(WEEKDAYS.index(day) for day in named[1].split(",")) if named else days
        hours, minutes = one["start"][11:16].split(":")
        time_of_day, zone = int(hours) * 60 + int(minutes), one["timezone"]
    return Monitor(
        window=int(head[1]) * {"m": 1, "h": 60}[head[2]],
        shift=-next(iter(shifts), 0) // 60,
        delay=options.get("evaluation_delay", 0) // 60,
        comparator=tail[1],
        time_of_day=time_of_day,
        days=days,
        zone=zone,
    )


def first_told(
    monitors: Sequence[Monitor], events: Sequence[int], clocks: Clocks, *, lag: int, bucket: int = 1
) -> dict[int, int]:
    """Event → the first evaluation, of any of the monitors, that counts it; events are in order, each alone."""
    told: dict[int, int] = {}
    for one in monitors:
        for event, at in _counted(one, events, clocks, lag=lag, bucket=bucket).items():
            told[event] = min(at, told.get(event, at))
    return dict(sorted(told.items()))


def _counted(one: Monitor, events: Sequence[int], clocks: Clocks, *, lag: int, bucket: int) -> dict[int, int]:
    told: dict[int, int] = {}
    event = 0
    for at in one.evaluations(clocks):
        seen = min(at - one.delay - one.shift, at - lag)
        # Windows only move on: an event that is seen but not read now is never read.
        while event < len(events) and events[event] <= seen:
            if one.reads(events[event], at, bucket):
                told[events[event]] = at
            event += 1
    return told


def told_late(one: Monitor, evaluation: int, finish: int, *, lag: int, bucket: int = 1) -> bool:
    """Whether the evaluation tells that nothing was done, of a run that was done at `finish`."""
    assert one.comparator == "<"
    return not (one.reads(finish, evaluation, bucket) and finish + lag <= evaluation)
