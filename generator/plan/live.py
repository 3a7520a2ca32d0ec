"""The live resources of one type, by whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from generator.resources.types import Payload, ResourceType


class Live(NamedTuple):
    """`own` and `foreign` by tracking id, foreign ones being of other workspaces; `untracked` bear no id of anybody."""

    resource_type: ResourceType
    all: Sequence[Payload]
    own: Mapping[str, list[Payload]]
    foreign: Mapping[str, Payload]
    untracked: tuple[Payload, ...]


def indexed(resource_type: ResourceType, live: Sequence[Payload], workspace: str) -> Live:
    own: dict[str, list[Payload]] = {}
    foreign: dict[str, Payload] = {}
    untracked: list[Payload] = []
    tracking_id, prefix = resource_type.tracking_id, workspace + "/"
    for payload in live:
        found = tracking_id(payload)
        if found is None:
            untracked.append(payload)
        elif found.startswith(prefix):
            own.setdefault(found, []).append(payload)
        else:
            foreign.setdefault(found, payload)
    return Live(resource_type, live, own, foreign, tuple(untracked))
