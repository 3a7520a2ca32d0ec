"""AWS Step Functions as Datadog's integration tags them; what the batch kinds share."""

from __future__ import annotations

from typing import Literal

from generator.explain.monitor import Context, KindProblem
from generator.query.nodes import Tag

# Datadog writes the values of tags in small letters, so the ARN's `stateMachine` and name are too.
_RESOURCE = "statemachine"
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"))

Outcome = Literal["failed", "timed_out", "aborted", "succeeded", "started"]


def executions_metric(outcome: Outcome) -> str:
    return f"aws.states.executions_{outcome}"


def state_machine_scope(name: str, context: Context) -> Tag | KindProblem:
    """The tag of one state machine, or of several with a wildcard, in the environment's account and region."""
    if not context.aws_account or not context.aws_region:
        return KindProblem(
            field=("state_machine",),
            rule="missing-account",
            message=f"environment `{context.environment}` names no AWS account and region, by which `{name}` is found",
            hint='add `aws: {account: "111122223333", region: ap-northeast-1}` to the environment in organization.yaml',
        )
    partition = next((found for prefix, found in _PARTITIONS if context.aws_region.startswith(prefix)), "aws")
    parts = ("arn", partition, "states", context.aws_region, context.aws_account, _RESOURCE, name)
    return Tag("statemachinearn", ":".join(parts).lower())
