"""A batch failed: told at once, or shifted into the working hours that follow the night.

A shifted query (https://docs.datadoghq.com/dashboards/functions/timeshift/) reads the failures of some hours ago, so
that the alert itself, not only its notification, belongs to the morning.
"""

from __future__ import annotations

import functools
from datetime import time, timedelta
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from generator.explain.arrival import arrives_within
from generator.explain.durations import duration_words, window_lasting
from generator.explain.monitor import Context, KindProblem, Monitor
from generator.explain.office import office, zone_of
from generator.explain.scopes import all_of, environment_scope, written_scope
from generator.explain.step_functions import executions_metric, state_machine_scope
from generator.explain.telling import Telling, told_at_once, told_from, told_words
from generator.query.nodes import (
    EVERYTHING,
    AsCount,
    Binary,
    Call,
    Expression,
    MetricQuery,
    MonitorQuery,
    Number,
    Scope,
    TimeAggregation,
)
from generator.query.printer import print_query
from generator.schedule.delivery import Office, Runs, is_told_after, starts_at
from generator.schedule.fields import LocalTimeText, parse_local_time
from generator.schedule.local_time import clock, length, of_minutes

Outcome = Literal["failed", "timed_out", "aborted"]
Outcomes = Annotated[list[Outcome], Meta(min_length=1)]
StateMachine = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.*-]{1,80}$(?!\n)")]
MetricName = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.]{0,199}$(?!\n)")]
GroupKey = Annotated[str, Meta(pattern=r"^[A-Za-z@][A-Za-z0-9_./@-]{0,199}$(?!\n)")]

_OUTCOMES: tuple[Outcome, ...] = ("failed", "timed_out", "aborted")
_NO_TIME = timedelta(0)


class RunTimes(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When the batch runs, every day it runs."""

    start: Annotated[LocalTimeText, Meta(description="When a run starts.")] = field(name="from")
    end: Annotated[LocalTimeText, Meta(description="When a run has ended at the latest.")] = field(name="to")
    timezone: Annotated[
        str | UnsetType, Meta(description="The zone of these times where it is not the organisation's, such as `UTC`.")
    ] = UNSET


class Parameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What fails: a Step Functions state machine, or any metric that counts failures."""

    state_machine: Annotated[
        StateMachine | UnsetType, Meta(description="Name of the AWS Step Functions state machine; `*` is a wildcard.")
    ] = UNSET
    outcomes: Annotated[
        Outcomes | UnsetType, Meta(description="Which ends of an execution are failures; all three by default.")
    ] = UNSET
    metric: Annotated[
        MetricName | UnsetType, Meta(description="A metric that counts failures, instead of `state_machine`.")
    ] = UNSET
    scope: Annotated[
        str | UnsetType, Meta(description="Which series count, beside the environment's scope: `job:nightly`.")
    ] = UNSET
    group_by: Annotated[
        list[GroupKey] | UnsetType, Meta(description="Tag keys; one alert for each combination of their values.")
    ] = UNSET
    runs: Annotated[RunTimes | UnsetType, Meta(description="When the batch runs, in local time.")] = UNSET
    delivery: Annotated[
        Literal["timeshift", "at_once", "schedule"],
        Meta(
            description="`timeshift` tells a night's failure in working hours, `at_once` as soon as its metric arrives."
        ),
    ] = "timeshift"
    notify_at: Annotated[
        LocalTimeText | UnsetType,
        Meta(description="When the first failure of a run may be told; the start of business hours by default."),
    ] = UNSET
    deadline: Annotated[
        LocalTimeText | UnsetType,
        Meta(description="By when somebody needs the result; a telling after it is refused."),
    ] = UNSET


class _Source(Struct, frozen=True):
    """The metrics whose sum counts the failures, and where they are read."""

    metrics: tuple[str, ...]
    scope: Scope


def monitors(parameters: Parameters, context: Context) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:
    """One monitor that alerts once on all failures of a run, for each group."""
    source = _source(parameters, context)
    metrics = source.metrics if isinstance(source, _Source) else ()
    lag = max((arrives_within(metric, context) for metric in metrics), default=_NO_TIME)
    telling = _DELIVERIES[parameters.delivery](parameters, context, lag)
    if isinstance(source, KindProblem) or isinstance(telling, KindProblem):
        return tuple(found for found in (source, telling) if isinstance(found, KindProblem))
    return (_monitor(source, telling, tuple(dict.fromkeys(parameters.group_by or ()))),)


def _monitor(source: _Source, telling: Telling, group_by: tuple[str, ...]) -> Monitor:
    leaves = (_leaf(metric, source.scope, group_by) for metric in source.metrics)
    query = MonitorQuery(
        aggregation=TimeAggregation("sum", window_lasting(telling.window)),
        expression=functools.reduce(
            functools.partial(Binary, "+"), (_shifted_by(telling.shift, leaf) for leaf in leaves)
        ),
        comparator=">",
        threshold=0,
    )
    return Monitor(
        type="query alert",
        query=print_query(query),
        options=_options(is_grouped=bool(group_by)),
        notify_when=("is_alert",),
        notes=telling.notes,
    )


def _options(*, is_grouped: bool) -> dict[str, Any]:
    """For sparse counts: a half-empty window is read, silence ends an alert, a new group's first failure counts."""
    options = {
        "thresholds": {"critical": 0},
        "on_missing_data": "resolve",
        "require_full_window": False,
        "include_tags": True,
    }
    # Datadog refuses new_group_delay on a monitor without groups.
    return {**options, "new_group_delay": 0} if is_grouped else options


def _leaf(metric: str, scope: Scope, group_by: tuple[str, ...]) -> MetricQuery:
    return MetricQuery(metric=metric, space="sum", scope=scope, group_by=group_by, modifiers=(AsCount(),))


def _shifted_by(shift: timedelta, leaf: MetricQuery) -> Expression:
    return Call("timeshift", (leaf, Number(-int(shift.total_seconds())))) if shift else leaf


# What is read.


def _source(parameters: Parameters, context: Context) -> _Source | KindProblem:
    if (parameters.state_machine is UNSET) == (parameters.metric is UNSET):
        found = "neither" if parameters.metric is UNSET else "both"
        return KindProblem(
            ("metric",) if found == "both" else (),
            "wrong-value" if found == "both" else "missing-field",
            f"a batch is named either by `state_machine` or by `metric`, found {found}",
            "write `state_machine: NAME` for AWS Step Functions, or `metric` with its `scope`",
        )
    if parameters.outcomes is not UNSET and parameters.metric is not UNSET:
        message = "`outcomes` are those of a state machine, found `metric`"
        return KindProblem(("outcomes",), "wrong-value", message, "remove `outcomes`; the metric says what is counted")
    scope = all_of(
        environment_scope(context),
        EVERYTHING if parameters.state_machine is UNSET else state_machine_scope(parameters.state_machine, context),
        written_scope(parameters.scope or "*", where=("scope",)),
    )
    return scope if isinstance(scope, KindProblem) else _Source(_metrics(parameters), scope)


def _metrics(parameters: Parameters) -> tuple[str, ...]:
    if parameters.metric is not UNSET:
        return (parameters.metric,)
    return tuple(executions_metric(outcome) for outcome in dict.fromkeys(parameters.outcomes or _OUTCOMES))


# When it is told.


def _at_once(parameters: Parameters, _context: Context, lag: timedelta) -> Telling | KindProblem:
    run = _NO_TIME if parameters.runs is UNSET else length(_time(parameters.runs.start), _time(parameters.runs.end))
    return told_at_once(run, lag=lag)


def _scheduled(_parameters: Parameters, _context: Context, _lag: timedelta) -> KindProblem:
    return KindProblem(
        ("delivery",),
        "not-supported",
        "`delivery: schedule` is not supported yet",
        "write `delivery: timeshift` to be told in the morning, or `delivery: at_once`",
    )


def _shifted(parameters: Parameters, context: Context, lag: timedelta) -> Telling | KindProblem:
    reading = office(context)
    if isinstance(reading, KindProblem):
        return reading
    runs = _runs(parameters, reading)
    if isinstance(runs, KindProblem):
        return runs
    notify_at = _notify_at(parameters, context)
    telling = told_from(notify_at, runs, reading)
    problem = (
        _nothing_to_shift(notify_at, runs, reading)
        or _too_early(notify_at, lag, telling.shift)
        or _too_late(parameters.deadline, runs, reading, telling.shift)
    )
    return problem or telling


_DELIVERIES = {"at_once": _at_once, "schedule": _scheduled, "timeshift": _shifted}


def _runs(parameters: Parameters, reading: Office) -> Runs | KindProblem:
    written = parameters.runs
    if written is UNSET:
        return KindProblem(
            (),
            "missing-field",
            "missing field `runs`: the shift is computed from when the batch runs",
            'write `runs: {from: "04:00", to: "05:30"}`, or `delivery: at_once` if it runs at any time',
        )
    if written.start == written.end:
        message = f"`runs.to` is `{written.end}`, as `runs.from`: the run takes no time"
        return KindProblem(("runs", "to"), "wrong-value", message, "write when a run has ended at the latest")
    zone = reading.zone if written.timezone is UNSET else zone_of(written.timezone, where=("runs", "timezone"))
    if isinstance(zone, KindProblem):
        return zone
    return Runs(_time(written.start), _time(written.end), zone)


def _notify_at(parameters: Parameters, context: Context) -> time:
    return context.business_hours[0] if parameters.notify_at is UNSET else _time(parameters.notify_at)


def _time(text: str) -> time:
    return of_minutes(parse_local_time(text))


def _nothing_to_shift(notify_at: time, runs: Runs, reading: Office) -> KindProblem | None:
    if not starts_at(notify_at, runs, reading):
        return None
    return KindProblem(
        ("notify_at",),
        "wrong-value",
        f"`notify_at` is `{clock(notify_at)}`, when the runs start: nothing is left to shift",
        "write a later time, or `delivery: at_once`",
    )


def _too_early(notify_at: time, lag: timedelta, shift: timedelta) -> KindProblem | None:
    if shift >= lag:
        return None
    return KindProblem(
        ("notify_at",),
        "wrong-value",
        f"`notify_at` is `{clock(notify_at)}`, {duration_words(shift)} after the runs start, "
        f"but the metric arrives within {duration_words(lag)}",
        "write a later time, or `delivery: at_once`",
    )


def _too_late(deadline: str | UnsetType, runs: Runs, reading: Office, shift: timedelta) -> KindProblem | None:
    if deadline is UNSET or not is_told_after(_time(deadline), shift, runs, reading):
        return None
    return KindProblem(
        ("deadline",),
        "told-too-late",
        f"the result is needed by {deadline}, but a failure is told at {told_words(shift, runs, reading)}",
        "write an earlier `notify_at`, or `delivery: at_once`",
    )
