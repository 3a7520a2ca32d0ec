"""A batch's failure is told only after the deadline that another monitor watches: too late to do anything about it.

A failure that waits for the morning is one that nobody needs to hear of before. Where the same state machine, function
or DAG has a deadline, tell its failures earlier by `notify_at`, or by `delivery: at_once`. What fails at the end of its
run counts as well. Monitors of one batch may stand in different files; what a schedule tells only after a day off is
left alone.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from msgspec import Struct

from generator.explain.arrivals import ORDINARY_WEEKS, Reading, arrivals
from generator.explain.monitor import Deadline, Hours
from generator.finding import Severity
from generator.lint.batches import Batch, Watched, batch_of
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor, Repository, key
from generator.lint.rule import Complaint, ResourceKey
from generator.query.inspection import threshold
from generator.schedule.local_time import clock, last_occurrence, next_occurrence
from generator.schedule.recurrence import Recurrence, occurrences
from generator.schedule.zones import zone

SEVERITY = Severity.ERROR
REACH = "repository"

_WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
# A deadline's window starts so long before its run, and nothing says more about a monitor that is written by hand.
_LEAD = timedelta(hours=1)
_MOST_DEADLINES = 20


class Reads(Struct, frozen=True):
    """A `Reading` as JSON can hold it: how far back a monitor looks, and on which days, when and where on the clock."""

    window: timedelta
    shift: timedelta
    delay: timedelta
    looks: tuple[tuple[int, ...], time, str] | None


class Awaited(Struct, frozen=True):
    """A monitor of a deadline, with what its kind says of that."""

    of: ResourceKey
    batch: Batch
    reads: Reads
    deadline: Deadline | None


class Told(Struct, frozen=True):
    """A monitor of failures that tells them later."""

    of: ResourceKey
    batch: Batch
    reads: Reads
    happens: Hours | None


class Facts(Struct, frozen=True):
    """Of one file."""

    awaited: tuple[Awaited, ...]
    told: tuple[Told, ...]


def facts(repository: Repository) -> Facts:
    awaited, told = [], []
    for monitor in repository.monitors:
        found = _reading(monitor)
        batch = batch_of(monitor) if found is not None else ("", ())
        if found is None or not batch[1]:
            continue
        of, resource = key(monitor.resource), monitor.resource
        if not found.expects_events:
            told.append(Told(of, batch, _reads(found), resource.happens))
        elif found.looks is not None and (threshold(monitor.tree) or 0) > 0:
            awaited.append(Awaited(of, batch, _reads(found), resource.deadline))
    return Facts(tuple(awaited), tuple(told))


def findings(facts: Mapping[str, Facts]) -> Iterator[tuple[ResourceKey, Complaint]]:
    awaited = Watched((each.batch, each) for part in facts.values() for each in part.awaited)
    for part in facts.values():
        for told in part.told:
            same = tuple(islice(awaited.by(told.batch), _MOST_DEADLINES))
            complaint = next(_complaints(told, same), None)
            if complaint is not None:
                yield told.of, complaint


def _complaints(told: Told, awaited: Sequence[Awaited]) -> Iterator[Complaint]:
    for each in awaited:
        late = _late(told.reads, told.happens, each.reads, each.deadline)
        looks = _recurrence(each.reads)
        if late is not None and looks is not None:
            failed, at, deadline = (clock(moment.astimezone(looks.zone).time()) for moment in late)
            name = each.of[1]
            message = f"a failure at {failed} is told at {at}, after the deadline of {deadline} that `{name}` watches"
            yield Complaint(message, ("notify_at",), hint="write an earlier `notify_at`, or `delivery: at_once`")


# Batches differ in their names and share a few hours.
@functools.lru_cache(maxsize=1024)
def _late(
    told: Reads, happens: Hours | None, awaited: Reads, deadline: Deadline | None
) -> tuple[datetime, datetime, datetime] | None:
    """When a run failed, when that is told, within a day, and its deadline before that."""
    one = Reading(told.window, told.shift, told.delay, _recurrence(told))
    for start, due in _runs(awaited, deadline):
        for failed in _failures(happens, start, due):
            for at in arrivals((one,), failed):
                if due < at < failed + _DAY:
                    return failed, at, due
    return None


def _failures(happens: Hours | None, start: datetime, deadline: datetime) -> tuple[datetime, ...]:
    """The first and the last that a run can have: those of its own hours, where they are known."""
    where = None if happens is None else zone(happens.zone)
    if happens is None or not isinstance(where, ZoneInfo):
        return (start,)
    begin = last_occurrence(happens.start, where, until=deadline - _MINUTE)
    return (begin, min(next_occurrence(happens.end, where, after=begin), deadline))


def _recurrence(reads: Reads) -> Recurrence | None:
    where = None if reads.looks is None else zone(reads.looks[2])
    return Recurrence(*reads.looks[:2], where) if reads.looks is not None and isinstance(where, ZoneInfo) else None


def _reads(found: Reading) -> Reads:
    looks = None if found.looks is None else (found.looks.days, found.looks.at, found.looks.zone.key)
    return Reads(found.window, found.shift, found.delay, looks)


@functools.lru_cache(maxsize=1024)
def _runs(reads: Reads, deadline: Deadline | None) -> tuple[tuple[datetime, datetime], ...]:
    """In a winter's and a summer's week, the starts of runs and by when they are due."""
    looks = _recurrence(reads)
    found = () if looks is None else (occurrences(looks, since=week, until=week + _WEEK) for week in ORDINARY_WEEKS)
    return tuple(
        _of_kind(look, deadline) if deadline else _by_window(look - reads.delay, reads.window)
        for week in found
        for look in week
    )


def _by_window(due: datetime, window: timedelta) -> tuple[datetime, datetime]:
    return (due - window + _LEAD).astimezone(UTC), due.astimezone(UTC)


def _of_kind(look: datetime, deadline: Deadline) -> tuple[datetime, datetime]:
    """The last deadline that the look can judge, and the start of its run."""
    ours, theirs = zone(deadline.zone), zone(deadline.start_zone)
    if not isinstance(ours, ZoneInfo) or not isinstance(theirs, ZoneInfo):
        return look, look
    due = last_occurrence(deadline.at, ours, until=look)
    return last_occurrence(deadline.start, theirs, until=due - _MINUTE), due


def _reading(monitor: RenderedMonitor) -> Reading | None:
    """Cheap: most monitors are told apart from those of batches without reading their query."""
    is_batch = monitor.resource.batch or "timeshift(" in monitor.text or "scheduling_options" in monitor.options
    if not is_batch or monitor.type not in METRIC_TYPES or not monitor.text.startswith("sum("):
        return None
    found = monitor.reading
    return found if found is not None and (found.lag or found.looks) else None
