"""A batch failed: told at once, shifted into the working hours that follow the night, or on a schedule.

A shifted query (https://docs.datadoghq.com/dashboards/functions/timeshift/) reads the failures of some hours ago, so
that the alert itself, not only its notification, belongs to the morning. A custom schedule
(https://docs.datadoghq.com/monitors/guide/custom_schedules/) looks on business days only, back to the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from generator.explain.arrival import arrival_notes, arrives_within
from generator.explain.batch_monitor import MetricsSum, counting_options, scheduled
from generator.explain.batch_runs import RunTimes, local_time, runs_of
from generator.explain.batch_source import FAILURES, BatchSource, Counts, Failure, TagKey, failures
from generator.explain.durations import duration_words
from generator.explain.monitor import Context, Hours, KindProblem, Monitor
from generator.explain.office import office
from generator.explain.telling import Telling, told_at_once, told_from, told_on_schedule, too_late_words
from generator.query.printer import print_query
from generator.schedule.deadlines import TooLate, scheduled_too_late, shifted_too_late
from generator.schedule.delivery import Office, Runs, day_of_odd_time, is_inside, shift_until, starts_at
from generator.schedule.fields import LocalTimeText
from generator.schedule.local_time import clock, is_between, length

Outcomes = Annotated[list[Failure], Meta(min_length=1)]
GroupKeys = Annotated[list[TagKey], Meta(min_length=1)]

# The alert ends with its window, mended or not: to tell of a recovery would be a lie.
_FAILED = ("is_alert",)
_NO_TIME = timedelta(0)


DECIDED_BY = ("timezone", "business_hours", "metrics_arrive_within", "scope", "aws")
"""What of the monitor's surroundings it reads."""


class Parameters(BatchSource, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What fails, when it runs, and when its failures are told."""

    outcomes: Annotated[
        Outcomes | UnsetType,
        Meta(description="Which ends of a state machine's execution are failures; all three by default."),
    ] = UNSET
    group_by: Annotated[
        GroupKeys | UnsetType, Meta(description="Tag keys; one alert for each combination of their values.")
    ] = UNSET
    runs: Annotated[RunTimes | UnsetType, Meta(description="When the batch runs, in local time.")] = UNSET
    delivery: Annotated[
        Literal["timeshift", "at_once", "schedule"],
        Meta(
            description="`timeshift` tells a night's failure the next morning, `schedule` on business days only, "
            "`at_once` as soon as its metric arrives."
        ),
    ] = "timeshift"
    notify_at: Annotated[
        LocalTimeText | UnsetType,
        Meta(description="When the first failure of a run may be told; the start of business hours by default."),
    ] = UNSET
    deadline: Annotated[
        LocalTimeText | UnsetType,
        Meta(
            description="By when somebody needs the result, the first after a run's start; a telling after it is "
            "refused. By `schedule` it counts on business days only."
        ),
    ] = UNSET


def monitors(parameters: Parameters, context: Context) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:
    """One monitor that alerts once on all failures of a run, for each group; by schedule, one for each gap of days."""
    counts = _counts(parameters, context)
    metrics = counts.metrics if isinstance(counts, Counts) else ()
    lag = max((arrives_within(metric, context.metrics_arrive_within) for metric in metrics), default=_NO_TIME)
    tellings = _DELIVERIES[parameters.delivery](parameters, context, lag)
    if isinstance(counts, KindProblem) or isinstance(tellings, KindProblem):
        return tuple(found for found in (counts, tellings) if isinstance(found, KindProblem))
    group_by = tuple(dict.fromkeys(parameters.group_by or ()))
    notes = (*counts.notes, *arrival_notes(counts.metrics, context.metrics_arrive_within))
    happens, told_in = _happens(parameters, context), _told_in(parameters, context)
    found = (_monitor(counts, telling, group_by) for telling in tellings)
    return tuple(replace(each, happens=happens, told_in=told_in, notes=(*notes, *each.notes)) for each in found)


def _happens(parameters: Parameters, context: Context) -> Hours | None:
    if parameters.runs is UNSET:
        return None
    zone = context.timezone if parameters.runs.timezone is UNSET else parameters.runs.timezone
    return Hours(local_time(parameters.runs.start), local_time(parameters.runs.end), zone)


def _told_in(parameters: Parameters, context: Context) -> Hours | None:
    """The business hours, where the time of the first telling is one of them."""
    start, end = context.business_hours
    is_shifted = parameters.delivery == "timeshift"
    hours = Hours(start, end, context.timezone)
    return hours if is_shifted and is_between(_notify_at(parameters, context), start, end) else None


def _monitor(counts: Counts, telling: Telling, group_by: tuple[str, ...]) -> Monitor:
    query = MetricsSum(counts, group_by, telling.shift).query(telling.window, ">", 0)
    options = {**counting_options({"critical": 0}, "resolve"), **scheduled(telling.looks)}
    return Monitor(
        type="query alert",
        query=print_query(query),
        # A new group's first failure counts. Datadog refuses the option on a monitor without groups.
        options={**options, "new_group_delay": 0} if group_by else options,
        element=telling.element,
        notify_when=_FAILED,
        urgent_when=_FAILED,
        notes=telling.notes,
        heartbeats=counts.heartbeats,
        batch=counts.batch,
    )


def _counts(parameters: Parameters, context: Context) -> Counts | KindProblem:
    found = failures(parameters, context, tuple(dict.fromkeys(parameters.outcomes or FAILURES)))
    if isinstance(found, Counts) and parameters.outcomes is not UNSET and parameters.state_machine is UNSET:
        message = "`outcomes` are those of a state machine, and this batch is none"
        return KindProblem(("outcomes",), "wrong-value", message, "remove `outcomes`; the metric says what is counted")
    return found


# When it is told.


def _at_once(parameters: Parameters, context: Context, lag: timedelta) -> tuple[Telling, ...] | KindProblem:
    if parameters.notify_at is not UNSET:
        message = f"`notify_at` is `{parameters.notify_at}`, but `delivery: at_once` waits for no time"
        return _at_field("notify_at", message, "remove `notify_at`, or `delivery: at_once`")
    reading = office(context)
    if isinstance(reading, KindProblem):
        return reading
    runs = runs_of(parameters.runs, reading)
    if isinstance(runs, KindProblem):
        return runs
    if runs is None:
        return _no_runs_of(parameters, told_at_once(_NO_TIME, lag=lag))
    return _late(parameters, lag, runs, reading) or (told_at_once(length(runs.start, runs.end), lag=lag),)


def _scheduled(parameters: Parameters, context: Context, lag: timedelta) -> tuple[Telling, ...] | KindProblem:
    reading = office(context)
    if isinstance(reading, KindProblem):
        return reading
    notify_at = _notify_at(parameters, context)
    runs = runs_of(parameters.runs, reading)
    if isinstance(runs, KindProblem):
        return runs
    problem = next(_schedule_problems(parameters, notify_at, lag, runs=runs, reading=reading), None)
    if problem is not None:
        return problem
    run_end = runs.end if runs is not None and runs.zone is reading.zone else None
    told = told_on_schedule(notify_at, reading, lag=lag, run_end=run_end)
    if runs is None:
        return _no_runs_of(parameters, *told)
    return tuple(map(_with_days_off, told)) if parameters.deadline is not UNSET and reading.business_days else told


def _with_days_off(telling: Telling) -> Telling:
    note = "`deadline` counts on business days: what fails on a day off is told on the next of them."
    return replace(telling, notes=(*telling.notes, note))


def _shifted(parameters: Parameters, context: Context, lag: timedelta) -> tuple[Telling, ...] | KindProblem:
    reading = office(context)
    if isinstance(reading, KindProblem):
        return reading
    runs = runs_of(parameters.runs, reading)
    if isinstance(runs, KindProblem):
        return runs
    if runs is None:
        return _no_runs()
    notify_at = _notify_at(parameters, context)
    problem = next(_shift_problems(parameters, notify_at, lag, runs=runs, reading=reading), None)
    return problem or (told_from(notify_at, runs, reading),)


_DELIVERIES = {"at_once": _at_once, "schedule": _scheduled, "timeshift": _shifted}


def _notify_at(parameters: Parameters, context: Context) -> time:
    return context.business_hours[0] if parameters.notify_at is UNSET else local_time(parameters.notify_at)


# What is refused.


def _shift_problems(
    parameters: Parameters, notify_at: time, lag: timedelta, *, runs: Runs, reading: Office
) -> Iterator[KindProblem]:
    shift = shift_until(notify_at, runs, reading)
    if starts_at(notify_at, runs, reading):
        message = "when the runs start: nothing is left to shift"
        yield _of_notify_at(parameters, notify_at, message, "a later time")
    if shift < lag:
        message = f"{duration_words(shift)} after the runs start, but the metric arrives within {duration_words(lag)}"
        yield _of_notify_at(parameters, notify_at, message, "a later time")
    if is_inside(notify_at, _NO_TIME, runs, reading):
        yield _inside(parameters, notify_at, _NO_TIME, runs=runs, reading=reading)
    late = _late(parameters, shift, runs, reading)
    if late is not None:
        yield late


def _schedule_problems(
    parameters: Parameters, notify_at: time, lag: timedelta, *, runs: Runs | None, reading: Office
) -> Iterator[KindProblem]:
    day = day_of_odd_time(notify_at, reading)
    if day is not None:
        message = f"which the clocks of {reading.zone.key} skip or repeat on {day}"
        yield _of_notify_at(parameters, notify_at, message, "a time at which the clocks never change")
    if runs is None:
        return
    if is_inside(notify_at, lag, runs, reading):
        yield _inside(parameters, notify_at, lag, runs=runs, reading=reading)
    if parameters.deadline is not UNSET:
        late = scheduled_too_late(local_time(parameters.deadline), notify_at, runs, reading, lag=lag)
        if late is not None:
            yield _told_late(parameters, late, runs, reading)


def _no_runs() -> KindProblem:
    return KindProblem(
        (),
        "missing-field",
        "missing field `runs`: the shift is computed from when the batch runs",
        'write `runs: {from: "04:00", to: "05:30"}`, or `delivery: at_once` if it runs at any time',
    )


def _no_runs_of(parameters: Parameters, *tellings: Telling) -> tuple[Telling, ...] | KindProblem:
    """A deadline is that of a run."""
    if parameters.deadline is UNSET:
        return tellings
    message = "missing field `runs`: nothing says whose deadline `deadline` is"
    return KindProblem((), "missing-field", message, 'write `runs: {from: "04:00", to: "05:30"}`, or remove `deadline`')


def _late(parameters: Parameters, later: timedelta, runs: Runs, reading: Office) -> KindProblem | None:
    """What is told so much later than it fails, and after the deadline."""
    if parameters.deadline is UNSET:
        return None
    late = shifted_too_late(local_time(parameters.deadline), later, runs, reading)
    return None if late is None else _told_late(parameters, late, runs, reading)


def _told_late(parameters: Parameters, late: TooLate, runs: Runs, reading: Office) -> KindProblem:
    message = f"the result is needed by {parameters.deadline}, but {too_late_words(late, runs, reading)}"
    is_told_at_once = parameters.delivery == "at_once"
    hint = "write a later `deadline`" if is_told_at_once else "write an earlier `notify_at`, or `delivery: at_once`"
    return KindProblem(("deadline",), "told-too-late", message, hint)


def _inside(parameters: Parameters, notify_at: time, lag: timedelta, *, runs: Runs, reading: Office) -> KindProblem:
    zone = "" if runs.zone is reading.zone else f" {runs.zone.key}"
    seen = f", and a failure is seen up to {duration_words(lag)} later" if lag else ""
    message = f"but the runs last until {clock(runs.end)}{zone}{seen}"
    return _of_notify_at(parameters, notify_at, message, "a time when the runs are over")


def _of_notify_at(parameters: Parameters, notify_at: time, message: str, better: str) -> KindProblem:
    """At the field that people wrote."""
    instead = f"{better}, or `delivery: at_once`"
    if parameters.notify_at is not UNSET:
        return _at_field("notify_at", f"`notify_at` is `{clock(notify_at)}`, {message}", f"write {instead}")
    field = "delivery" if parameters.delivery == "schedule" else "runs"
    default = f"`notify_at` is by default `{clock(notify_at)}`, when business hours start"
    return _at_field(field, f"{default}, {message}", f"add `notify_at` with {instead}")


def _at_field(field: str, message: str, hint: str) -> KindProblem:
    return KindProblem((field,), "wrong-value", message, hint)
