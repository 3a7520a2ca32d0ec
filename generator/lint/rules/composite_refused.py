"""A composite monitor is made of what Datadog does not make one of.

No monitor of a composite may itself be a composite, and there are ten at most
(https://docs.datadoghq.com/monitors/types/composite/#select-monitors). Name the monitors of the inner composite in the
outer one, with its condition in parentheses.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.composites import composites
from generator.lint.rendered import Repository
from generator.lint.rule import Complaint, Elsewhere
from generator.query.inspection import references
from generator.render.model import Resource

SEVERITY = Severity.ERROR
REACH = "repository"

_MOST_MONITORS = 10


def findings(repository: Repository) -> Iterator[tuple[Resource, Complaint]]:
    for composite, members in composites(repository):
        inner = next((each for each in members if each.type == "composite"), None)
        count = len(references(composite.tree))
        if inner is not None:
            yield (
                composite.resource,
                Complaint(
                    f"`{inner.resource.tracking_id}` is a composite monitor itself",
                    ("query",),
                    hint="name its monitors instead, with its condition in parentheses",
                    related=(Elsewhere("it is here", ("query",), of=inner.resource),),
                ),
            )
        elif count > _MOST_MONITORS:
            message = f"the composite is of {count} monitors"
            yield composite.resource, Complaint(message, ("query",), hint=f"Datadog takes {_MOST_MONITORS} at most")
