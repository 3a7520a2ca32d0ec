"""Two syncs that create the same resource at the same moment: who was later is told so, and takes back what it made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError
from generator.plan.model import Change
from generator.resources.types import Payload, ResourceType, resource_types
from generator.sync.outcome import Outcome

TIE_SECONDS = 5.0
Created = Mapping[int, tuple[Change, Outcome]]


class Looked(NamedTuple):
    """By the number of a create: the id of another live resource that bears the same tracking id and `stays`.

    `unseen` are the numbers of what Datadog lists without, though it has just taken it: nothing is known of those.
    """

    stays: Mapping[int, str]
    unseen: frozenset[int]


def later_twins(client: Datadog, created: Created) -> Looked:
    """Look for what somebody else has created at the same time.

    The older one stays. Of two that are as old by Datadog's clock, which may count seconds, the lower id stays, where
    the run that made the other one sees it; that run may have looked before, so that what is still there after a while
    is taken for older. A list that does not show what this run has created is asked for again.
    """
    first = _others(client, created, frozenset())
    again = first.ties | first.unseen
    if not again:
        return Looked(first.stays, frozenset())
    try:
        client.pause(TIE_SECONDS, "looking again for what was created at the same time")
    except ApiError:
        return Looked(first.stays, first.unseen)
    second = _others(client, {number: created[number] for number in again}, first.ties)
    return Looked(first.stays | second.stays, second.unseen)


class _Others(NamedTuple):
    """Those that stay, the numbers of what they are as old as and would give way to, and of what was not listed."""

    stays: dict[int, str]
    ties: frozenset[int]
    unseen: frozenset[int]


def _others(client: Datadog, created: Created, ties: frozenset[int]) -> _Others:
    """There are no further ties of what is one of `ties`."""
    stays: dict[int, str] = {}
    doubtful: set[int] = set()
    unseen: set[int] = set()
    for resource_type in resource_types().values():
        ours = {number: each for number, each in created.items() if each[0].resource == resource_type.name}
        rows = _rows(client, resource_type) if ours else None
        if rows is None:
            continue
        listed = {str(row["id"]) for row in rows}
        bearing = _by_tracking_id(resource_type, rows)
        for number, (change, outcome) in ours.items():
            found = _Twins.of(resource_type, change, outcome, rows=bearing.get(change.tracking_id, ()))
            if outcome.id not in listed:
                unseen.add(number)
            elif found.older is not None:
                stays[number] = found.older
            elif found.as_old is not None and number in ties:
                stays[number] = found.as_old
            elif found.as_old is not None:
                doubtful.add(number)
    return _Others(stays, frozenset(doubtful), frozenset(unseen))


def _rows(client: Datadog, resource_type: ResourceType) -> Sequence[Payload] | None:
    """None where the list cannot be read: what is live twice, the next plan tells."""
    try:
        return client.rows(resource_type)
    except ApiError:
        return None


def _by_tracking_id(resource_type: ResourceType, rows: Iterable[Payload]) -> Mapping[str, list[Payload]]:
    found: dict[str, list[Payload]] = defaultdict(list)
    for row in rows:
        if (tracking_id := resource_type.tracking_id(row)) is not None:
            found[tracking_id].append(row)
    return found


class _Twins(NamedTuple):
    """The one that comes first by age and then by id, where that is not ours; else the next one that is as old."""

    older: str | None = None
    as_old: str | None = None

    @classmethod
    def of(cls, resource_type: ResourceType, change: Change, outcome: Outcome, *, rows: Iterable[Payload]) -> _Twins:
        """What a replacement replaces, and copies of that, are older by intent."""
        identity = resource_type.identity(change.after or {})
        alike = [row for row in rows if str(row["id"]) != change.id and resource_type.identity(row) == identity]
        alike.sort(key=resource_type.age)
        if len(alike) < 2:
            return cls()
        first, second = alike[:2]
        if str(first["id"]) != outcome.id:
            return cls(older=str(first["id"]))
        return cls(as_old=str(second["id"]) if _are_as_old(resource_type, first, second) else None)


def _are_as_old(resource_type: ResourceType, first: Payload, second: Payload) -> bool:
    """The last part of an age is the id; where it is the only one, ids grow with time."""
    time = resource_type.age(first)[:-1]
    return bool(time) and time == resource_type.age(second)[:-1]
