"""What is to be done about one pair of desired and live."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.plan.diff import field_changes
from generator.plan.matching import Match, Pair
from generator.plan.model import Action, Change
from generator.plan.options import PlanOptions
from generator.resources.references import resolved
from generator.resources.types import Payload, ResourceType, resource_types

Ids = Mapping[str, str]

REPLACED = (
    "Datadog cannot change this in place: a new one is created, what refers to it is changed, "
    "then the old one is deleted; its history, its mutes and links to it stay behind."
)
LEFTOVER = "An earlier sync has replaced it and stopped before it deleted the old one."


def is_replaced(pair: Pair) -> bool:
    if pair.live is None:
        return False
    identity = resource_types()[pair.desired.resource].identity
    return identity(pair.live) != identity(pair.desired.payload)


def is_past(pair: Pair, options: PlanOptions) -> bool:
    """Say whether it is not live and need not be: its time is over."""
    if pair.match is not Match.NEW or options.now is None:
        return False
    return resource_types()[pair.desired.resource].is_over(pair.desired.payload, options.now)


def change_of(pair: Pair, ids: Ids) -> Change | None:
    """Give None where nothing is to be done. `ids` are those that stay as they are."""
    if pair.match is Match.REFUSED:
        return None
    resource_type = resource_types()[pair.desired.resource]
    if pair.live is None:
        return _change(resource_type, pair, Action.CREATE)
    payload = pair.desired.payload
    wanted = resolved(payload, ids) if resource_type.may_refer(payload) else payload
    before, after = resource_type.comparable(pair.live, wanted), resource_type.comparable(wanted, wanted)
    if before == after:
        return None
    return _change(resource_type, pair, _action(pair), before=before, after=after)


def _action(pair: Pair) -> Action:
    if pair.match is Match.ADOPTED:
        return Action.ADOPT
    return Action.REPLACE if is_replaced(pair) else Action.UPDATE


def _change(
    resource_type: ResourceType,
    pair: Pair,
    action: Action,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> Change:
    desired, live = pair.desired, pair.live
    borne = resource_type.tracking_id(live) if live is not None else None
    return Change(
        action,
        desired.resource,
        desired.tracking_id,
        resource_type.title(desired.payload),
        id=str(live["id"]) if live is not None else None,
        before=before,
        after=desired.payload,
        fields=field_changes(before, after, resource_type.unordered) if before and after else (),
        previous_id=borne if borne != desired.tracking_id else None,
        path=desired.path,
        line=desired.line,
        notes=(*desired.notes, REPLACED) if action is Action.REPLACE else desired.notes,
    )


def deletions(resource: str, strays: Iterable[tuple[str, Payload]], *notes: str) -> Iterator[Change]:
    resource_type = resource_types()[resource]
    for tracking_id, live in strays:
        yield Change(
            Action.DELETE,
            resource,
            tracking_id,
            resource_type.title(live),
            id=str(live["id"]),
            before=resource_type.comparable(live),
            notes=notes,
        )


def leftover_deletions(pair: Pair) -> Iterator[Change]:
    return deletions(pair.desired.resource, ((pair.desired.tracking_id, live) for live in pair.leftovers), LEFTOVER)
