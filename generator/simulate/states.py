"""The states of a group: its evaluations to transitions and notifications.

Runs of evaluations with equal flags are taken at once. `course.py` goes through time with the state; a monitor with a
schedule of its own judges each evaluation alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from msgspec import structs

from generator.message.event import State
from generator.simulate.conditions import CRITICAL, NO_DATA, SKIPPED, UNKNOWN, WARNING, Flags
from generator.simulate.course import Course, Rules, value_of
from generator.simulate.gap import Gap, gap
from generator.simulate.history import Group, Times, Values
from generator.simulate.monitor import Monitor
from generator.simulate.mutes import NONE, Mutes
from generator.simulate.settings import Settings
from generator.simulate.timeline import UNSEEN, Cause, GroupTimeline, Notification, Standing, Transition


def rules_of(monitor: Monitor, settings: Settings) -> Rules:
    return Rules(
        gap=gap(monitor, settings),
        renotify=monitor.renotify,
        renotify_for_hours=settings.renotify_for_hours,
        tells_alert_after_silent_gap=settings.alert_after_silent_gap == "told",
    )


def timeline(  # noqa: PLR0913 - what a group's evaluations are
    group: Group,
    rules: Rules,
    *,
    moments: Times,
    flags: Flags,
    values: Values,
    mutes: Mutes = NONE,
    begin: Standing = UNSEEN,
) -> GroupTimeline:
    """The states of one group from where it stands; all arrays are of one length, one entry an evaluation."""
    last = int(moments[-1])
    if begin.state is State.OK and not flags.any():
        seen = {"was_evaluated": True, "missing_since": None, "is_missed": False, "is_resolved": False}
        return GroupTimeline(group=group, begin=begin, end=structs.replace(begin, at=last, **seen))
    course = Course(rules, mutes, int(moments[0]) - 1)
    course.continued(begin)
    for first, end in _runs(flags):
        course.run(int(flags[first]), moments[first:end], values[first:end])
    return GroupTimeline(
        group=group,
        begin=begin,
        end=course.standing(begin),
        transitions=tuple(course.transitions),
        notifications=tuple(course.notifications),
        last=course.state,
    )


def each_alone(  # noqa: PLR0913 - what a group's evaluations are
    group: Group,
    missing: Gap,
    *,
    moments: Times,
    flags: Flags,
    values: Values,
    mutes: Mutes = NONE,
    begin: Standing = UNSEEN,
) -> GroupTimeline:
    """A monitor with a schedule of its own tells of each evaluation that is not OK; it knows no recovery
    (https://docs.datadoghq.com/monitors/guide/custom_schedules/).
    """
    transitions: list[Transition] = []
    notifications: list[Notification] = []
    stood = begin
    for moment, flag, value in zip(moments.tolist(), flags.tolist(), values.tolist(), strict=True):
        state, number = _alone(flag, missing, stood), value_of(value)
        if state is not stood.state:
            is_silent = bool(flag & UNKNOWN) or (state is State.NO_DATA and not missing.tells)
            transitions.append(Transition(moment, stood.state, state, number, _cause(flag), is_silent))
            stood = _entered(stood, state, moment)
        is_evaluated = not flag & (NO_DATA | SKIPPED | UNKNOWN)
        stood = structs.replace(stood, at=moment, was_evaluated=stood.was_evaluated or is_evaluated)
        is_missed = bool(flag & NO_DATA) and missing.state is not None and missing.tells
        if state is not State.OK and (is_evaluated or is_missed):
            notifications.append(_telling(stood, moment, number, is_muted=mutes.are_on(moment)))
    return GroupTimeline(
        group=group,
        begin=begin,
        end=stood,
        transitions=tuple(transitions),
        notifications=tuple(notifications),
        last=stood.state,
    )


def _entered(stood: Standing, state: State, moment: int) -> Standing:
    left = moment if stood.state is State.OK else stood.left_ok_at
    return structs.replace(stood, state=state, since=moment, left_ok_at=left, triggered_at=moment)


def _telling(stood: Standing, moment: int, value: float | None, *, is_muted: bool) -> Notification:
    """As of a monitor that was OK a moment ago."""
    return Notification(
        moment,
        State.OK,
        stood.state,
        value,
        muted=is_muted,
        first_triggered_at=stood.left_ok_at,
        last_triggered_at=stood.triggered_at,
    )


def _alone(flag: int, missing: Gap, stood: Standing) -> State:
    if flag & UNKNOWN:
        return State.OK
    if flag & SKIPPED:
        return stood.state
    if flag & NO_DATA:
        return stood.state if missing.state is None or not stood.was_evaluated else missing.state
    return State.ALERT if flag & CRITICAL else State.WARNING if flag & WARNING else State.OK


def _cause(flag: int) -> Cause:
    return "dropped" if flag & UNKNOWN else "missing data" if flag & NO_DATA else "value"


def _runs(flags: Flags) -> Iterator[tuple[int, int]]:
    edges = [0, *(np.flatnonzero(np.diff(flags)) + 1).tolist(), len(flags)]
    yield from itertools.pairwise(edges)
