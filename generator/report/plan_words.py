"""The plan as a whole in words, and what of a large plan is shown first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from generator.plan.model import Action, Change, Obstacle, Plan, summary
from generator.resources.tracking import is_tracking_id, service_of

_MOST_NOTABLE_FIRST = (Action.DELETE, Action.REPLACE, Action.UPDATE, Action.ADOPT, Action.CREATE)


def summary_words(plan: Plan) -> str:
    """`3 to create, 1 to update, 120 unchanged.`, or that there is nothing to do."""
    if not plan.changes:
        return _nothing_to_do(plan)
    counts = summary(plan)
    unchanged = counts.pop("unchanged")
    told = [*action_words(counts), *([f"{unchanged:,} unchanged"] if unchanged else [])]
    return f"{', '.join(told)}."


def action_words(counts: dict[str, int]) -> list[str]:
    return [f"{number:,} to {action}" for action, number in counts.items() if number]


def counted_actions(changes: Sequence[Change]) -> str:
    counts = Counter(change.action for change in changes)
    return ", ".join(action_words({action.value: counts[action] for action in Action}))


def blocked_words(plan: Plan) -> str:
    """That the plan cannot be synced, empty where it can."""
    blocking = sum(obstacle.blocks for obstacle in plan.obstacles)
    if not blocking:
        return ""
    return f"{blocking:,} {'obstacle stands' if blocking == 1 else 'obstacles stand'} in the way of a sync."


def review_digest(plan: Plan) -> str:
    """The digest by which the plan is reviewed; empty where nothing in it needs that."""
    return plan.digest if any(obstacle.needs_review for obstacle in plan.obstacles) else ""


def most_notable_first(changes: Sequence[Change]) -> list[int]:
    """Positions, of deletes before those of creates: what is cut from a large plan must not be what could hurt."""
    return sorted(range(len(changes)), key=lambda position: _MOST_NOTABLE_FIRST.index(changes[position].action))


def by_service(changes: Sequence[Change], positions: Collection[int]) -> dict[str, list[int]]:
    """Positions of each service's changes, in the plan's order; services sorted."""
    groups: dict[str, list[int]] = {}
    for position in sorted(positions):
        groups.setdefault(service(changes[position]), []).append(position)
    return dict(sorted(groups.items()))


def others(changes: Sequence[Change], positions: Collection[int]) -> list[Change]:
    """The changes at none of these positions."""
    return [change for position, change in enumerate(changes) if position not in positions]


def service(change: Change) -> str:
    return service_of(change.tracking_id) if is_tracking_id(change.tracking_id) else "(no service)"


def blocking_first(obstacles: Sequence[Obstacle]) -> list[Obstacle]:
    return sorted(obstacles, key=lambda obstacle: (not obstacle.blocks, not obstacle.needs_review))


def _nothing_to_do(plan: Plan) -> str:
    if blocked_words(plan) or plan.drift:
        return f"Nothing planned; {plan.unchanged:,} unchanged."
    if not plan.unchanged:
        return "Nothing to do: there are no resources."
    if plan.unchanged == 1:
        return "Nothing to do: 1 resource is as it should be."
    return f"Nothing to do: {plan.unchanged:,} resources are as they should be."
