"""Makes the plan: what desired and live make of each other, what is decided of it, and what stands against that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.plan.decision import decision
from generator.plan.digest import desired_digest, signed
from generator.plan.model import Change, Plan
from generator.plan.obstacles import obstacles
from generator.plan.options import PlanOptions
from generator.plan.situation import situation
from generator.render.model import Resource
from generator.resources.references import references
from generator.resources.types import Payload, resource_types

__all__ = ["PlanOptions", "plan"]


def plan(desired: Sequence[Resource], live: Mapping[str, Sequence[Payload]], options: PlanOptions) -> Plan:
    """Plan what makes `live`, by resource type, equal `desired`. Both are complete: `options.only` narrows the plan."""
    found = situation(desired, live, options)
    decided = decision(found, options)
    return signed(
        Plan(
            workspace=options.workspace,
            changes=decided.in_order(found),
            unchanged=decided.unchanged,
            obstacles=tuple(obstacles(found, decided, options)),
            digest="",
            desired_digest=desired_digest(found.ready.canonical),
            references=_referred(decided.writes, found.linked.ids),
            drift=tuple(sorted(decided.drift, key=lambda each: (each.tracking_id, each.resource, each.id or ""))),
        )
    )


def _referred(writes: Sequence[Change], ids: Mapping[str, str]) -> dict[str, str]:
    types = resource_types()
    referring = (each.after for each in writes if each.after is not None and types[each.resource].may_refer(each.after))
    names = {name for after in referring for name in references(after)} if ids else set()
    return {name: ids[name] for name in sorted(names & ids.keys())}
