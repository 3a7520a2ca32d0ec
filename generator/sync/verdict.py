"""What a look at what is live says about a change: that it was done, is doubled, is gone, or was moved by somebody."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from generator.plan.edits import differing_fields, edit_words
from generator.plan.model import Change
from generator.plan.state import is_done, is_ours
from generator.resources.types import Payload, ResourceType, resource_types
from generator.sync.outcome import Outcome, Status, outcome_of


def type_of(change: Change) -> ResourceType:
    return resource_types()[change.resource]


def outcome_of_twins(
    change: Change, ids: Mapping[str, str], twins: tuple[Payload, ...], *, status: Status = Status.ALREADY
) -> Outcome:
    """What to make of live resources that bear the id of one that was to be created; the oldest is ours."""
    resource_type = type_of(change)
    twin = min(twins, key=resource_type.age)
    message = "" if len(twins) == 1 else f"{len(twins)} live resources bear this id; plan again"
    if is_done(resource_type, change, twin, ids):
        return outcome_of(change, status, message, id=str(twin["id"]))
    return moved(change, twin, "was created after the plan was made and is not as planned")


def gone(change: Change) -> Outcome:
    gone = outcome_of(change, Status.MOVED, f"`{change.id}` was deleted after the plan was made; plan again")
    return msgspec.structs.replace(gone, id=None)


def moved(change: Change, live: Payload, how: str = "has changed since the plan was made") -> Outcome:
    resource_type = type_of(change)
    now = resource_type.comparable(live, change.after)
    where = "" if change.before is None else differing_fields(change.before, now)
    if change.before == now and not is_ours(resource_type, change, live):
        how = f"bears the tracking id `{resource_type.tracking_id(live)}`"
    note = edit_words(resource_type, live)
    return outcome_of(change, Status.MOVED, f"`{live['id']}` {how}{where}{note}; it was left alone: plan again")
