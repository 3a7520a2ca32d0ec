"""A batch's failure is told only after the deadline that another monitor watches: too late to do anything about it.

A failure that waits for the morning is one that nobody needs to hear of before. Where the same state machine, function
or DAG has a deadline, tell its failures earlier by `notify_at`, or by `delivery: at_once`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from generator.explain.arrivals import ORDINARY_WEEKS, Reading, arrivals, reading
from generator.explain.batch_source import batch_named_by
from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor, Repository
from generator.lint.rule import Complaint
from generator.query.inspection import leaves, threshold
from generator.query.nodes import AllOf, Scope, Tag, Terms
from generator.render.model import Resource
from generator.schedule.local_time import clock
from generator.schedule.recurrence import occurrences

SEVERITY = Severity.ERROR
REACH = "file"

_WEEK = timedelta(weeks=1)
_DAY = timedelta(days=1)
# A deadline's window starts so long before its run.
_LEAD = timedelta(hours=1)
_MOST_DEADLINES = 20
_Batch = tuple[str, frozenset[Tag]]


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    deadlines: dict[_Batch, dict[Reading, RenderedMonitor]] = {}
    for monitor in repository.monitors:
        if "scheduling_options" in monitor.options and (threshold(monitor.tree) or 0) > 0:
            due = _reading(monitor)
            if due is not None and due.expects_events:
                deadlines.setdefault(_batch(monitor), {}).setdefault(due, monitor)
    for monitor in repository.monitors if deadlines else ():
        if monitor.type in METRIC_TYPES and (batch := _batch(monitor)) in deadlines and batch[1]:
            told = _reading(monitor)
            if told is not None and not told.expects_events:
                yield from ((monitor.resource, complaint) for complaint in _complaints(told, deadlines[batch]))


def _complaints(told: Reading, deadlines: dict[Reading, RenderedMonitor]) -> Iterator[Complaint]:
    for due, watching in islice(deadlines.items(), _MOST_DEADLINES):
        late = next(_late_tellings(told, due), None)
        if late is not None and due.looks is not None:
            start, at, deadline = (clock(each.astimezone(due.looks.zone).time()) for each in late)
            name = watching.resource.tracking_id
            message = f"a failure at {start} is told at {at}, after the deadline of {deadline} that `{name}` watches"
            yield Complaint(message, ("notify_at",), hint="write an earlier `notify_at`, or `delivery: at_once`")
            return


def _late_tellings(told: Reading, due: Reading) -> Iterator[tuple[datetime, datetime, datetime]]:
    """Start of a run, when its failure is told on that day, and its deadline before that."""
    for week in ORDINARY_WEEKS:
        for look in occurrences(due.looks, since=week, until=week + _WEEK) if due.looks else ():
            deadline = look - due.delay
            start = deadline - due.window + _LEAD
            yield from ((start, at, deadline) for at in arrivals((told,), start) if deadline < at < start + _DAY)


def _reading(monitor: RenderedMonitor) -> Reading | None:
    is_metric = monitor.type in METRIC_TYPES
    return reading({"query": monitor.text, "options": monitor.options}) if is_metric else None


def _batch(monitor: RenderedMonitor) -> _Batch:
    """The environment, and the tags that name a batch in it."""
    scopes = (_terms(leaf.scope) for leaf in leaves(monitor.tree))
    named = (batch_named_by(term) for terms in scopes for term in terms if isinstance(term, Tag))
    return monitor.resource.tracking_id.rpartition("/")[2], frozenset(tag for tag in named if tag is not None)


def _terms(scope: Scope) -> tuple[Scope, ...]:
    return scope.operands if isinstance(scope, Terms | AllOf) else (scope,)
