"""The state machine of a group: evaluations to transitions and notifications.

Runs of evaluations with equal flags are taken at once: the first of a run decides, and only what depends on time, such
as reminders, happens inside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from msgspec import structs

from generator.message.event import State
from generator.simulate.conditions import (
    CRITICAL,
    NO_DATA,
    SKIPPED,
    STILL_CRITICAL,
    STILL_WARNING,
    UNKNOWN,
    WARNING,
    Flags,
)
from generator.simulate.history import Group, Times, Values
from generator.simulate.monitor import Monitor
from generator.simulate.settings import Settings
from generator.simulate.timeline import UNSEEN, GroupTimeline, Notification, Standing, Transition

_HOUR = 3600
_KEPT = ("state", "since", "reminded", "reminders", "last_data", "left_ok_at", "triggered_at")
Interval = tuple[int, int]


def timeline(  # noqa: PLR0913 - what a group's evaluations are
    group: Group,
    monitor: Monitor,
    settings: Settings,
    *,
    moments: Times,
    flags: Flags,
    values: Values,
    muted: Sequence[Interval] = (),
    begin: Standing = UNSEEN,
) -> GroupTimeline:
    """The states of one group from where it stands; all arrays are of one length, one entry an evaluation."""
    if not flags.any() and begin.state is State.OK:
        return GroupTimeline(group=group, begin=begin, end=structs.replace(begin, last_data=int(moments[-1])))
    if monitor.custom_schedule is not None:
        return _each_alone(group, moments=moments, flags=flags, values=values, monitor=monitor, muted=muted)
    course = _Course(monitor, settings, muted).continued(begin)
    for first, end in _runs(flags):
        course.run(int(flags[first]), moments[first:end], _value(values[first]))
    return GroupTimeline(
        group=group,
        begin=begin,
        end=course.standing(begin),
        transitions=tuple(course.transitions),
        notifications=tuple(course.notifications),
        last=course.state,
    )


@dataclass(slots=True)
class _Course:
    """A group on its way through time."""

    monitor: Monitor
    settings: Settings
    muted: Sequence[Interval]
    state: State = State.OK
    since: int = 0
    reminders: int = 0
    reminded: int = 0
    last_data: int | None = None
    left_ok_at: int | None = None
    triggered_at: int | None = None
    transitions: list[Transition] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)

    def continued(self, begin: Standing) -> _Course:
        return replace(self, **{name: getattr(begin, name) for name in _KEPT})

    def standing(self, begin: Standing) -> Standing:
        """Where the group stands now."""
        return structs.replace(begin, **{name: getattr(self, name) for name in _KEPT})

    def run(self, flags: int, moments: Times, value: float | None) -> None:
        """Evaluations that all see the same."""
        if flags & UNKNOWN:
            self.state, self.last_data = State.OK, None
        elif flags & NO_DATA:
            self._without_data(moments)
        elif not flags & SKIPPED:
            self.last_data = int(moments[-1])
            self._become(self._judged(flags), int(moments[0]), value)
        self._remind(moments, value)

    def _judged(self, flags: int) -> State:
        if flags & CRITICAL or (self.state is State.ALERT and flags & STILL_CRITICAL):
            return State.ALERT
        if flags & WARNING or (self.state is State.WARNING and flags & STILL_WARNING):
            return State.WARNING
        return State.OK

    def _without_data(self, moments: Times) -> None:
        """https://docs.datadoghq.com/monitors/configuration/#no-data: what never had data is not missed."""
        if self.last_data is None:
            return
        policy, first = self.monitor.missing, int(moments[0])
        if policy == "resolve":
            self._become(State.OK, first, None)
        elif policy != "default":
            self._become(State.NO_DATA, first, None, tells=policy == "show_and_notify_no_data")
        elif self.monitor.no_data_minutes is not None:
            self._become_from(self.last_data + self.monitor.no_data_minutes * 60, moments, State.NO_DATA)
        elif self.monitor.resolve_after_hours:
            self._become_from(self.last_data + self.monitor.resolve_after_hours * _HOUR, moments, State.OK)

    def _become_from(self, due: int, moments: Times, state: State) -> None:
        """Change at the first evaluation from `due` on, should the run last so long."""
        at = _first_from(due, moments)
        if at is not None:
            self._become(state, at, None)

    def _become(self, state: State, at: int, value: float | None, *, tells: bool = True) -> None:
        if state is self.state:
            return
        before, self.state, self.since, self.reminded, self.reminders = self.state, state, at, at, 0
        if state is not State.OK:
            self.left_ok_at = at if before is State.OK else self.left_ok_at
            self.triggered_at = at
        self.transitions.append(Transition(at, before, state, value))
        if tells and not (before is State.NO_DATA and state is State.OK and self.monitor.missing == "show_no_data"):
            self.notifications.append(Notification(at, before, state, value, muted=is_muted(at, self.muted)))

    def _remind(self, moments: Times, value: float | None) -> None:
        """So long after the last notification (https://docs.datadoghq.com/monitors/notify/#renotify)."""
        renotify = self.monitor.renotify
        if not renotify.interval or self.state.value.lower() not in renotify.statuses:
            return
        end = self.since + self.settings.renotify_for_hours * _HOUR
        while renotify.occurrences is None or self.reminders < renotify.occurrences:
            at = _first_from(self.reminded + renotify.interval * 60, moments)
            if at is None or at > end:
                return
            muted = is_muted(at, self.muted)
            self.notifications.append(Notification(at, self.state, self.state, value, is_renotify=True, muted=muted))
            self.reminded, self.reminders = at, self.reminders + 1


def _first_from(due: int, moments: Times) -> int | None:
    place = int(np.searchsorted(moments, due))
    return int(moments[place]) if place < len(moments) else None


def is_muted(at: int, muted: Sequence[Interval]) -> bool:
    return any(start <= at < end for start, end in muted)


def _each_alone(  # noqa: PLR0913 - what a group's evaluations are
    group: Group, *, moments: Times, flags: Flags, values: Values, monitor: Monitor, muted: Sequence[Interval]
) -> GroupTimeline:
    """A monitor with a schedule of its own tells of each evaluation that is not OK; it knows no recovery
    (https://docs.datadoghq.com/monitors/guide/custom_schedules/).
    """
    found = [
        Notification(int(at), State.OK, state, _value(value), muted=is_muted(int(at), muted))
        for at, flag, value in zip(moments, flags, values, strict=True)
        if (state := _alone(int(flag), monitor)) is not State.OK
    ]
    transitions = [Transition(each.at, each.before, each.after, each.value) for each in found]
    tells = [each for each in found if each.after is not State.NO_DATA or monitor.missing == "show_and_notify_no_data"]
    last = _alone(int(flags[-1]), monitor)
    end = Standing(state=last, since=int(moments[-1]))
    return GroupTimeline(group=group, end=end, transitions=tuple(transitions), notifications=tuple(tells), last=last)


def _alone(flags: int, monitor: Monitor) -> State:
    if flags & NO_DATA:
        shows = monitor.missing in ("show_no_data", "show_and_notify_no_data")
        return State.NO_DATA if shows else State.OK
    if flags & (SKIPPED | UNKNOWN):
        return State.OK
    return State.ALERT if flags & CRITICAL else State.WARNING if flags & WARNING else State.OK


def _runs(flags: Flags) -> Iterator[tuple[int, int]]:
    edges = [0, *(np.flatnonzero(np.diff(flags)) + 1).tolist(), len(flags)]
    yield from itertools.pairwise(edges)


def _value(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
