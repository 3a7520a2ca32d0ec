"""Whom notification rules tell besides a monitor's message (https://docs.datadoghq.com/monitors/notify/notification_rules/)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

import msgspec

from generator.localdog import notification_rules
from generator.localdog.store import Store
from generator.message.conditions import STATE_TESTS
from generator.message.event import AlertEvent
from generator.simulate.group_scope import scope_matcher
from generator.simulate.refusal import NotSimulated

TRANSITION = "transition_type:"


class Filter(msgspec.Struct, frozen=True):
    """All of the tags, or a scope."""

    tags: list[str] | None = None
    scope: str = ""


class Condition(msgspec.Struct, frozen=True):
    scope: str
    recipients: list[str]


class Conditional(msgspec.Struct, frozen=True):
    conditions: list[Condition]
    fallback_recipients: list[str] | None = None


class Rule(msgspec.Struct, frozen=True):
    """One as it is stored."""

    filter: Filter
    recipients: list[str] = []
    conditional_recipients: Conditional | None = None


class Stored(msgspec.Struct, frozen=True):
    attributes: Rule


class Arrival(msgspec.Struct, frozen=True):
    """What rules look at: the event, and the tags of the monitor and the group in small letters."""

    event: AlertEvent
    tags: frozenset[str]


def rules_of(store: Store) -> tuple[Rule, ...]:
    return tuple(_read(store))


def _read(store: Store) -> Iterator[Rule]:
    """What a saved state brought along and is none tells nobody."""
    for body in store.bodies(notification_rules.TYPE):
        with suppress(msgspec.DecodeError):
            yield msgspec.json.decode(body, type=Stored).attributes


def handles(rules: Sequence[Rule], arrival: Arrival) -> tuple[str, ...]:
    """Those of all rules that match, each once and with its sign."""
    told = (recipient for rule in rules if _matches(rule.filter, arrival) for recipient in _recipients(rule, arrival))
    return tuple(dict.fromkeys(f"@{each}" for each in told))


def _recipients(rule: Rule, arrival: Arrival) -> Sequence[str]:
    """Those of the conditions that hold, else the fallback."""
    conditional = rule.conditional_recipients
    if conditional is None:
        return rule.recipients
    holding = [each for each in conditional.conditions if _holds(each.scope, arrival)]
    found = [recipient for each in holding for recipient in each.recipients]
    return found or conditional.fallback_recipients or ()


def _matches(wanted: Filter, arrival: Arrival) -> bool:
    if wanted.tags is not None:
        return all(tag.lower() in arrival.tags for tag in wanted.tags)
    return _holds(wanted.scope, arrival)


def _holds(scope: str, arrival: Arrival) -> bool:
    """A scope that cannot be read is none that holds."""
    if scope.startswith(TRANSITION):
        name = scope.removeprefix(TRANSITION)
        test = STATE_TESTS.get(name) or STATE_TESTS.get(f"is_{name}")
        return test is not None and test(arrival.event)
    try:
        return scope_matcher(scope)(arrival.tags)
    except NotSimulated:
        return False
