"""A monitor's payload over history: every evaluation of every group between two moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import structs

from generator.simulate.downtimes import Silence, matching, scope_tags
from generator.simulate.history import Group, History
from generator.simulate.judging import Seen, acquaintance, without_unknown
from generator.simulate.merging import merged
from generator.simulate.monitor import monitor
from generator.simulate.mutes import Interval, plainly
from generator.simulate.refusal import NotSimulated, Refusal
from generator.simulate.run import Run, prepared
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.states import each_alone, rules_of, timeline
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
    downtimes: Sequence[Mapping[str, Any]] = (),
    known_as: str | None = None,
) -> Simulation | Refusal:
    """Evaluate a metric monitor from `since` to `until` (UNIX seconds, both included).

    `muted` silences all groups, as seconds from and to. Of `downtimes` (attributes of Datadog's v2 API) those hold that
    match the monitor's tags, or the id that it is `known_as`, its payload's if it has one. `begin` continues from where
    an earlier simulation left its groups: those that are not in it are new. What cannot be simulated is a refusal.
    """
    try:
        read = monitor(payload)
        name = str(payload.get("id")) if known_as is None else known_as
        holding = matching(payload, name, downtimes, since=since, until=until)
        silence = Silence(plainly(muted), holding, scope_tags(read.expression) if holding else frozenset())
        # What is no number, such as what is divided by zero, is no point.
        with np.errstate(all="ignore"):
            run = prepared(read, history, since, until, settings)
            return _simulated(run, since=since, until=until, silence=silence, begin=begin)
    except NotSimulated as error:
        return error.refusal


def _simulated(
    run: Run, *, since: int, until: int, silence: Silence, begin: Mapping[Group, Standing] | None
) -> Simulation:
    found: list[GroupTimeline] = []
    has_point = np.zeros(len(run.moments), np.bool_)
    if len(run.moments):
        for rows in run.chunks():
            seen = run.seen(rows)
            has_point |= seen.was_read.any(axis=0)
            found += _timelines(run, rows, seen, silence=silence, begin=begin)
    if run.monitor.notify_by is not None:
        found = list(merged(found, run.monitor.notify_by, run.monitor.renotify, run.settings))
    return Simulation(
        since=since,
        until=until,
        evaluations=len(run.moments),
        groups=tuple(found),
        with_points=int(np.count_nonzero(has_point)),
    )


def _timelines(
    run: Run, rows: tuple[Group, ...], seen: Seen, *, silence: Silence, begin: Mapping[Group, Standing] | None
) -> Iterator[GroupTimeline]:
    rules = rules_of(run.monitor, run.settings)
    for row, group in enumerate(rows):
        found, values = seen.flags[row], seen.values[row]
        stood = UNSEEN if begin is None else begin.get(group, UNSEEN)
        if group and (begin is not None or not seen.was_read[row].all()):
            known = acquaintance(run.moments, seen.was_read[row], None if begin is None else stood)
            found = without_unknown(run.monitor, run.settings, run.moments, found, known)
            stood = structs.replace(stood, **known.end)
        elif group:
            stood = structs.replace(stood, seen_at=int(run.moments[-1]))
        if run.monitor.custom_schedule is None:
            yield timeline(
                group, rules, moments=run.moments, flags=found, values=values, mutes=silence.of(group), begin=stood
            )
        else:
            yield each_alone(
                group, rules.gap, moments=run.moments, flags=found, values=values, mutes=silence.of(group), begin=stood
            )
