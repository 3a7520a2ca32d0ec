"""Run a test: its series through the monitor, and what came of it against what was expected."""

from __future__ import annotations

from datetime import tzinfo

import numpy as np

from generator.schedule.zones import UnknownZone, zone
from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.refusal import Refusal
from generator.simulate.space import is_known
from generator.simulate.telling import sent
from generator.testing.comparing import differences
from generator.testing.model import Given, PreparedTest
from generator.testing.outcome import Outcome


def run(test: PreparedTest) -> Outcome:
    history = History(map(_series, test.given))
    payload = test.resource.payload
    simulation = simulate(payload, history, since=test.since, until=test.until)
    if isinstance(simulation, Refusal):
        return Outcome(test, refusal=simulation.reason)
    told = (each for group in simulation.groups for each in sent(payload, group, _zone))
    found = tuple(sorted(told, key=lambda each: (each.at, each.group)))
    return Outcome(test, differences(test, simulation.groups, found), simulation.groups, found)


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
