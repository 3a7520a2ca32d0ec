"""A group on its way through time: which state each evaluation leaves it in, and who is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct, structs

from generator.message.event import State
from generator.simulate.conditions import (
    CRITICAL,
    NO_DATA,
    QUIET,
    SKIPPED,
    STILL_CRITICAL,
    STILL_WARNING,
    UNKNOWN,
    WARNING,
)
from generator.simulate.gap import Gap
from generator.simulate.history import Times, Values
from generator.simulate.monitor import Renotify
from generator.simulate.mutes import Mutes
from generator.simulate.timeline import Cause, Notification, Standing, Transition

_HOUR = 3600
_TRIGGERED = (State.ALERT, State.WARNING)
_KEPT = (
    *("state", "since", "told", "is_silent", "reminded", "reminders", "left_ok_at", "triggered_at"),
    *("was_evaluated", "missing_since", "is_missed", "is_resolved"),
)


class Rules(Struct, frozen=True, kw_only=True):
    """What a monitor's options and the settings say of states and notifications."""

    gap: Gap
    renotify: Renotify
    renotify_for_hours: int | None
    tells_alert_after_silent_gap: bool = True


@dataclass(slots=True)
class Course:
    """Takes runs of evaluations that all see the same: the first decides, and inside only time brings changes."""

    rules: Rules
    mutes: Mutes
    at: int
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
    transitions: list[Transition] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)

    def continued(self, begin: Standing) -> None:
        for name in _KEPT:
            setattr(self, name, getattr(begin, name))
        self.at = self.at if begin.at is None else begin.at

    def standing(self, begin: Standing) -> Standing:
        """Where the group stands now."""
        return structs.replace(begin, at=self.at, **{name: getattr(self, name) for name in _KEPT})

    def run(self, flags: int, moments: Times, values: Values) -> None:
        first = int(moments[0])
        if flags & UNKNOWN:
            self._drop(first)
        elif flags & NO_DATA:
            self._miss(first)
        else:
            self.missing_since, self.is_missed, self.is_resolved = None, False, False
            if not flags & SKIPPED:
                self.was_evaluated = True
                self._become(self._judged(flags), first, value_of(values[0]))
        self._pass(moments, values, is_quiet=bool(flags & QUIET))
        self.at = int(moments[-1])

    def _judged(self, flags: int) -> State:
        if flags & CRITICAL or (self.state is State.ALERT and flags & STILL_CRITICAL):
            return State.ALERT
        if flags & WARNING or (self.state is State.WARNING and flags & STILL_WARNING):
            return State.WARNING
        return State.OK

    def _drop(self, at: int) -> None:
        """A group is forgotten with its state, and nobody hears of it."""
        if self.state is not State.OK:
            self._move(Transition(at, self.state, State.OK, None, "dropped", is_silent=True))
        self.told, self.was_evaluated = State.OK, False
        self.missing_since, self.is_missed, self.is_resolved = None, False, False

    def _miss(self, at: int) -> None:
        """What was never evaluated is not missed (https://docs.datadoghq.com/monitors/configuration/#no-data)."""
        if self.missing_since is None and self.was_evaluated:
            self.missing_since = at

    def _pass(self, moments: Times, values: Values, *, is_quiet: bool) -> None:
        """What only time brings, each at the first evaluation after it is due."""
        while True:
            place, kind, due = min(self._next(moments), default=(0, -1, 0))
            if kind < 0:
                return
            at = int(moments[place])
            value = None if self.missing_since is not None else value_of(values[place])
            if kind == 0:
                self._end_gap(at, is_quiet=is_quiet)
            elif kind == 1:
                self._resolve(at)
            elif kind == 2:
                self._end_mute(due, at, value)
            else:
                self._remind(at, value)

    def _next(self, moments: Times) -> Iterator[tuple[int, int, int]]:
        for kind, due in enumerate(
            (self._gap_due(), self._resolve_due(), self.mutes.next_end(self.at), self._reminder_due())
        ):
            if due is not None and due <= moments[-1]:
                place = int(np.searchsorted(moments, due))
                if kind < 3 or int(moments[place]) <= self._last_reminder():
                    yield place, kind, due

    def _gap_due(self) -> int | None:
        if self.missing_since is None or self.is_missed or self.rules.gap.state is None:
            return None
        return self.missing_since + self.rules.gap.seconds

    def _end_gap(self, at: int, *, is_quiet: bool) -> None:
        gap, self.is_missed = self.rules.gap, True
        if gap.state is not None:
            self._become(gap.state, at, None, cause="missing data", is_silent=is_quiet or not gap.tells)

    def _resolve_due(self) -> int | None:
        """https://docs.datadoghq.com/monitors/configuration/#auto-resolve: from when the query returns no data."""
        after = self.rules.gap.resolves_after
        if self.missing_since is None or self.is_resolved or after is None:
            return None
        return self.missing_since + after

    def _resolve(self, at: int) -> None:
        self.is_resolved = True
        if self.state in _TRIGGERED or self.rules.gap.resolves_no_data:
            self._become(State.OK, at, None, cause="resolved by itself")

    def _end_mute(self, due: int, at: int, value: float | None) -> None:
        """Tell of what still is not OK (https://docs.datadoghq.com/monitors/downtimes/#expiration)."""
        told_states = self.mutes.told_at(due)
        self.at = due
        if self.state not in told_states or self.is_silent or self.mutes.are_on(at) or self._was_told(at):
            return
        self._tell(at, self.state, value, ends_downtime=True)
        self.reminded, self.told = at, self.state

    def _was_told(self, at: int) -> bool:
        return bool(self.notifications) and self.notifications[-1].at == at and not self.notifications[-1].muted

    def _reminder_due(self) -> int | None:
        """So long after the last notification (https://docs.datadoghq.com/monitors/notify/#renotify)."""
        renotify = self.rules.renotify
        if not renotify.interval or self.state.value.lower() not in renotify.statuses or self.is_silent:
            return None
        if renotify.occurrences is not None and self.reminders >= renotify.occurrences:
            return None
        return self.reminded + renotify.interval * 60

    def _last_reminder(self) -> float:
        hours = self.rules.renotify_for_hours
        return float("inf") if hours is None else (self.left_ok_at or 0) + hours * _HOUR

    def _remind(self, at: int, value: float | None) -> None:
        self._tell(at, self.state, value, is_renotify=True)
        self.reminded, self.reminders = at, self.reminders + 1

    def _become(
        self, state: State, at: int, value: float | None, *, cause: Cause = "value", is_silent: bool = False
    ) -> None:
        if state is self.state:
            return
        before, was_silent = self.state, self.is_silent
        self._move(Transition(at, before, state, value, cause, is_silent))
        if is_silent or (was_silent and state is self.told and not self._tells_again()):
            return
        self._tell(at, before, value)
        if state is State.OK or not self.notifications[-1].muted:
            self.told = state

    def _tells_again(self) -> bool:
        """What was told before a gap of which nobody heard."""
        return self.state is not State.OK and self.rules.tells_alert_after_silent_gap

    def _move(self, transition: Transition) -> None:
        at, state = transition.at, transition.after
        self.transitions.append(transition)
        if state is not State.OK:
            self.left_ok_at = at if transition.before is State.OK else self.left_ok_at
            self.triggered_at = at
        self.state, self.since, self.reminded, self.reminders = state, at, at, 0
        self.is_silent = transition.is_silent

    def _tell(
        self, at: int, before: State, value: float | None, *, is_renotify: bool = False, ends_downtime: bool = False
    ) -> None:
        muted = self.mutes.are_on(at) and not self._is_first_recovery(at)
        self.notifications.append(
            Notification(
                at,
                before,
                self.state,
                value,
                is_renotify=is_renotify,
                muted=muted,
                ends_downtime=ends_downtime,
                first_triggered_at=self.left_ok_at,
                last_triggered_at=self.triggered_at,
            )
        )

    def _is_first_recovery(self, at: int) -> bool:
        """Of what triggered before the downtime
        (https://docs.datadoghq.com/monitors/downtimes/#disable-first-recovery-notification).
        """
        return self.state is State.OK and self.told is not State.OK and self.mutes.let_recovery_pass(at)


def value_of(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
