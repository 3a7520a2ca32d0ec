"""How many resources of ours are live: a list that shows far fewer than there were is not believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from generator.plan.model import Action, Change
from generator.resources.types import Payload, ResourceType, resource_types

_NOTHING: Mapping[str, int] = {}
_AT_LAST = datetime.max.replace(tzinfo=UTC)
_LEAVING = frozenset((Action.UPDATE, Action.REPLACE, Action.DELETE))


class LiveCounts(NamedTuple):
    """Those that do not end by themselves; `by_type` is empty where only the total is known."""

    total: int
    by_type: Mapping[str, int] = _NOTHING


def lasting(resource_type: ResourceType, payloads: Iterable[Payload]) -> int:
    """How many will still be there if nobody touches them."""
    return sum(not resource_type.is_over(payload, _AT_LAST) for payload in payloads)


def counts_of(by_type: Mapping[str, int]) -> LiveCounts:
    return LiveCounts(sum(by_type.values()), by_type)


def counts_after(live: Mapping[str, Iterable[Payload]], changes: Iterable[Change], workspace: str) -> LiveCounts:
    """Those of the workspace once the changes are carried out."""
    found: Counter[str] = Counter()
    for name, payloads in live.items():
        kind = resource_types()[name]
        ours = (each for each in payloads if (kind.tracking_id(each) or "").startswith(workspace + "/"))
        found[name] = lasting(kind, ours)
    for change in changes:
        kind = resource_types()[change.resource]
        if change.before is not None and change.action in _LEAVING:
            found[change.resource] -= lasting(kind, [change.before])
        if change.after is not None:
            found[change.resource] += lasting(kind, [change.after])
    return counts_of(found)
