"""What a plan is: the changes that make the live resources equal the desired ones."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

Path = tuple[str | int, ...]


class Action(enum.Enum):
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    ADOPT = "adopt"


class FieldChange(msgspec.Struct, frozen=True):
    """One field in normal form; None stands for absent as for null, which mean the same to Datadog."""

    path: Path
    before: Any
    after: Any


class Change(msgspec.Struct, frozen=True):
    """What happens to one resource.

    `before` is the live resource in normal form, `after` the desired payload with its references still as
    `%{TRACKING_ID}`; `id` is the live Datadog id. An adoption is an update that also writes our tracking id.
    `previous_id` is the tracking id that the live resource bears now, where a rename changes it.
    """

    action: Action
    resource: str
    tracking_id: str
    title: str
    id: str | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    fields: tuple[FieldChange, ...] = ()
    previous_id: str | None = None
    path: str = ""
    line: int = 0
    notes: tuple[str, ...] = ()


class Obstacle(msgspec.Struct, frozen=True):
    """A reason not to sync (`blocks`) or to look twice. `rule` is its stable name.

    What `needs_review` is carried out only where a person has named the digest of the plan, which covers it.
    `about` are those that it is told of, by name, where they may be many: it is no other one when they become fewer.
    """

    rule: str
    message: str
    hint: str = ""
    blocks: bool = True
    tracking_id: str = ""
    id: str | None = None
    path: str = ""
    line: int = 0
    needs_review: bool = False
    about: tuple[str, ...] = ()

    @classmethod
    def to_review(cls, change: Change, rule: str, message: str, *, hint: str, about: tuple[str, ...] = ()) -> Obstacle:
        """What may well be meant, of a change."""
        return cls(
            rule,
            message,
            hint,
            blocks=False,
            tracking_id=change.tracking_id,
            id=change.id,
            path=change.path,
            line=change.line,
            needs_review=True,
            about=about,
        )


class Drift(msgspec.Struct, frozen=True):
    """A live difference that git does not explain, which a sync leaves alone.

    `fields` are what has become of the resource since it was last applied; it is gone where `live`, its normal form, is
    None. Where git has changed it too, `action` is what a sync would do but for that, `wanted` its fields, from last
    applied to desired. `edited` says when the live one was modified, and who is known.
    """

    resource: str
    tracking_id: str
    title: str
    id: str | None = None
    fields: tuple[FieldChange, ...] = ()
    live: dict[str, Any] | None = None
    action: Action | None = None
    wanted: tuple[FieldChange, ...] = ()
    edited: str = ""
    applied_as: str = ""
    path: str = ""
    line: int = 0

    @property
    def is_conflict(self) -> bool:
        """Whether git and somebody else have both changed it."""
        return self.action is not None


class Plan(msgspec.Struct, frozen=True):
    """Changes in the order in which they are carried out.

    `digest` covers what would be done to what is live, `desired_digest` only what was rendered: it is the same with and
    without keys. `references` are the Datadog ids of the live resources that the changes refer to, by tracking id.
    `target` says which Datadog the plan was made for, `only` which services it is limited to; all where it is empty.
    `options` are the flags that let it do more. `drift` is left out of the changes, because nobody reviewed it.
    """

    workspace: str
    changes: tuple[Change, ...]
    unchanged: int
    obstacles: tuple[Obstacle, ...]
    digest: str
    desired_digest: str
    references: dict[str, str] = {}
    target: str = ""
    only: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    drift: tuple[Drift, ...] = ()


def summary(plan: Plan) -> dict[str, int]:
    """Number of changes by action, and of resources that need none."""
    counts = {action.value: 0 for action in Action}
    for change in plan.changes:
        counts[change.action.value] += 1
    return {**counts, "unchanged": plan.unchanged}
