"""What a batch kind watches: a batch by its name, and the metrics that count how its runs end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from generator.explain.monitor import Context, KindProblem
from generator.explain.scopes import all_of, environment_scope, written_scope
from generator.explain.step_functions import executions_metric, state_machine_scope
from generator.query.nodes import EVERYTHING, MetricQuery, Scope, Tag
from generator.query.printer import print_query

BatchName = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_.*-]{1,128}$(?!\n)",
        title="a name of letters, digits, `.`, `_` and `-`, such as `nightly-export`; `*` is a wildcard",
    ),
]
MetricName = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z][A-Za-z0-9_.]{0,199}$(?!\n)", title="the name of a metric, such as `nightly.jobs.failed`"),
]
TagKey = Annotated[
    str, Meta(pattern=r"^[A-Za-z@][A-Za-z0-9_./@-]{0,199}$(?!\n)", title="the key of a tag, such as `stage`")
]
TagValue = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9_.*-]{1,100}$(?!\n)", title="the value of a tag, such as `success`")
]
End = Literal["failed", "succeeded"]
Failure = Literal["failed", "timed_out", "aborted"]
FAILURES: tuple[Failure, ...] = ("failed", "timed_out", "aborted")

# StatsD timers reach Datadog as histograms, whose `.count` counts the runs: one timer a run, by how it ended.
_AIRFLOW = {"failed": "airflow.dagrun.duration.failed.count", "succeeded": "airflow.dagrun.duration.success.count"}
_COMPOSER = "gcp.composer.workflow.run_count"
# Google names `failed` in its filters; `success` follows from Airflow's own word.
_COMPOSER_STATES = {"failed": "failed", "succeeded": "success"}
# AWS/Events counts for each rule what it matches, and Datadog names the metrics of CloudWatch after AWS's:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
_MATCHES = "aws.events.triggered_rules"
_CALLS = "aws.lambda.invocations"
_RULE = "rulename"


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
        BatchName | UnsetType,
        Meta(description="Name of the AWS Batch job queue; needs `event_rule` or `metric`, which count its jobs."),
    ] = UNSET
    task_family: Annotated[
        BatchName | UnsetType,
        Meta(description="Family of the ECS task; needs `event_rule` or `metric`, which count its runs."),
    ] = UNSET
    event_rule: Annotated[
        BatchName | UnsetType,
        Meta(
            description="Name of the EventBridge rule that matches the ends that count: for a failure the runs that "
            "fail, for a delay those that succeed."
        ),
    ] = UNSET
    metric: Annotated[
        MetricName | UnsetType,
        Meta(description="The metric that counts, alone or for a source whose own metric is another or none."),
    ] = UNSET
    name_tag: Annotated[
        TagKey | UnsetType,
        Meta(description="Tag key under which Datadog has the batch's name, where it is not toban's."),
    ] = UNSET
    composer_state: Annotated[
        TagValue | UnsetType,
        Meta(
            description="What the tag `state` of a DAG's counted runs says: `failed`, and for a delay `success`, which "
            "is not confirmed."
        ),
    ] = UNSET
    scope: Annotated[
        str | UnsetType, Meta(description="Which series count, beside the environment's scope: `job:nightly`.")
    ] = UNSET


class Counts(Struct, frozen=True):
    """Metrics whose sum, less the sum of `less`, counts runs; their scope; what people must know.

    Of each of the `heartbeats` one query has points as long as the batch runs, however its runs end; or none is known.
    `batch` are tags of which each names it, equal for both ends of its runs, and under whatever tag Datadog has it.
    """

    metrics: tuple[str, ...]
    scope: Scope
    less: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    heartbeats: tuple[tuple[str, ...], ...] = ()
    batch: tuple[str, ...] = ()


class _Kind(Struct, frozen=True):
    """A source: its field, the tag key that carries the name, whether `metric` may stand beside it.

    With `by_rule` an EventBridge rule counts its ends: no metric of Datadog's own does. A made-up name of a rule would
    be a monitor that is silent for ever, so people write it.
    """

    field: str
    tag: str
    takes_metric: bool = True
    by_rule: bool = False


_EVENT_RULE = _Kind("event_rule", _RULE)
_COMPOSER_DAG = _Kind("composer_dag", "workflow_name")
_KINDS = (
    _Kind("state_machine", "statemachinearn", takes_metric=False),
    _Kind("lambda_function", "functionname", takes_metric=False),
    _Kind("airflow_dag", "dag_id"),
    _COMPOSER_DAG,
    _Kind("batch_job_queue", "jobqueuename", by_rule=True),
    _Kind("task_family", "task_family", by_rule=True),
    _EVENT_RULE,
)
_TAGS = frozenset(kind.tag for kind in _KINDS)
_FIELDS = ", ".join(f"`{kind.field}`" for kind in _KINDS)


def batch_named_by(tag: Tag) -> Tag | None:
    """The tag by which one batch is told from another, None for other tags; the same for rules of both ends."""
    if tag.key != _RULE or tag.value is None:
        return tag if tag.key in _TAGS else None
    return Tag(tag.key, tag.value.removesuffix("-failed").removesuffix("-succeeded"))


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
    kinds = named_by = [kind for kind in _KINDS if getattr(source, kind.field) is not UNSET]
    if len(kinds) > 1 and kinds[0].by_rule and kinds[1] is _EVENT_RULE:
        kinds = kinds[1:]
    problem = next(_problems(source, kinds), None)
    if problem is not None:
        return problem
    kind = kinds[0] if kinds else None
    named = EVERYTHING if kind is None else _scope(kind, source, context, end)
    scope = _around(named, source, context)
    if isinstance(scope, KindProblem):
        return scope
    metrics, less = _metrics(kind, source, end, of_executions)
    alive: Scope | KindProblem = scope
    if source.composer_dag is not UNSET:
        alive = _around(_tag(_COMPOSER_DAG, source), source, context)
    heartbeats = _heartbeats("" if kind is None else kind.field, source, end, alive)
    notes = tuple(_notes(source, end))
    batch = tuple(sorted({tag for each in named_by for tag in _batch_tags(each, source, named)}))
    return Counts(metrics, scope, less, notes=notes, heartbeats=heartbeats, batch=batch)


def _batch_tags(kind: _Kind, source: BatchSource, named: Scope | KindProblem) -> Iterator[str]:
    """The name under its usual tag; under that which people write, the two ends of its runs have it as well."""
    value = named.value if kind.field == "state_machine" and isinstance(named, Tag) else getattr(source, kind.field)
    found = batch_named_by(Tag(kind.tag, str(value).lower()))
    if found is not None:
        yield f"{found.key}:{found.value}"


def _around(named: Scope | KindProblem, source: BatchSource, context: Context) -> Scope | KindProblem:
    """What names the batch, in the environment and in the scope that is written."""
    return all_of(environment_scope(context), named, written_scope(source.scope or "*", where=("scope",)))


def _problems(source: BatchSource, named: list[_Kind]) -> Iterator[KindProblem]:
    if len(named) > 1:
        found = " and ".join(f"`{kind.field}`" for kind in named)
        message = f"a batch is named once, found {found}"
        yield KindProblem((named[1].field,), "wrong-value", message, f"keep one of {_FIELDS}")
    if not named and source.metric is UNSET:
        message = "nothing says which batch is watched"
        yield KindProblem((), "missing-field", message, f"name it by one of {_FIELDS}, or by `metric` with its `scope`")
    if not named and source.name_tag is not UNSET:
        message = "`name_tag` is the tag of a batch's name, and this batch has none"
        yield KindProblem(("name_tag",), "wrong-value", message, "write the tag in `scope`: `job:nightly`")
    if source.composer_state is not UNSET and source.composer_dag is UNSET:
        message = "`composer_state` is for `composer_dag`, and this batch is none"
        yield KindProblem(("composer_state",), "wrong-value", message, "remove it; write other tags in `scope`")
    if named and named[0].by_rule and source.metric is UNSET:
        message = f"no metric of Datadog's counts how runs of a `{named[0].field}` end"
        hint = "write `event_rule`, the EventBridge rule that matches the ends that count, or your own `metric`"
        yield KindProblem((named[0].field,), "missing-field", message, hint)
    for kind in named:
        if source.metric is not UNSET and not kind.takes_metric:
            message = f"a batch is named by `{kind.field}`, whose metrics are known, or by `metric`, found both"
            yield KindProblem(("metric",), "wrong-value", message, "remove one of the two")


def _scope(kind: _Kind, source: BatchSource, context: Context, end: End) -> Scope | KindProblem:
    if kind.field == "state_machine":
        found = state_machine_scope(str(source.state_machine), context)
        return found if isinstance(found, KindProblem) else Tag(source.name_tag or found.key, found.value)
    tag = _tag(kind, source)
    if kind is not _COMPOSER_DAG:
        return tag
    return all_of(tag, Tag("state", source.composer_state or _COMPOSER_STATES[end]))


def _tag(kind: _Kind, source: BatchSource) -> Tag:
    # Datadog writes the values of tags in small letters.
    return Tag(source.name_tag or kind.tag, getattr(source, kind.field).lower())


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
        return (errors, ()) if end == "failed" else ((_CALLS,), errors)
    known = {"state_machine": of_executions, "airflow_dag": (_AIRFLOW[end],), "composer_dag": (_COMPOSER,)}
    return known.get(field, (_MATCHES,)), ()


def _heartbeats(field: str, source: BatchSource, end: End, scope: Scope | KindProblem) -> tuple[tuple[str, ...], ...]:
    """A metric of one's own that counts failures, and a rule that matches them, are silent while all is well."""
    if isinstance(scope, KindProblem):
        return ()
    known = {
        "state_machine": (executions_metric("started"),),
        "lambda_function": (_CALLS,),
        "airflow_dag": tuple(_AIRFLOW.values()),
        "composer_dag": (_COMPOSER,),
    }
    metrics = known.get(field, () if end == "failed" else (_MATCHES,))
    if source.metric is not UNSET:
        metrics = () if end == "failed" else (source.metric,)
    queries = tuple(print_query(MetricQuery(metric, "sum", scope)) for metric in metrics)
    return (queries,) if queries else ()


def _notes(source: BatchSource, end: End) -> Iterator[str]:
    if source.event_rule is not UNSET and source.metric is UNSET:
        ends = "fail" if end == "failed" else "succeed"
        rule = source.event_rule
        yield f"Counts what the EventBridge rule `{rule}` matches: it has to exist, and to match runs that {ends}."
