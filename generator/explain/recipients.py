"""Whom a monitor's message tells in which state, as far as its options let the state be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Final

import msgspec

from generator.explain.option_words import mapping, threshold_of
from generator.message.conditions import STATE_TESTS
from generator.message.event import AlertEvent, State
from generator.message.handles import Mention, mentions
from generator.message.nodes import Branch, Message
from generator.message.parser import parse_message
from generator.message.vocabulary import CONDITIONS

_WHENEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
# What a composite, a check or an SLO warns of is not written in thresholds of its own.
_WARN_OTHERWISE: Final = frozenset({"composite", "service check", "slo alert", "synthetics alert"})
_NAMES: Final = {State.ALERT: "alert", State.WARNING: "warning", State.NO_DATA: "no data"}
# https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor (`renotify_statuses`)
_STATUSES: Final = {"alert": State.ALERT, "warn": State.WARNING, "no data": State.NO_DATA}


class Told(msgspec.Struct, frozen=True):
    """Whom a notification of the state reaches, and whom it reaches of some groups or priorities only."""

    state: str
    handles: tuple[str, ...]
    perhaps: tuple[str, ...] = ()


class _Notification(msgspec.Struct, frozen=True):
    """One that the monitor can send; `state` names those that are told alike if they are, `name` this one."""

    state: str
    name: str
    event: AlertEvent


def recipients(payload: Mapping[str, Any]) -> tuple[Told, ...]:
    """In the order of alert, warning, no data, recovery and reminder; one without a name where all reach the same."""
    options = mapping(payload.get("options"))
    message, escalation = str(payload.get("message") or ""), str(options.get("escalation_message") or "")
    usual = parse_message(message)
    again = parse_message(f"{message}\n\n{escalation}") if escalation else usual
    found: list[Told] = []
    for state, notifications in groupby(_sent(str(payload.get("type")), options), key=lambda each: each.state):
        told = [_told(each, again if each.event.is_renotification else usual) for each in notifications]
        found += [msgspec.structs.replace(told[0], state=state)] if _are_alike(told) else told
    return (msgspec.structs.replace(found[0], state=""),) if _are_alike(found) else tuple(found)


def _are_alike(told: Sequence[Told]) -> bool:
    return len({(frozenset(each.handles), frozenset(each.perhaps)) for each in told}) == 1


def _sent(monitor_type: str, options: Mapping[str, Any]) -> Iterator[_Notification]:
    missing = options.get("on_missing_data")
    tells_no_data = missing == "show_and_notify_no_data" or (missing is None and options.get("notify_no_data") is True)
    warns = monitor_type in _WARN_OTHERWISE or threshold_of(options, "warning") is not None
    states = [State.ALERT, *([State.WARNING] if warns else []), *([State.NO_DATA] if tells_no_data else [])]
    for state in states:
        yield _Notification(_NAMES[state], _NAMES[state], _event(state))
        if state is State.WARNING:
            yield _Notification("warning", "warning after an alert", _event(state, before=State.ALERT))
    if not mapping(options.get("scheduling_options")).get("custom_schedule"):
        ended = [*states, *([State.NO_DATA] if missing == "show_no_data" else [])]
        for state in ended:
            yield _Notification("recovery", f"recovery from {_NAMES[state]}", _event(State.OK, before=state))
    for state in _reminded(options):
        if state in states:
            yield _Notification("reminder", f"reminder of {_NAMES[state]}", _event(state, is_again=True))


def _reminded(options: Mapping[str, Any]) -> tuple[State, ...]:
    """Alerts and missing data where the options name no states (https://docs.datadoghq.com/monitors/notify/)."""
    if not options.get("renotify_interval"):
        return ()
    named = options.get("renotify_statuses")
    statuses = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    return tuple(state for name, state in _STATUSES.items() if name in (statuses or ("alert", "no data")))


def _event(state: State, *, before: State = State.OK, is_again: bool = False) -> AlertEvent:
    return AlertEvent(state=state, previous=state if is_again else before, is_renotification=is_again, at=_WHENEVER)


def _told(notification: _Notification, message: Message) -> Told:
    certain: dict[str, None] = {}
    possible: dict[str, None] = {}
    event = notification.event
    # Who stands in `is_alert_recovery` is told when an alert becomes a warning too.
    also = ("", "is_alert_recovery") if (event.previous, event.state) == (State.ALERT, State.WARNING) else ("",)
    for mention in mentions(message):
        shown = {_is_shown(mention, event, each) for each in also}
        if shown != {False}:
            (certain if True in shown else possible)[mention.handle] = None
    return Told(notification.name, tuple(certain), tuple(each for each in possible if each not in certain))


def _is_shown(mention: Mention, event: AlertEvent, also: str) -> bool | None:
    """None where the group or the priority decides; `also` is a condition that holds whatever the event."""
    found = [_holds(branch, event, also) for branch in mention.branches]
    if False in found:
        return False
    return None if None in found else True


def _holds(branch: Branch, event: AlertEvent, also: str) -> bool | None:
    name = branch.condition.name
    if name in STATE_TESTS:
        return (name == also or STATE_TESTS[name](event)) is branch.holds
    if name in CONDITIONS:
        return None
    # Of a block that Datadog does not know, only what follows `{{else}}` is shown.
    return branch.holds is branch.condition.is_negated
