"""What evaluations found, in plain words: between what computes and the database."""

from __future__ import annotations

from typing import Any

import msgspec


class Change(msgspec.Struct, frozen=True):
    """A group came into a state, by Datadog's word; `at` in UNIX seconds."""

    at: int
    status: str
    before: str


class GroupOutcome(msgspec.Struct, frozen=True):
    """One group after a span: its state, what its evaluations continue from, what changed and what was sent."""

    status: str
    is_known: bool
    standing: msgspec.Raw
    changes: tuple[Change, ...] = ()
    notifications: tuple[dict[str, Any], ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """By group, `*` where the monitor has none; or why the monitor is not evaluated."""

    groups: dict[str, GroupOutcome] = {}
    refusal: str = ""


UNGROUPED = "*"
WORST_FIRST = ("Alert", "Warn", "No Data", "OK")


def overall(statuses: tuple[str, ...]) -> str:
    """A monitor is in the worst state of its groups; without any it has no data."""
    return next((each for each in WORST_FIRST if each in statuses), "No Data")
