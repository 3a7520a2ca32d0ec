"""Run a test: its series through the monitor, and what came of it against what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any, Final, TypedDict

import numpy as np
from msgspec import structs

from generator.schedule.zones import UnknownZone, zone
from generator.simulate.composite import simulate_composite
from generator.simulate.evaluating import simulate
from generator.simulate.history import Group, History, Series
from generator.simulate.refusal import Refusal
from generator.simulate.sensitivity import sensitivity
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.space import is_known
from generator.simulate.telling import sent
from generator.simulate.timeline import Simulation, Standing
from generator.testing.comparing import differences
from generator.testing.model import Given, PreparedTest
from generator.testing.outcome import Dependence, Outcome
from generator.testing.queries import has_groups

Payload = Mapping[str, Any]
_KNOWN: Final[Mapping[Group, Standing]] = {(): Standing(was_evaluated=True)}
"""Datadog misses only what it has evaluated before, so before its test a monitor without groups has been."""


class _Span(TypedDict):
    since: int
    until: int
    settings: Settings


def run(test: PreparedTest, settings: Settings = DEFAULT) -> Outcome:
    payload = test.resource.payload
    simulation = _simulation(test, settings)
    if isinstance(simulation, Refusal):
        return Outcome(test, refusal=simulation.reason)
    told = (each for group in simulation.groups for each in sent(payload, group, _zone))
    found = tuple(sorted(told, key=lambda each: (each.at, each.group)))
    return Outcome(test, differences(test, simulation.groups, found), simulation.groups, found)


def dependences(outcome: Outcome, settings: Settings = DEFAULT) -> tuple[Dependence, ...]:
    """The choices that Datadog does not document by which the test would end otherwise."""
    choices = dict.fromkeys(
        each for payload in _simulated_payloads(outcome.test) for each in _choices(payload, outcome, settings)
    )
    return tuple(
        Dependence(setting=setting, chosen=getattr(settings, setting), instead=instead)
        for setting, instead in choices
        if run(outcome.test, structs.replace(settings, **{setting: instead})).passed is not outcome.passed
    )


def _simulated_payloads(test: PreparedTest) -> tuple[Payload, ...]:
    return tuple(test.parts.values()) if test.is_composite else (test.resource.payload,)


def _choices(payload: Payload, outcome: Outcome, settings: Settings) -> Iterator[tuple[str, Any]]:
    test = outcome.test
    found = sensitivity(
        payload, History(map(_series, test.given)), since=test.since, until=test.until, settings=settings
    )
    yield from () if isinstance(found, Refusal) else ((each.setting, each.instead) for each in found)


def _simulation(test: PreparedTest, settings: Settings) -> Simulation | Refusal:
    """With the downtimes of the project, which are not those of a composite's parts."""
    history = History(map(_series, test.given))
    payload, name = test.resource.payload, f"%{{{test.resource.tracking_id}}}"
    span: _Span = {"since": test.since, "until": test.until, "settings": settings}
    if test.is_composite:
        parts = {each: _simulated(part, history, span) for each, part in test.parts.items()}
        return simulate_composite(payload, parts, **span, downtimes=test.downtimes, known_as=name)
    return _simulated(payload, history, span, test.downtimes, known_as=name)


def _simulated(
    payload: Payload, history: History, span: _Span, downtimes: Sequence[Payload] = (), *, known_as: str = ""
) -> Simulation | Refusal:
    begin = None if has_groups(payload) else _KNOWN
    return simulate(payload, history, **span, begin=begin, downtimes=downtimes, known_as=known_as)


def _series(given: Given) -> Series:
    times, values = zip(*given.points, strict=True) if given.points else ((), ())
    return Series(
        metric=given.metric,
        times=np.array(times, dtype=np.int64),
        values=np.array(values, dtype=np.float64),
        tags=given.tags,
        kind="count" if given.is_count else "gauge",
        arrives=given.arrives,
        space="" if is_known(given.space) else given.space,
    )


def _zone(name: str) -> tzinfo | None:
    found = zone(name)
    return None if isinstance(found, UnknownZone) else found
