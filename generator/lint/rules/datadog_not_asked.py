"""Datadog could not be asked about a monitor that would change.

It did not answer, refused the question, or the keys may not ask it. That says nothing about the monitor: the plan is
complete without the answer, and a sync goes by what Datadog says then. Ask again later with `toban lint --online`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.answers import Answers
from generator.lint.rendered import Repository
from generator.lint.rule import Complaint
from generator.render.model import Resource

SEVERITY = Severity.NOTICE
REACH = "online"


def findings(repository: Repository, answers: Answers) -> Iterator[tuple[Resource, Complaint]]:
    """One for each reason, at its first monitor."""
    by_reason: dict[str, list[Resource]] = {}
    for resource in repository.resources:
        if resource.tracking_id in answers.unasked:
            by_reason.setdefault(answers.unasked[resource.tracking_id], []).append(resource)
    for reason, resources in by_reason.items():
        more = f" and {len(resources) - 1} more" if len(resources) > 1 else ""
        message = f"Datadog could not be asked about `{resources[0].tracking_id}`{more}: {reason}"
        yield resources[0], Complaint(message, (), "ask again later: toban lint --online")
