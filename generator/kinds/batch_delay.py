"""A batch is late: nothing failed, but it is not done by its deadline.

A custom schedule (https://docs.datadoghq.com/monitors/guide/custom_schedules/) looks once a day, as late after the
deadline as metrics come, and reads up to the deadline. The window starts after the deadline of the day before: what was
done late yesterday does not count for today.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field
from msgspec.structs import replace

from generator.explain.arrival import arrival_notes, arrives_within
from generator.explain.batch_monitor import MetricsSum, counting_options, scheduled
from generator.explain.batch_runs import local_time
from generator.explain.batch_source import BatchSource, Counts, longest_run_metric, successes
from generator.explain.durations import duration_words, window_lasting
from generator.explain.lateness import Due, Judging, early_note, judging, late_notes
from generator.explain.monitor import Context, Deadline, KindProblem, Monitor
from generator.explain.office import office, zone_of
from generator.explain.telling import window_at_once
from generator.query.nodes import MetricQuery, MonitorQuery, TimeAggregation
from generator.query.printer import print_query
from generator.schedule.delivery import Runs, is_inside
from generator.schedule.delivery_days import parse_days
from generator.schedule.fields import DaysText, DurationText, LocalTimeText, parse_duration
from generator.schedule.local_time import clock

Expected = Annotated[int, Meta(ge=1, le=1_000_000)]
# Nothing done at all is no data.
_LATE = ("is_alert", "is_no_data")
_NO_TIME = timedelta(0)
_MILLISECOND = timedelta(milliseconds=1)


DECIDED_BY = ("timezone", "metrics_arrive_within", "scope", "aws")
"""What of the monitor's surroundings it reads."""


class RunStarts(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When the batch starts; it is due on each of these days."""

    start: Annotated[LocalTimeText, Meta(description="When a run starts.")] = field(name="from")
    end: Annotated[
        LocalTimeText | UnsetType, Meta(description="When a run has ended at the latest; not after the deadline.")
    ] = field(name="to", default=UNSET)
    days: Annotated[DaysText | UnsetType, Meta(description="The days on which it starts; every day by default.")] = (
        UNSET
    )
    timezone: Annotated[
        str | UnsetType, Meta(description="The zone of these times where it is not the organisation's, such as `UTC`.")
    ] = UNSET


class Parameters(BatchSource, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What has to be done by when."""

    runs: Annotated[RunStarts, Meta(description="When the batch starts, in local time.")]
    deadline: Annotated[
        LocalTimeText, Meta(description="By when a run must have succeeded, the first after its start.")
    ]
    expect: Annotated[Expected | UnsetType, Meta(description="How many runs must have succeeded; 1 by default.")] = (
        UNSET
    )
    warn_before: Annotated[
        DurationText | UnsetType,
        Meta(description="Warns so long before the deadline, while a hand can still help; tells `notify` only."),
    ] = UNSET
    max_duration: Annotated[
        DurationText | UnsetType,
        Meta(description="Tells of a run that took longer, once it has ended; for `state_machine` and Lambda."),
    ] = UNSET
    reads_until: Annotated[
        Literal["deadline", "check"],
        Meta(
            description="`deadline` needs Datadog to honour an evaluation delay beside a custom schedule, which is not "
            "documented; `check` needs nothing, but takes what is done until the check as in time."
        ),
    ] = "deadline"
    group_by: Annotated[
        list[str] | UnsetType, Meta(description="Refused: a group that is late would have no data, and vanish.")
    ] = UNSET


def monitors(parameters: Parameters, context: Context) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:
    """One monitor for the deadline, one for a warning before it, and one for runs that take too long."""
    counts = successes(parameters, context)
    lag = _lag(counts, context)
    due = _due(parameters, context, lag)
    problems = tuple(found for found in (counts, due) if isinstance(found, KindProblem))
    problems += tuple(_problems(parameters))
    if problems or isinstance(counts, KindProblem) or isinstance(due, KindProblem):
        return problems
    counts = replace(counts, notes=(*counts.notes, *arrival_notes(counts.metrics, context.metrics_arrive_within)))
    return (*_judgements(parameters, counts, due), *_too_long(parameters, counts, lag))


def _lag(counts: Counts | KindProblem, context: Context) -> timedelta:
    metrics = counts.metrics if isinstance(counts, Counts) else ()
    return max((arrives_within(metric, context.metrics_arrive_within) for metric in metrics), default=_NO_TIME)


def _due(parameters: Parameters, context: Context, lag: timedelta) -> Judging | KindProblem:
    reading = office(context)
    if isinstance(reading, KindProblem):
        return reading
    starts = parameters.runs
    zone = reading.zone if starts.timezone is UNSET else zone_of(starts.timezone, where=("runs", "timezone"))
    if isinstance(zone, KindProblem):
        return zone
    deadline = local_time(parameters.deadline)
    end = deadline if starts.end is UNSET else local_time(starts.end)
    warn_before = _NO_TIME if parameters.warn_before is UNSET else parse_duration(parameters.warn_before)
    days = () if starts.days is UNSET else parse_days(starts.days)
    runs = Runs(local_time(starts.start), end, zone)
    if starts.end is not UNSET and is_inside(deadline, _NO_TIME, runs, reading):
        suffix = "" if zone is reading.zone else f" {zone.key}"
        message = f"`deadline` is `{clock(deadline)}`, but the runs last until {clock(end)}{suffix}"
        return KindProblem(("deadline",), "wrong-value", message, "write a later deadline, or an earlier `runs.to`")
    return judging(Due(deadline, lag, warn_before), runs, reading, days=days)


def _problems(parameters: Parameters) -> Iterator[KindProblem]:
    if parameters.group_by is not UNSET:
        yield KindProblem(
            ("group_by",),
            "wrong-value",
            "`group_by` is not for a delay: a group that is late has no data, and Datadog forgets it after 24 hours",
            "remove it; write `expect: N` for N runs, or one monitor for each with `for_each` and `scope`",
        )
    if parameters.max_duration is not UNSET and longest_run_metric(parameters) is None:
        message = (
            "`max_duration` is for `state_machine` and `lambda_function`: no other metric of a run's length is known"
        )
        yield KindProblem(
            ("max_duration",), "wrong-value", message, "remove it, or watch your own metric by `kind: metric`"
        )
    if parameters.max_duration is not UNSET and not parse_duration(parameters.max_duration):
        message = f"`max_duration` is `{parameters.max_duration}`: every run takes longer"
        yield KindProblem(("max_duration",), "wrong-value", message, "write how long a run may take, such as `90m`")


def _judgements(parameters: Parameters, counts: Counts, judged: Judging) -> Iterator[Monitor]:
    expected = parameters.expect or 1
    yield _late(judged, counts, expected, until_check=parameters.reads_until == "check")
    early = judged.early
    if early is None:
        return
    # Nothing is below zero: it warns and never alerts.
    yield Monitor(
        type="query alert",
        query=print_query(MetricsSum(counts).query(early.window, "<", 0)),
        options={**counting_options({"critical": 0, "warning": expected}, "default"), **scheduled(early.looks)},
        element="early",
        message=f"Not done yet, {duration_words(judged.due.warn_before)} before {clock(judged.due.deadline)}.",
        notify_when=("is_warning",),
        urgent_when=(),
        notes=(early_note(judged, early),),
        heartbeats=counts.heartbeats,
    )


def _late(judged: Judging, counts: Counts, expected: int, *, until_check: bool) -> Monitor:
    zone, runs = judged.late.looks.zone, judged.runs
    deadline = Deadline(judged.due.deadline, zone.key, runs.start, runs.zone.key)
    lag, late = judged.due.lag, judged.late
    delay = {"evaluation_delay": int(lag.total_seconds())} if lag and not until_check else {}
    window = late.window + lag if until_check else late.window
    options = counting_options({"critical": expected}, "show_and_notify_no_data")
    return Monitor(
        type="query alert",
        query=print_query(MetricsSum(counts).query(window, "<", expected)),
        options={**options, **delay, **scheduled(late.looks)},
        message=f"Not done by {clock(judged.due.deadline)}.",
        notify_when=_LATE,
        urgent_when=_LATE,
        notes=(*counts.notes, *late_notes(judged, expected=expected, until_check=until_check)),
        heartbeats=counts.heartbeats,
        batch=counts.batch,
        deadline=deadline,
    )


def _too_long(parameters: Parameters, counts: Counts, lag: timedelta) -> Iterator[Monitor]:
    metric = longest_run_metric(parameters)
    if parameters.max_duration is UNSET or metric is None:
        return
    longest = parse_duration(parameters.max_duration)
    leaf = MetricQuery(metric=metric, space="max", scope=counts.scope)
    window = window_at_once(_NO_TIME, lag=lag)
    milliseconds = longest // _MILLISECOND
    query = MonitorQuery(TimeAggregation("max", window_lasting(window)), leaf, ">", milliseconds)
    yield Monitor(
        type="query alert",
        query=print_query(query),
        options=counting_options({"critical": milliseconds}, "resolve"),
        element="too-long",
        message=f"A run took longer than {duration_words(longest)}.",
        notify_when=("is_alert",),
        urgent_when=("is_alert",),
        notes=(
            f"A run that took longer than {duration_words(longest)} is told once it has ended, on any day at any hour.",
            f"The alert ends {duration_words(window)} later. A run that never ends is told by its deadline.",
        ),
        heartbeats=counts.heartbeats,
    )
