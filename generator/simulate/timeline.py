"""What became of each group."""

from __future__ import annotations

from msgspec import Struct

from generator.message.event import State
from generator.simulate.history import Group


class Transition(Struct, frozen=True):
    """A change of state; `at` in UNIX seconds, `value` None where there was none."""

    at: int
    before: State
    after: State
    value: float | None = None


class Notification(Struct, frozen=True):
    """What was sent; `is_renotify` for a reminder of the same state. `muted` where a downtime held it back."""

    at: int
    before: State
    after: State
    value: float | None = None
    is_renotify: bool = False
    muted: bool = False


class GroupTimeline(Struct, frozen=True, kw_only=True):
    """One group's states. `last` is the state it ended in."""

    group: Group
    transitions: tuple[Transition, ...] = ()
    notifications: tuple[Notification, ...] = ()
    last: State = State.OK


class Simulation(Struct, frozen=True, kw_only=True):
    """All groups of a monitor between two moments; `evaluations` is how often it looked."""

    since: int
    until: int
    evaluations: int
    groups: tuple[GroupTimeline, ...]

    @property
    def notifications(self) -> tuple[tuple[Group, Notification], ...]:
        """All that was sent, in order of time."""
        sent = [(each.group, one) for each in self.groups for one in each.notifications]
        return tuple(sorted(sent, key=lambda pair: (pair[1].at, pair[0])))
