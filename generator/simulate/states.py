"""The state machine of a group: evaluations to transitions and notifications.

Runs of evaluations with equal flags are taken at once: the first of a run decides, and only what depends on time, such
as reminders, happens inside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from generator.simulate.conditions import (
    CRITICAL,
    NO_DATA,
    SKIPPED,
    STILL_CRITICAL,
    STILL_WARNING,
    WARNING,
    Flags,
)
from generator.simulate.history import Times, Values
from generator.simulate.leaf import Group
from generator.simulate.monitor import Monitor
from generator.simulate.settings import Settings
from generator.simulate.timeline import GroupTimeline, Notification, State, Transition

_HOUR = 3600
_FORGOTTEN_AFTER = 24 * _HOUR
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
) -> GroupTimeline:
    """The states of one group; all arrays are of one length, one entry an evaluation."""
    if not flags.any():
        return GroupTimeline(group=group)
    if monitor.custom_schedule is not None:
        return _each_alone(group, moments=moments, flags=flags, values=values, monitor=monitor, muted=muted)
    course = _Course(monitor, settings, muted)
    for first, end in _runs(flags):
        course.run(int(flags[first]), moments[first:end], _value(values[first]))
    return GroupTimeline(
        group=group,
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
    had_data: bool = False
    last_data: int | None = None
    transitions: list[Transition] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)

    def run(self, flags: int, moments: Times, value: float | None) -> None:
        """Evaluations that all see the same."""
        first, last = int(moments[0]), int(moments[-1])
        if flags & SKIPPED:
            self._remind(first, last, value)
            return
        if flags & NO_DATA:
            self._without_data(first, last)
            return
        self.had_data, self.last_data = True, last
        self._become(self._judged(flags), first, value)
        self._remind(first, last, value)

    def _judged(self, flags: int) -> State:
        if flags & CRITICAL or (self.state is State.ALERT and flags & STILL_CRITICAL):
            return State.ALERT
        if flags & WARNING or (self.state is State.WARN and flags & STILL_WARNING):
            return State.WARN
        return State.OK

    def _without_data(self, first: int, last: int) -> None:
        """https://docs.datadoghq.com/monitors/configuration/#no-data."""
        if not self.had_data:
            return
        policy, last_data = self.monitor.missing, self.last_data if self.last_data is not None else first
        until = min(last, last_data + _FORGOTTEN_AFTER)
        if policy == "resolve":
            self._become(State.OK, first, None)
        elif policy != "default":
            self._become(State.NO_DATA, first, None, tells=policy == "show_and_notify_no_data")
        elif self.monitor.no_data_minutes is not None:
            self._at(last_data + self.monitor.no_data_minutes * 60, first, until, State.NO_DATA)
        elif self.monitor.resolve_after_hours:
            self._at(last_data + self.monitor.resolve_after_hours * _HOUR, first, until, State.OK)
        self._remind(first, until, None)
        if last > until:
            self.state, self.had_data = State.OK, False

    def _at(self, due: int, first: int, last: int, state: State) -> None:
        """Change at the first evaluation from `due` on, should the run last so long."""
        moment = max(first, first + -(-(due - first) // 60) * 60)
        if moment <= last:
            self._become(state, moment, None)

    def _become(self, state: State, at: int, value: float | None, *, tells: bool = True) -> None:
        if state is self.state:
            return
        before, self.state, self.since = self.state, state, at
        self.transitions.append(Transition(at, before, state, value))
        if tells and not (before is State.NO_DATA and state is State.OK and self.monitor.missing == "show_no_data"):
            self.notifications.append(Notification(at, before, state, value, muted=is_muted(at, self.muted)))

    def _remind(self, first: int, last: int, value: float | None) -> None:
        """https://docs.datadoghq.com/monitors/notify/#renotify."""
        every = self.monitor.renotify.interval * 60
        if not every or self.state.value.lower() not in self.monitor.renotify.statuses:
            return
        limit = self.monitor.renotify.occurrences
        end = min(last, self.since + self.settings.renotify_for_hours * _HOUR)
        number = max(1, -(-(first - self.since) // every))
        while (at := self.since + number * every) <= end and (limit is None or number <= limit):
            # A moment on the edge of two runs belongs to the first of them.
            if at > first or first == self.since:
                muted = is_muted(at, self.muted)
                self.notifications.append(
                    Notification(at, self.state, self.state, value, is_renotify=True, muted=muted)
                )
            number += 1


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
    return GroupTimeline(group=group, transitions=tuple(transitions), notifications=tuple(tells), last=last)


def _alone(flags: int, monitor: Monitor) -> State:
    if flags & NO_DATA:
        shows = monitor.missing in ("show_no_data", "show_and_notify_no_data")
        return State.NO_DATA if shows else State.OK
    if flags & SKIPPED:
        return State.OK
    return State.ALERT if flags & CRITICAL else State.WARN if flags & WARNING else State.OK


def _runs(flags: Flags) -> Iterator[tuple[int, int]]:
    edges = [0, *(np.flatnonzero(np.diff(flags)) + 1).tolist(), len(flags)]
    yield from itertools.pairwise(edges)


def _value(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
