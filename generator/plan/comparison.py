"""What two revisions of a project differ in, without asking anybody what is live."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from generator.plan.model import FieldChange, Obstacle


class Fate(enum.Enum):
    """What becomes of a resource; what could hurt most comes first."""

    REMOVED = "removed"
    REPLACED = "replaced"
    CHANGED = "changed"
    CREATED = "created"
    MOVED = "moved"


class Use(msgspec.Struct, frozen=True):
    """Another resource that refers to one which goes, or (`silences`) is a downtime of it by tags.

    `remains` says whether the other still does so afterwards, `goes` whether it goes too.
    """

    resource: str
    tracking_id: str
    remains: bool
    goes: bool = False
    silences: bool = False


class Difference(msgspec.Struct, frozen=True):
    """What becomes of one resource; `path` and `line` are where it is, or was where it goes.

    `before` and `after` are normal forms; references stand in them as `%{TRACKING_ID}`. `previous_id` is set by a
    rename, `previous_path` where another file has it now. `siblings` are the environments that had it before already;
    of what goes, those that keep it.
    """

    fate: Fate
    resource: str
    tracking_id: str
    title: str
    path: str
    line: int
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    fields: tuple[FieldChange, ...] = ()
    previous_id: str | None = None
    previous_path: str | None = None
    uses: tuple[Use, ...] = ()
    siblings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Comparison(msgspec.Struct, frozen=True):
    """All differences in the order of their tracking ids.

    `desired_digest` is that of the later revision, which a plan of it with keys shows too, `base_digest` that of the
    earlier one. `obstacles` are what would stand in the way of a sync if exactly the earlier revision were live.
    """

    workspace: str
    differences: tuple[Difference, ...]
    unchanged: int
    obstacles: tuple[Obstacle, ...]
    desired_digest: str
    base_digest: str


def counts(comparison: Comparison) -> dict[str, int]:
    """Number of resources by fate, and of those that stay as they are."""
    found = {fate.value: 0 for fate in Fate}
    for each in comparison.differences:
        found[each.fate.value] += 1
    return {**found, "unchanged": comparison.unchanged}
