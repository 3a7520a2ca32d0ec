"""What became of each change of a plan."""

from __future__ import annotations

import enum

import msgspec

from generator.plan.model import Action, Change


class Status(enum.Enum):
    """`done` was written now, `already` needed nothing; in all others the live resource is not as planned.

    `moved` has changed since the plan was made and was left alone, `held` is not what was reviewed, `refused` was
    not taken by Datadog, `failed` got no answer that tells, `skipped` waits for another change that was not carried
    out, `interrupted` was not begun or not finished.
    """

    DONE = "done"
    ALREADY = "already"
    MOVED = "moved"
    HELD = "held"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"
    INTERRUPTED = "interrupted"


AS_PLANNED = frozenset((Status.DONE, Status.ALREADY))


class Outcome(msgspec.Struct, frozen=True):
    """`id` is the Datadog id after the change, `message` what a person should know."""

    tracking_id: str
    resource: str
    action: Action
    status: Status
    id: str | None = None
    message: str = ""

    @property
    def is_as_planned(self) -> bool:
        return self.status in AS_PLANNED


class Outcomes(msgspec.Struct, frozen=True):
    """One outcome for each change, in the order of the plan."""

    outcomes: tuple[Outcome, ...]

    @property
    def counts(self) -> dict[str, int]:
        counts = {status.value: 0 for status in Status}
        for outcome in self.outcomes:
            counts[outcome.status.value] += 1
        return counts

    @property
    def are_as_planned(self) -> bool:
        return all(outcome.is_as_planned for outcome in self.outcomes)

    @property
    def were_interrupted(self) -> bool:
        return any(outcome.status is Status.INTERRUPTED for outcome in self.outcomes)


def outcome_of(change: Change, status: Status, message: str = "", *, id: str | None = None) -> Outcome:  # noqa: A002 - Outcome's own field
    return Outcome(change.tracking_id, change.resource, change.action, status, id or change.id, message)
