"""A batch's failures wait for business hours, and some are told only when these are over.

What is shifted is told as much later as all else: a failure at the end of a long run comes long after `notify_at`.
Where `notify_at` is in business hours, somebody means to read it there. Write an earlier `notify_at`, or
`delivery: schedule`, which tells all failures of a run at one time.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from zoneinfo import ZoneInfo

from generator.explain.arrivals import ORDINARY_WEEKS, Reading, arrivals
from generator.explain.monitor import Hours
from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.schedule.local_time import clock, instant, is_between, length
from generator.schedule.zones import zone

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES


def findings(monitor: RenderedMonitor) -> Iterable[Complaint]:
    promised, happens = monitor.resource.told_in, monitor.resource.happens
    return () if promised is None or happens is None else _complaints(monitor, promised, happens)


def _complaints(monitor: RenderedMonitor, promised: Hours, happens: Hours) -> Iterator[Complaint]:
    late = None if monitor.reading is None else _told_late(monitor.reading, promised, happens)
    if late is not None:
        failed, told = map(clock, late)
        message = f"a failure at {failed} is told at {told}, and business hours end at {clock(promised.end)}"
        yield Complaint(message, ("notify_at",), hint="write an earlier `notify_at`, or `delivery: schedule`")


# Batches differ in their names and share a few hours.
@functools.lru_cache(maxsize=1024)
def _told_late(one: Reading, promised: Hours, happens: Hours) -> tuple[time, time] | None:
    """When a run fails and when that is told, each on the clocks where it matters; None where it is told in time."""
    readers = zone(promised.zone)
    if not isinstance(readers, ZoneInfo):
        return None
    for failed, at in _tellings(one, happens):
        told = at.astimezone(readers).time()
        if told != promised.end and not is_between(told, promised.start, promised.end):
            return failed.time(), told
    return None


def _tellings(one: Reading, happens: Hours) -> Iterator[tuple[datetime, datetime]]:
    """When the last failure of a run is told, in winter and in summer."""
    where = zone(happens.zone)
    if not isinstance(where, ZoneInfo):
        return
    for week in ORDINARY_WEEKS:
        failed = instant(week.date(), happens.start, where) + length(happens.start, happens.end)
        yield from ((failed.astimezone(where), at) for at in arrivals((one,), failed)[:1])
