"""Digests by which a plan is recognised. They hold no time, and no order in which things were found."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from generator.plan.model import Change, Obstacle, Plan
from generator.resources.canonical import canonical_or_escaped
from generator.resources.references import references
from generator.resources.types import resource_types


def digest(changes: Iterable[Change], ids: Mapping[str, str] | None = None, obstacles: Iterable[Obstacle] = ()) -> str:
    """Cover what would be done to what, the Datadog ids that it would refer to, and what a review must look at."""
    found = ids or {}
    reviewed = (each for each in obstacles if each.needs_review)
    return _hashed(
        canonical_or_escaped(line)
        for lines in (
            (_told(change, found) for change in changes),
            (("review", each.rule, each.tracking_id, each.message, *each.about) for each in reviewed),
        )
        for line in lines
    )


def _told(change: Change, ids: Mapping[str, str]) -> tuple[object, ...]:
    return (
        *(change.tracking_id, change.resource, change.action.value, change.id, change.previous_id),
        *(change.before, change.after, referred(change, ids)),
    )


def referred(change: Change, ids: Mapping[str, str]) -> dict[str, str]:
    """The Datadog ids, as far as they are known, that stand for what the change refers to."""
    after = change.after
    if not ids or after is None:
        return {}
    known = resource_types().get(change.resource)
    names = references(after) if known is None or known.may_refer(after) else ()
    return {name: ids[name] for name in names if name in ids}


def signed(plan: Plan) -> Plan:
    """The plan with the digest of what it holds."""
    return msgspec.structs.replace(plan, digest=digest(plan.changes, plan.references, plan.obstacles))


def desired_digest(payloads: Iterable[tuple[str, str, bytes]]) -> str:
    """Cover what was rendered: tracking id, resource and canonical payload of each."""
    return _hashed(b'["%b","%b",%b]' % (name.encode(), kind.encode(), payload) for name, kind, payload in payloads)


def _hashed(lines: Iterable[bytes]) -> str:
    return hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()
