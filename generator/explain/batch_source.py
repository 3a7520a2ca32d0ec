"""What a batch kind watches: a batch by its name, and the metrics that count how its runs end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from generator.explain.monitor import Context, KindProblem
from generator.explain.scopes import all_of, environment_scope, written_scope
from generator.explain.step_functions import executions_metric, state_machine_scope
from generator.query.nodes import EVERYTHING, Scope, Tag

BatchName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.*-]{1,128}$(?!\n)")]
MetricName = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.]{0,199}$(?!\n)")]
End = Literal["failed", "succeeded"]
Failure = Literal["failed", "timed_out", "aborted"]
FAILURES: tuple[Failure, ...] = ("failed", "timed_out", "aborted")

# StatsD timers reach Datadog as histograms, whose `.count` counts the runs: one timer a run, by how it ended.
_AIRFLOW = {"failed": "airflow.dagrun.duration.failed.count", "succeeded": "airflow.dagrun.duration.success.count"}
_COMPOSER = "gcp.composer.workflow.run_count"
_COMPOSER_STATES = {"failed": "failed", "succeeded": "success"}


class BatchSource(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The batch: one of these names it, and `scope` narrows it."""

    state_machine: Annotated[
        BatchName | UnsetType, Meta(description="Name of the AWS Step Functions state machine; `*` is a wildcard.")
    ] = UNSET
    lambda_function: Annotated[BatchName | UnsetType, Meta(description="Name of the AWS Lambda function.")] = UNSET
    airflow_dag: Annotated[
        BatchName | UnsetType,
        Meta(description="Id of the Airflow DAG, measured by the Agent's Airflow integration."),
    ] = UNSET
    composer_dag: Annotated[BatchName | UnsetType, Meta(description="Id of the DAG in Google Cloud Composer.")] = UNSET
    batch_job_queue: Annotated[
        BatchName | UnsetType, Meta(description="Name of the AWS Batch job queue; `metric` names what counts its jobs.")
    ] = UNSET
    task_family: Annotated[
        BatchName | UnsetType, Meta(description="Family of the ECS task; `metric` names what counts its runs.")
    ] = UNSET
    metric: Annotated[
        MetricName | UnsetType,
        Meta(description="The metric that counts, alone or for a source whose own metric is another or none."),
    ] = UNSET
    scope: Annotated[
        str | UnsetType, Meta(description="Which series count, beside the environment's scope: `job:nightly`.")
    ] = UNSET


class Counts(Struct, frozen=True):
    """Metrics whose sum, less the sum of `less`, counts runs; and the scope in which all are read."""

    metrics: tuple[str, ...]
    scope: Scope
    less: tuple[str, ...] = ()


class _Kind(Struct, frozen=True):
    """A source: its field, the tag key that carries the name, and whether `metric` may or must stand beside it."""

    field: str
    tag: str
    metric: Literal["never", "may", "must"] = "never"


_KINDS = (
    _Kind("state_machine", "statemachinearn"),
    _Kind("lambda_function", "functionname"),
    _Kind("airflow_dag", "dag_id", metric="may"),
    _Kind("composer_dag", "workflow_name"),
    _Kind("batch_job_queue", "jobqueuename", metric="must"),
    _Kind("task_family", "task_family", metric="must"),
)
SOURCE_TAGS = tuple(kind.tag for kind in _KINDS)
"""Tag keys by which one batch is told from another."""
_FIELDS = ", ".join(f"`{kind.field}`" for kind in _KINDS)


def failures(source: BatchSource, context: Context, outcomes: tuple[Failure, ...]) -> Counts | KindProblem:
    """What counts runs that failed; the outcomes are those of a state machine."""
    return _counts(source, context, "failed", tuple(executions_metric(outcome) for outcome in outcomes))


def successes(source: BatchSource, context: Context) -> Counts | KindProblem:
    """What counts runs that succeeded."""
    return _counts(source, context, "succeeded", (executions_metric("succeeded"),))


def longest_run_metric(source: BatchSource) -> str | None:
    """The metric that holds how many milliseconds the longest run took, known once it has ended."""
    if source.state_machine is not UNSET:
        return "aws.states.execution_time.maximum"
    return None if source.lambda_function is UNSET else "aws.lambda.duration.maximum"


def _counts(source: BatchSource, context: Context, end: End, of_executions: tuple[str, ...]) -> Counts | KindProblem:
    named = [kind for kind in _KINDS if getattr(source, kind.field) is not UNSET]
    problem = next(_problems(source, named), None)
    if problem is not None:
        return problem
    kind = named[0] if named else None
    scope = all_of(
        environment_scope(context),
        EVERYTHING if kind is None else _scope(kind, source, context, end),
        written_scope(source.scope or "*", where=("scope",)),
    )
    if isinstance(scope, KindProblem):
        return scope
    metrics, less = _metrics(kind, source, end, of_executions)
    return Counts(metrics, scope, less)


def _problems(source: BatchSource, named: list[_Kind]) -> Iterator[KindProblem]:
    if len(named) > 1:
        found = " and ".join(f"`{kind.field}`" for kind in named)
        message = f"a batch is named once, found {found}"
        yield KindProblem((named[1].field,), "wrong-value", message, f"keep one of {_FIELDS}")
    if not named and source.metric is UNSET:
        message = "nothing says which batch is watched"
        yield KindProblem((), "missing-field", message, f"name it by one of {_FIELDS}, or by `metric` with its `scope`")
    for kind in named:
        if kind.metric == "never" and source.metric is not UNSET:
            message = f"a batch is named by `{kind.field}`, whose metrics are known, or by `metric`, found both"
            yield KindProblem(("metric",), "wrong-value", message, "remove one of the two")
        if kind.metric == "must" and source.metric is UNSET:
            message = f"`{kind.field}` needs `metric`: no metric of Datadog's own is known to count its runs"
            yield KindProblem((kind.field,), "missing-field", message, "name the metric that counts them")


def _scope(kind: _Kind, source: BatchSource, context: Context, end: End) -> Scope | KindProblem:
    name = getattr(source, kind.field)
    if kind.field == "state_machine":
        return state_machine_scope(name, context)
    # Datadog writes the values of tags in small letters.
    tag = Tag(kind.tag, name.lower())
    return all_of(tag, Tag("state", _COMPOSER_STATES[end])) if kind.field == "composer_dag" else tag


def _metrics(
    kind: _Kind | None, source: BatchSource, end: End, of_executions: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The metrics to add up, and those to take away."""
    if source.metric is not UNSET:
        return (source.metric,), ()
    field = "" if kind is None else kind.field
    if field == "lambda_function":
        # Lambda counts calls and errors, not successes.
        errors = ("aws.lambda.errors",)
        return (errors, ()) if end == "failed" else (("aws.lambda.invocations",), errors)
    known = {"state_machine": of_executions, "airflow_dag": (_AIRFLOW[end],), "composer_dag": (_COMPOSER,)}
    return known[field], ()
