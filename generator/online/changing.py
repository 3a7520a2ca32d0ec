"""Which changes of a plan Datadog is asked about. Most plans change nothing, and then nothing else is imported."""

from __future__ import annotations

from generator.plan.model import Change, Plan
from generator.resources.types import resource_types


def asked_about(plan: Plan) -> tuple[Change, ...]:
    """The changes of what evaluates and tells, deletions apart."""
    types = resource_types()
    return tuple(each for each in plan.changes if each.after is not None and types[each.resource].alerts)
