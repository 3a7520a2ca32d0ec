"""The CPU of ECS Fargate tasks in percent of what the task may use: 100 is a full task of any size.

It is never divided by the CPUs that a container sees: tasks of 0.25, 0.5 and 1 vCPU all see two, and a full one would
read 12 %. Only the task's own limit is a cap; that of a container is a weight among its neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from generator.explain.durations import window_lasting
from generator.explain.monitor import Context, KindProblem, Monitor
from generator.explain.scopes import all_of, environment_scope, written_scope
from generator.explain.task_tags import GroupKey, TaskFamily, is_of_container, scope_keys
from generator.explain.thresholds import Thresholds, number_words, threshold_options, threshold_problems
from generator.explain.written_options import thresholds_and_window
from generator.query.nodes import (
    EVERYTHING,
    Binary,
    Expression,
    MetricQuery,
    MonitorQuery,
    Number,
    Scope,
    Tag,
    TimeAggregation,
)
from generator.query.printer import print_query
from generator.schedule.fields import DurationText, parse_duration

DECIDED_BY = ("scope",)
"""What of the monitor's surroundings it reads."""


class CheckMetrics(Struct, frozen=True):
    """What this repository's Agent check sends for each task, tagged `task_arn`, `task_family` and `ecs_cluster_name`.

    `percent` is of the task's limit, at most 100; `cores` is what is used, never cut; `limit_cores` is the task's vCPU.
    """

    percent: str
    cores: str
    limit_cores: str


CHECK_METRICS = CheckMetrics(
    percent="toban.fargate.cpu.task.percent",
    cores="toban.fargate.cpu.task.cores",
    limit_cores="toban.fargate.cpu.task.limit_cores",
)

Source = Literal["task_limit", "stock_percent", "container", "custom_check"]
Tasks = Literal["each", "together"]
GroupKeys = Annotated[list[GroupKey], Meta(min_length=1)]

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
_TASK_SIZES = (0.25, 0.5, 1, 2, 4, 8, 16)
_CPU_UNITS = 1024
_TASK = "task_arn"
_STABLE_KEYS = ("ecs_cluster_name", "task_family")
_BY_TASK = f"name `{_TASK}` or what tasks share: {', '.join(f'`{each}`' for each in _STABLE_KEYS)}"
_KEYS_OF_EVERY_TASK = frozenset({*_STABLE_KEYS, _TASK})
_SHORTEST_WINDOW, _LONGEST_WINDOW = timedelta(minutes=5), timedelta(hours=24)
# A task that starts compiles and warms up; Datadog's own monitor of Fargate CPU waits as long.
_NEW_TASK_SECONDS = 300
# Datadog's advice where one metric is divided by another, which may come a moment later.
_DIVISION_DELAY_SECONDS = 60


class Percents(Thresholds, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a task uses too much of what it may use; from 1 to below 100."""

    critical: Annotated[float, Meta(description="Alerts above this percent of the task's limit.")]


class Parameters(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which tasks, and how full they may be."""

    thresholds: Annotated[Percents, Meta(description="Percent of what the task may use, such as `{critical: 90}`.")]
    task_family: Annotated[
        TaskFamily | UnsetType,
        Meta(description="Family of the task definition; `*` is a wildcard. All tasks by default."),
    ] = UNSET
    scope: Annotated[
        str | UnsetType, Meta(description="Which tasks, beside the environment's scope: `ecs_cluster_name:web`.")
    ] = UNSET
    source: Annotated[
        Source,
        Meta(
            description=(
                "`task_limit`: ecs.fargate.cpu.usage by ecs.fargate.cpu.task.limit. `stock_percent`: "
                "ecs.fargate.cpu.percent, 100 a core, by `vcpu`. `container`: the Agent's container.cpu.usage. "
                "`custom_check`: this repository's Agent check."
            )
        ),
    ] = "task_limit"
    vcpu: Annotated[
        float | UnsetType, Meta(description="The task's size, such as 0.25 or 4; only for `source: stock_percent`.")
    ] = UNSET
    tasks: Annotated[
        Tasks,
        Meta(description="`each` alerts on one full task, `together` on the tasks of a group as if they were one."),
    ] = "each"
    group_by: Annotated[
        GroupKeys | UnsetType,
        Meta(description="Tag keys to notify by; `ecs_cluster_name` and `task_family` by default."),
    ] = UNSET
    window: Annotated[
        DurationText, Meta(description="Over how long the percent is averaged, from `5m` to `24h`; `15m` by default.")
    ] = "15m"


Leaf = Callable[[str, str], MetricQuery]


class _Reading(Struct, frozen=True):
    """How a source is read. `by_task`: its series must be kept apart by task; `divides`: one metric by another."""

    expression: Callable[[Leaf, float], Expression]
    by_task: bool = False
    divides: bool = False


def monitors(parameters: Parameters, context: Context) -> tuple[Monitor, ...] | tuple[KindProblem, ...]:
    """One monitor: the percent of the task's limit, for each group."""
    scope = _scope(parameters, context)
    problems = (*((scope,) if isinstance(scope, KindProblem) else ()), *_problems(parameters))
    if isinstance(scope, KindProblem) or problems:
        return problems
    reading = _READINGS[parameters.source, parameters.tasks]
    keys = tuple(dict.fromkeys(parameters.group_by or _STABLE_KEYS))
    evaluated = keys if _TASK in keys or not reading.by_task else (*keys, _TASK)

    def leaf(space: str, metric: str) -> MetricQuery:
        return MetricQuery(metric, space, scope, evaluated)

    query = MonitorQuery(
        TimeAggregation("avg", window_lasting(parse_duration(parameters.window))),
        reading.expression(leaf, 1 if parameters.vcpu is UNSET else parameters.vcpu),
        ">",
        parameters.thresholds.critical,
    )
    options = _options(parameters, reading, keys=keys, evaluated=evaluated)
    return (Monitor("query alert", print_query(query), options, notes=tuple(_notes(parameters, evaluated))),)


def _scope(parameters: Parameters, context: Context) -> Scope | KindProblem:
    # Datadog writes the values of tags in small letters.
    family = EVERYTHING if parameters.task_family is UNSET else Tag("task_family", parameters.task_family.lower())
    return all_of(environment_scope(context), family, written_scope(parameters.scope or "*", where=("scope",)))


def _options(
    parameters: Parameters, reading: _Reading, *, keys: tuple[str, ...], evaluated: tuple[str, ...]
) -> dict[str, Any]:
    """For groups that come and go: what stopped is OK, what starts is not judged at once, few are told of many."""
    thresholds = parameters.thresholds
    return {
        "thresholds": threshold_options(thresholds, thresholds.critical),
        # By default a group keeps its last state: a task that was stopped while full would stay red.
        "on_missing_data": "resolve",
        "require_full_window": False,
        "include_tags": True,
        **({"evaluation_delay": _DIVISION_DELAY_SECONDS} if reading.divides else {}),
        **({"new_group_delay": _NEW_TASK_SECONDS} if _TASK in evaluated else {}),
        **({"notify_by": list(keys)} if keys != evaluated else {}),
    }


# Sources. Each is 0 to 100; `vcpu` counts for the stock percent only.


def _percent(used: Expression, limit: Expression) -> Expression:
    return Binary("*", Binary("/", used, limit), Number(100))


def _usage_of_task_limit(leaf: Leaf, _vcpu: float) -> Expression:
    """Nanocores by nanocores: one series a container by one a task."""
    return _percent(leaf("sum", "ecs.fargate.cpu.usage"), leaf("sum", "ecs.fargate.cpu.task.limit"))


def _stock_percent_of_cores(leaf: Leaf, vcpu: float) -> Expression:
    """100 a core, as `docker stats` counts, by the cores that the task may use."""
    return Binary("/", leaf("sum", "ecs.fargate.cpu.percent"), Number(vcpu))


def _container_usage_of_limit(leaf: Leaf, _vcpu: float) -> Expression:
    """On Fargate each container repeats the task's limit, so that a sum of limits counts it once a container."""
    return _percent(leaf("sum", "container.cpu.usage"), leaf("max", "container.cpu.limit"))


def _percent_by_the_check(leaf: Leaf, _vcpu: float) -> Expression:
    """One series a task: over all tasks, `max` would average a maximum that passes from one to the next."""
    return leaf("max", CHECK_METRICS.percent)


def _cores_of_limit(leaf: Leaf, _vcpu: float) -> Expression:
    return _percent(leaf("sum", CHECK_METRICS.cores), leaf("sum", CHECK_METRICS.limit_cores))


_READINGS: dict[tuple[Source, Tasks], _Reading] = {
    ("task_limit", "each"): _Reading(_usage_of_task_limit, by_task=True, divides=True),
    ("task_limit", "together"): _Reading(_usage_of_task_limit, divides=True),
    ("stock_percent", "each"): _Reading(_stock_percent_of_cores, by_task=True),
    ("container", "each"): _Reading(_container_usage_of_limit, by_task=True, divides=True),
    ("custom_check", "each"): _Reading(_percent_by_the_check, by_task=True),
    ("custom_check", "together"): _Reading(_cores_of_limit, divides=True),
}


# What a person should know.


def _notes(parameters: Parameters, evaluated: tuple[str, ...]) -> Iterator[str]:
    if parameters.vcpu is not UNSET:
        size = number_words(parameters.vcpu)
        yield f"Right only while each of these tasks has {size} vCPU: after a resize, change `vcpu`."
    if parameters.tasks == "together":
        yield "The tasks of a group count as one: a full one can hide behind idle ones."
    if _TASK in evaluated:
        yield "Each task is judged by itself, from 5 minutes after it starts; one that stops is OK."
    unsure = [key for key in evaluated if key not in _KEYS_OF_EVERY_TASK]
    if unsure:
        named = ", ".join(f"`{key}`" for key in unsure)
        yield f"Tasks whose metrics lack the tag {named} are not watched."


# What is wrong.


def _problems(parameters: Parameters) -> Iterator[KindProblem]:
    yield from _range_problems(parameters.thresholds)
    yield from threshold_problems(parameters.thresholds, ">", parameters.thresholds.critical)
    yield from _size_problems(parameters)
    yield from _tag_problems(parameters)
    if (parameters.source, parameters.tasks) not in _READINGS:
        message = f"`tasks: together` needs a limit for each task, which `source: {parameters.source}` has not"
        yield KindProblem(("tasks",), "wrong-value", message, "remove `tasks`, or write `source: task_limit`")
    window = parse_duration(parameters.window)
    if not _SHORTEST_WINDOW <= window <= _LONGEST_WINDOW or window % timedelta(minutes=1):
        message = f"`window` is `{parameters.window}`, not whole minutes from `5m` to `24h`"
        hint = "write `15m`: the Agent's usage can be off by half at one point, and is right on average"
        yield KindProblem(("window",), "wrong-value", message, hint)


def _range_problems(thresholds: Percents) -> Iterator[KindProblem]:
    for name in ("critical", "warning", "critical_recovery", "warning_recovery"):
        value: float | UnsetType = getattr(thresholds, name)
        if value is UNSET or 1 <= value < 100:
            continue
        message = f"`{name}` is `{number_words(value)}`, not a percent from 1 to below 100"
        if 0 < value < 1:
            hint = f"write `{number_words(round(value * 100, 6))}`: thresholds are percent, not a share"
        else:
            hint = "100 is a full task of any size, and nothing is above it; write a number such as `90`"
        yield KindProblem(("thresholds", name), "wrong-threshold", message, hint)


def _size_problems(parameters: Parameters) -> Iterator[KindProblem]:
    vcpu, sizes = parameters.vcpu, ", ".join(map(number_words, _TASK_SIZES))
    if parameters.source != "stock_percent":
        if vcpu is not UNSET:
            message = f"`vcpu` is for `source: stock_percent`; `{parameters.source}` reads the task's own limit"
            yield KindProblem(("vcpu",), "wrong-value", message, "remove `vcpu`")
        return
    if vcpu is UNSET:
        message = "missing field `vcpu`: `ecs.fargate.cpu.percent` is 100 a core and does not know the task's size"
        yield KindProblem((), "missing-field", message, f"write the task's size: {sizes}")
    elif vcpu not in _TASK_SIZES:
        is_units = vcpu / _CPU_UNITS in _TASK_SIZES
        meant = f"{number_words(vcpu)} CPU units are {number_words(vcpu / _CPU_UNITS)} vCPU" if is_units else sizes
        message = f"`vcpu` is `{number_words(vcpu)}`, which is no size of a Fargate task"
        yield KindProblem(("vcpu",), "wrong-value", message, meant if is_units else f"sizes are {meant}")
    if not any(str(each or "*").strip("* ") for each in (parameters.task_family, parameters.scope)):
        message = "`source: stock_percent` without `task_family` or `scope` divides tasks of all sizes by one `vcpu`"
        yield KindProblem(("source",), "missing-field", message, "add `task_family`, or write `source: task_limit`")


def _tag_problems(parameters: Parameters) -> Iterator[KindProblem]:
    scope = written_scope(parameters.scope or "*", where=("scope",))
    for key in () if isinstance(scope, KindProblem) else scope_keys(scope):
        if is_of_container(key):
            message = f"`scope` names `{key}`, a tag of containers, which the task's limit does not have"
            yield KindProblem(("scope",), "wrong-value", message, _BY_TASK)
    for index, key in enumerate(parameters.group_by or ()):
        if is_of_container(key):
            message = f"`group_by` names `{key}`, but the limit is the task's: a container may use all of it"
            yield KindProblem(("group_by", index), "wrong-value", message, _BY_TASK)
        elif key == _TASK and parameters.tasks == "together":
            message = f"`group_by` names `{_TASK}`, by which no tasks are together"
            yield KindProblem(("group_by", index), "wrong-value", message, f"remove `{_TASK}` or `tasks: together`")


def fields_of(monitor: Mapping[str, Any], _written: Mapping[str, Any]) -> dict[str, Any]:
    """Its thresholds and its window, as far as they can be read off it."""
    return thresholds_and_window(monitor)
