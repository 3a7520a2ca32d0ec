"""Which events a monitor can send messages for, and which of them reach a branch of a message."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from generator.lint.rendered import RenderedMonitor
from generator.message.conditions import STATE_TESTS
from generator.message.event import AlertEvent, State
from generator.message.nodes import Branch

Events = int
"""A set of events: one bit for each."""

_WHENEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_EVENTS: Final = tuple(
    AlertEvent(state=state, previous=previous, is_renotification=again, at=_WHENEVER)
    for state in State
    for previous in State
    for again in (False, True)
)
ALL: Final[Events] = (1 << len(_EVENTS)) - 1
_RANKS: Final = (State.OK, State.WARNING, State.ALERT)
# What a composite, a check or an SLO warns of is not written in thresholds of its own.
_WARN_OTHERWISE: Final = frozenset({"composite", "service check", "slo alert", "synthetics alert"})
_NO_DATA_OTHERWISE: Final = frozenset({"composite", "synthetics alert"})


def reaching(branches: Sequence[Branch]) -> Events:
    """The events for which all branches are shown, as far as they ask for states."""
    found = ALL
    for branch in branches:
        events = _holding(branch.condition.name)
        found &= events if branch.holds else ALL & ~events if branch.condition.name in STATE_TESTS else ALL
    return found


class Limit(Struct, frozen=True):
    """Events that a monitor sends no message for, why, and what would make it send them."""

    events: Events
    reason: str
    hint: str


@functools.cache
def troubles() -> Events:
    """The events that tell of a warning or an alert which is new, or once more of one."""
    return _set_of([_is_trouble(event) for event in _EVENTS])


@functools.cache
def repeats() -> Events:
    return _set_of([event.is_renotification for event in _EVENTS])


def limits(monitor: RenderedMonitor) -> tuple[Limit, ...]:
    """What the monitor's options rule out."""
    found = (
        None if _warns(monitor) else _limit_of_warnings(),
        _limit_of_missing_data(monitor),
        None if monitor.options.get("renotify_interval") else _limit_of_repeats(),
    )
    return tuple(limit for limit in found if limit is not None)


def sent_events(monitor: RenderedMonitor) -> Events:
    """What its options leave."""
    sent = ALL
    for limit in limits(monitor):
        sent &= ~limit.events
    return sent


def _warns(monitor: RenderedMonitor) -> bool:
    """Whether it has a state of warning; where that is not written in its thresholds, it may."""
    return monitor.type in _WARN_OTHERWISE or monitor.threshold("warning") is not None or not _has_critical(monitor)


def _has_critical(monitor: RenderedMonitor) -> bool:
    return monitor.threshold("critical") is not None


def _limit_of_missing_data(monitor: RenderedMonitor) -> Limit | None:
    """`on_missing_data` took the place of `notify_no_data`; with `show_no_data` the state is shown and nobody told."""
    missing = monitor.options.get("on_missing_data")
    is_told = monitor.options.get("notify_no_data") is True or missing == "show_and_notify_no_data"
    if is_told or monitor.type in _NO_DATA_OTHERWISE:
        return None
    return _limit_of_silence(is_shown=missing == "show_no_data")


@functools.cache
def _limit_of_warnings() -> Limit:
    return Limit(_of(State.WARNING), "the monitor has no warning threshold", "set `warning` in its thresholds")


@functools.cache
def _limit_of_silence(*, is_shown: bool) -> Limit:
    entered = _set_of([event.state is State.NO_DATA for event in _EVENTS])
    return Limit(
        entered if is_shown else _of(State.NO_DATA),
        "the monitor does not tell that data is missing",
        "set the option `on_missing_data: show_and_notify_no_data` (`notify_no_data: true` where there is none)",
    )


@functools.cache
def _limit_of_repeats() -> Limit:
    return Limit(repeats(), "the monitor tells nothing twice", "set the option `renotify_interval`")


def _is_trouble(event: AlertEvent) -> bool:
    """A group without data, or in a state nobody knows, was in neither of the others."""
    rank, before = (_RANKS.index(state) if state in _RANKS else 0 for state in (event.state, event.previous))
    return rank > 0 and (event.is_renotification or rank > before)


@functools.cache
def _holding(name: str) -> Events:
    test = STATE_TESTS.get(name)
    return ALL if test is None else _set_of([test(event) for event in _EVENTS])


def _of(state: State) -> Events:
    """The events of a state, and those that leave it."""
    return _set_of([state in {event.state, event.previous} for event in _EVENTS])


def _set_of(members: Sequence[bool]) -> Events:
    return sum(1 << index for index, is_member in enumerate(members) if is_member)
