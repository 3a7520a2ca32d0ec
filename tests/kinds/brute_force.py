"""Reads a rendered monitor and evaluates it minute by minute, in plain numbers and without any code of toban's.

Time is counted in minutes since 1970 (UTC). What is known of Datadog: an evaluation at T with window W, delay D and
shift S reads from T-D-S-W to T-D-S; points lie in buckets aligned to the epoch, and a bucket that starts before the
window is dropped (https://docs.datadoghq.com/dashboards/functions/rollup/); a custom schedule has a local time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

QUARTER = 15
DAY = 24 * 60
EPOCH_IS_A_THURSDAY = 3
FAILED = "aws.states.executions_failed"
SUCCEEDED = "aws.states.executions_succeeded"
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


@cache
def clocks_of(zone: str, first: int, last: int) -> Clocks:
    return Clocks(zone, first, last)


@dataclass(frozen=True)
class Monitor:
    """A monitor's numbers, times in minutes; `time_of_day` is None where it is evaluated every minute.

    `metrics` are added up and `less` taken away, grouped or not; `missing` is what it makes of no data. A schedule
    has a first day, in days since 1970, before which nothing is evaluated.
    """

    window: int
    shift: int = 0
    delay: int = 0
    comparator: str = ">"
    time_of_day: int | None = None
    days: tuple[int, ...] = tuple(range(7))
    zone: str = "UTC"
    threshold: int = 0
    warning: int | None = None
    missing: str = "resolve"
    metrics: frozenset[str] = frozenset({FAILED})
    less: frozenset[str] = frozenset()
    group_by: tuple[str, ...] = ()
    new_group_delay: int | None = None
    first_day: int = 0

    def evaluations(self, clocks: Clocks) -> Sequence[int]:
        """Those in the span of the clocks, by the clocks of the monitor's own zone."""
        if self.time_of_day is None:
            return range(clocks.first, clocks.last + 1)
        own = clocks_of(self.zone, clocks.first, clocks.last)
        return [at for at in own.shows(self.time_of_day, self.days) if own.local(at) // DAY >= self.first_day]

    def reads(self, at: int, evaluation: int, bucket: int) -> bool:
        end = evaluation - self.delay - self.shift
        return at // bucket * bucket >= end - self.window and at <= end

    def tells(self, count: int) -> str:
        """`alert`, `warning`, `no data` or nothing, of a sum; of no data where it is zero, as a sparse count is."""
        if not count and self.missing in ("resolve", "show_and_notify_no_data"):
            return "no data" if self.missing == "show_and_notify_no_data" else ""
        if self._is_beyond(count, self.threshold):
            return "alert"
        return "warning" if self.warning is not None and self._is_beyond(count, self.warning) else ""

    def _is_beyond(self, count: int, threshold: int) -> bool:
        return count > threshold if self.comparator == ">" else count < threshold


HEAD = re.compile(r"(sum|max)\(last_(\d+)([mh])\):")
TAIL = re.compile(r" (<|>) (\d+)$")
LEAF = re.compile(r"(sum|max):([a-z0-9_.]+)\{([^{}]*)\}(?: by \{([^{}]*)\})?(\.as_count\(\))?")


def monitor(query: str, options: Mapping[str, Any]) -> Monitor:
    head, tail = HEAD.match(query), TAIL.search(query)
    assert head, query
    assert tail, query
    leaves = list(LEAF.finditer(query))
    assert len({leaf[3] for leaf in leaves}) == 1, "leaves of several scopes"
    assert {bool(leaf[5]) for leaf in leaves} == {head[1] == "sum"}, "a sum is of counts"
    (group_by,) = {leaf[4] for leaf in leaves}
    shifts = {int(seconds) for seconds in re.findall(r"\.as_count\(\), (-?\d+)\)", query)}
    assert len(shifts) == bool("timeshift" in query)
    assert query.count("timeshift(") in (0, len(leaves))
    assert options["require_full_window"] is False, "a sparse metric is never evaluated"
    thresholds = options["thresholds"]
    assert thresholds["critical"] == int(tail[2]), "Datadog refuses another number than the query's"
    less = {leaf[2] for leaf in leaves if re.search(r" - (?:timeshift\()?$", query[: leaf.start()])}
    return Monitor(
        window=int(head[2]) * {"m": 1, "h": 60}[head[3]],
        shift=-next(iter(shifts), 0) // 60,
        delay=options.get("evaluation_delay", 0) // 60,
        comparator=tail[1],
        threshold=int(tail[2]),
        warning=thresholds.get("warning"),
        missing=options["on_missing_data"],
        metrics=frozenset(leaf[2] for leaf in leaves) - less,
        less=frozenset(less),
        group_by=tuple(group_by.split(",")) if group_by else (),
        new_group_delay=options.get("new_group_delay"),
        **_schedule(options),
    )


def _schedule(options: Mapping[str, Any]) -> dict[str, Any]:
    recurrences = options.get("scheduling_options", {}).get("custom_schedule", {}).get("recurrences", [])
    if not recurrences:
        return {}
    (one,) = recurrences
    rule = re.fullmatch(r"FREQ=(DAILY|WEEKLY);INTERVAL=1(?:;BYDAY=([A-Z,]+))?", one["rrule"])
    assert rule, one
    assert bool(rule[2]) == (rule[1] == "WEEKLY"), one
    days = tuple(WEEKDAYS.index(day) for day in rule[2].split(",")) if rule[2] else tuple(range(7))
    start = datetime.fromisoformat(one["start"])
    assert (start.tzinfo, start.second) == (None, 0), "a local time"
    return {
        "days": days,
        "time_of_day": start.hour * 60 + start.minute,
        "zone": one["timezone"],
        "first_day": (start.date() - date(1970, 1, 1)).days,
    }


def first_told(
    monitors: Sequence[Monitor],
    events: Sequence[int],
    clocks: Clocks,
    *,
    lag: int,
    bucket: int = 1,
) -> dict[int, int]:
    """Event → the first evaluation, of any of the monitors, that counts it; events are in order, each alone."""
    told: dict[int, int] = {}
    for one in monitors:
        # An event alone is a sum of one; without it there is nothing to tell.
        if FAILED not in one.metrics or one.tells(1) != "alert" or one.tells(0):
            continue
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


def told_of_runs(one: Monitor, evaluation: int, finishes: Sequence[int], *, lag: int, bucket: int = 1) -> str:
    """What the evaluation tells of runs that were done at these minutes: `alert`, `warning`, `no data` or nothing."""
    counted = [each for each in finishes if one.reads(each, evaluation, bucket) and each + lag <= evaluation]
    return one.tells(len(counted) if SUCCEEDED in one.metrics else 0)


def told_late(one: Monitor, evaluation: int, finish: int, *, lag: int, bucket: int = 1) -> bool:
    """Whether the evaluation tells that nothing was done, of a run that was done at `finish`."""
    assert one.comparator == "<"
    return bool(told_of_runs(one, evaluation, [finish], lag=lag, bucket=bucket))
