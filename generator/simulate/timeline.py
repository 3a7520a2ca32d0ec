"""What became of each group."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from generator.message.event import State
from generator.simulate.history import Group

Cause = Literal["value", "missing data", "resolved by itself", "dropped"]


class Transition(Struct, frozen=True):
    """A change of state; `at` in UNIX seconds, `value` None where there was none.

    A group without data for a day is `dropped`: its state ends, and nobody is told. Nor is anybody of a state that
    `is_silent`.
    """

    at: int
    before: State
    after: State
    value: float | None = None
    cause: Cause = "value"
    is_silent: bool = False


class Notification(Struct, frozen=True):
    """What was sent; `is_renotify` for a reminder of the same state. `muted` where a downtime held it back.

    `ends_downtime` where it tells of what a downtime had silenced. `group` is the one that is told of where
    notifications of several groups are merged; None is the timeline's own. A group is triggered first when it leaves
    OK, and last when it changes to any other state than OK (https://docs.datadoghq.com/monitors/notify/variables/).
    """

    at: int
    before: State
    after: State
    value: float | None = None
    is_renotify: bool = False
    muted: bool = False
    ends_downtime: bool = False
    group: Group | None = None
    first_triggered_at: int | None = None
    last_triggered_at: int | None = None


class Standing(Struct, frozen=True, kw_only=True):
    """What a group's evaluations so far leave behind, so that later ones can continue from it.

    Times are UNIX seconds: `at` the last evaluation, `since` its state holds, `reminded` it was last told of,
    `reminders` so often; `told` is the state that somebody was told of last, `is_silent` where nobody hears of this
    one. `left_ok_at` and `triggered_at` it last left OK and came into a state that is not OK. `missing_since` is the
    first evaluation without data, of which the state may have come (`is_missed`) and gone (`is_resolved`). `seen_at` an
    evaluation last had a point, after which it was `missed_at` first; `appeared_at` the group was new.
    """

    at: int | None = None
    state: State = State.OK
    since: int = 0
    told: State = State.OK
    is_silent: bool = False
    reminded: int = 0
    reminders: int = 0
    left_ok_at: int | None = None
    triggered_at: int | None = None
    was_evaluated: bool = False
    missing_since: int | None = None
    is_missed: bool = False
    is_resolved: bool = False
    seen_at: int | None = None
    missed_at: int | None = None
    appeared_at: int | None = None


UNSEEN = Standing()


class GroupTimeline(Struct, frozen=True, kw_only=True):
    """One group's states from where it stood at the `begin`. `last` is the state it ended in, `end` all of it."""

    group: Group
    begin: Standing = UNSEEN
    end: Standing = UNSEEN
    transitions: tuple[Transition, ...] = ()
    notifications: tuple[Notification, ...] = ()
    last: State = State.OK


class Simulation(Struct, frozen=True, kw_only=True):
    """All groups of a monitor between two moments; `evaluations` is how often it looked.

    At so many of them as `with_points` some group had a point; of a composite, which reads none, it is 0.
    """

    since: int
    until: int
    evaluations: int
    groups: tuple[GroupTimeline, ...]
    with_points: int = 0

    @property
    def notifications(self) -> tuple[tuple[Group, Notification], ...]:
        """All that was sent, in order of time."""
        sent = [
            (each.group if one.group is None else one.group, one) for each in self.groups for one in each.notifications
        ]
        return tuple(sorted(sent, key=lambda pair: (pair[1].at, pair[0])))
