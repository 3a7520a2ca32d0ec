"""A monitor's payload over history: every evaluation of every group between two moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import structs

from generator.simulate.history import Group, History
from generator.simulate.judging import acquaintance, without_unknown
from generator.simulate.monitor import monitor
from generator.simulate.refusal import NotSimulated, Refusal
from generator.simulate.run import Run, prepared
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.states import Interval, timeline
from generator.simulate.timeline import UNSEEN, GroupTimeline, Simulation, Standing


def simulate(  # noqa: PLR0913 - the span, and what decides beside the payload
    payload: Mapping[str, Any],
    history: History,
    *,
    since: int,
    until: int,
    settings: Settings = DEFAULT,
    muted: Sequence[Interval] = (),
    begin: Mapping[Group, Standing] | None = None,
) -> Simulation | Refusal:
    """Evaluate a metric monitor from `since` to `until` (UNIX seconds, both included).

    `muted` are the downtimes that match it, as seconds from and to. `begin` continues from where an earlier
    simulation left its groups: those that are not in it are new. What cannot be simulated is a refusal.
    """
    try:
        # What is no number, such as what is divided by zero, is no point.
        with np.errstate(all="ignore"):
            run = prepared(monitor(payload), history, since, until, settings)
            return _simulated(run, since=since, until=until, muted=muted, begin=begin)
    except NotSimulated as error:
        return error.refusal


def _simulated(
    run: Run, *, since: int, until: int, muted: Sequence[Interval], begin: Mapping[Group, Standing] | None
) -> Simulation:
    found: list[GroupTimeline] = []
    if len(run.moments):
        for rows in run.chunks():
            found += _timelines(run, rows, muted, begin)
    return Simulation(since=since, until=until, evaluations=len(run.moments), groups=tuple(found))


def _timelines(
    run: Run, rows: tuple[Group, ...], muted: Sequence[Interval], begin: Mapping[Group, Standing] | None
) -> Iterator[GroupTimeline]:
    seen = run.seen(rows)
    for row, group in enumerate(rows):
        found = seen.flags[row]
        stood = UNSEEN if begin is None else begin.get(group, UNSEEN)
        if group and (begin is not None or not seen.has_point[row].all()):
            known = acquaintance(run.moments, seen.has_point[row], None if begin is None else stood)
            found, stood = without_unknown(run.monitor, run.settings, run.moments, found, known), known.kept(stood)
        elif group:
            stood = structs.replace(stood, seen_at=int(run.moments[-1]))
        values = seen.values[row]
        yield timeline(
            group, run.monitor, run.settings, moments=run.moments, flags=found, values=values, muted=muted, begin=stood
        )
