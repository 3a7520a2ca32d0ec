"""Three states of a resource: last applied, live and desired. A live difference that git does not explain is drift."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from generator.plan.diff import field_changes
from generator.plan.edits import edit_words
from generator.plan.live_ids import LiveIds, resolved_as_live
from generator.plan.matching import Pair
from generator.plan.model import Action, Change, Drift, FieldChange
from generator.plan.options import PlanOptions
from generator.resources.types import Payload, ResourceType, resource_types

Form = dict[str, Any]
"""A payload in normal form."""


class Step(NamedTuple):
    """A change, the live resource that it is of, and the tracking ids that it may have been applied as."""

    change: Change
    live: Payload | None
    names: tuple[str, ...]


class Apart(NamedTuple):
    """The changes that git explains, and the drift that the others are."""

    changes: tuple[Change, ...]
    drift: tuple[Drift, ...]


def without_drift(steps: Iterable[Step], ids: LiveIds, options: PlanOptions) -> Apart:
    """Set apart what would take back, or come on top of, what somebody has done since the last sync.

    What was never applied is nobody's drift.
    """
    kept: list[Change] = []
    drift: list[Drift] = []
    for step in steps:
        found = _drift(step, ids, options) if options.applied else None
        if found is None:
            kept.append(step.change)
        else:
            drift.append(found)
    return Apart(tuple(kept), tuple(drift))


def step_of(pair: Pair, change: Change) -> Step:
    if pair.live is None:
        return Step(change, None, (change.tracking_id, *pair.desired.previous_ids))
    return Step(change, pair.live, (change.previous_id or change.tracking_id,))


def _drift(step: Step, ids: LiveIds, options: PlanOptions) -> Drift | None:
    change, live, names = step
    if change.action is Action.ADOPT or change.tracking_id in options.reverted:
        return None
    name = next((name for name in names if (change.resource, name) in options.applied), None)
    if name is None or (live is None and options.accept_live_loss):
        return None
    applied = options.applied[change.resource, name]
    kind = resource_types()[change.resource]
    if live is None and options.now is not None and kind.is_over(applied, options.now):
        return None
    last = resolved_as_live(applied, live, ids) if kind.may_refer(applied) else applied
    then = kind.comparable(last, last)
    now = kind.comparable(live, last) if live is not None else None
    if now == then:
        return None
    return msgspec.structs.replace(_told(step, kind, then, now, _difference(kind, applied, change)), applied_as=name)


def _difference(kind: ResourceType, applied: Payload, change: Change) -> tuple[FieldChange, ...] | None:
    """What git has changed since, references unresolved; None where it is gone."""
    if change.after is None:
        return None
    before, after = (kind.comparable(each, each) for each in (applied, change.after))
    return field_changes(before, after, kind.unordered)


def _told(
    step: Step, kind: ResourceType, then: Form, now: Form | None, wanted: tuple[FieldChange, ...] | None
) -> Drift:
    change, live, _ = step
    return Drift(
        change.resource,
        change.tracking_id,
        kind.title(live if live is not None else change.after or {}),
        id=change.id,
        fields=field_changes(then, now, kind.unordered) if now is not None else (),
        live=now,
        action=change.action if wanted is None or wanted else None,
        wanted=wanted or (),
        edited=edit_words(kind, live) if live is not None else "",
        path=change.path,
        line=change.line,
    )
