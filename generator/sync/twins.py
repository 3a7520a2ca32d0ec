"""Two syncs that create the same resource at the same moment: who was later is told so, and takes back what it made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError
from generator.plan.model import Change
from generator.resources.types import Payload, ResourceType, resource_types
from generator.sync.outcome import Outcome

Created = Mapping[int, tuple[Change, Outcome]]


def later_twins(client: Datadog, created: Created) -> dict[int, str]:
    """By the number of a create: the id of an older live resource that bears the same tracking id.

    Every run judges by age and then by id, so that of two runs exactly one takes back.
    """
    twins: dict[int, str] = {}
    for resource_type in resource_types().values():
        ours = {number: each for number, each in created.items() if each[0].resource == resource_type.name}
        if ours:
            rows = _rows_by_tracking_id(client, resource_type)
            for number, (change, outcome) in ours.items():
                older = _older(resource_type, change, outcome, rows=rows.get(change.tracking_id, ()))
                if older is not None:
                    twins[number] = older
    return twins


def _rows_by_tracking_id(client: Datadog, resource_type: ResourceType) -> dict[str, list[Payload]]:
    """Nothing where the list cannot be read: what is live twice, the next plan tells."""
    found: dict[str, list[Payload]] = defaultdict(list)
    try:
        rows = client.rows(resource_type)
    except ApiError:
        return found
    for row in rows:
        if (tracking_id := resource_type.tracking_id(row)) is not None:
            found[tracking_id].append(row)
    return found


def _older(resource_type: ResourceType, change: Change, outcome: Outcome, *, rows: Iterable[Payload]) -> str | None:
    """What a replacement replaces, and copies of that, are older by intent."""
    identity = resource_type.identity(change.after or {})
    alike = [row for row in rows if str(row["id"]) != change.id and resource_type.identity(row) == identity]
    first = min(alike, key=lambda row: (resource_type.age(row), str(row["id"])), default=None)
    if first is None or len(alike) == 1 or str(first["id"]) == outcome.id:
        return None
    return str(first["id"])
