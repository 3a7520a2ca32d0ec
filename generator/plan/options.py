"""What the person who plans may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from generator.plan.live_counts import LiveCounts
from generator.plan.order import Key
from generator.resources.types import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """How far a plan may go.

    `only` names the services that the plan is limited to; empty means all. `last_known_count` is how many of our
    resources were live after the last sync, by type where that is known; None means nobody knows. `held` are the
    tracking ids, and `held_services` the services, whose YAML has errors: what is live of them is left alone. `now`
    tells what is over; without it nothing is. `pages` are the handles that wake people, by the teams whose they are.
    `applied` are the payloads that the last sync has seen live, references unresolved; what it does not name, nobody
    knows. `reverted` are the tracking ids whose drift is taken back.
    """

    workspace: str
    only: frozenset[str] = frozenset()
    prune: bool = False
    replace: bool = False
    take_over: bool = False
    max_delete_share: float = 0.2
    max_update_share: float = 0.5
    last_known_count: LiveCounts | None = None
    accept_live_loss: bool = False
    held: frozenset[str] = frozenset()
    held_services: frozenset[str] = frozenset()
    now: datetime | None = None
    pages: Mapping[str, frozenset[str]] = field(default_factory=dict)
    applied: Mapping[Key, Payload] = field(default_factory=dict)
    reverted: frozenset[str] = frozenset()
