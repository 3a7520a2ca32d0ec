"""A monitor's payload over history: every evaluation of every group between two moments."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec import structs

from generator.query.inspection import calls
from generator.simulate import across_groups, moments
from generator.simulate.expression import Calculation
from generator.simulate.history import Group, History, Times
from generator.simulate.judging import acquaintance, evaluated, joined, without_unknown
from generator.simulate.monitor import Monitor, monitor
from generator.simulate.reading import calculation
from generator.simulate.refusal import NotSimulated, Refusal
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.states import Interval, timeline
from generator.simulate.timeline import UNSEEN, GroupTimeline, Simulation, Standing
from generator.simulate.windowed import Reduction, Windows

# Values of one chunk: small enough that several such arrays stay in a processor's cache.
_CHUNK = 1 << 18


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
            run = _run(monitor(payload), history, since, until, settings)
            return _simulated(run, since=since, until=until, muted=muted, begin=begin)
    except NotSimulated as error:
        return error.refusal


def _simulated(
    run: _Run, *, since: int, until: int, muted: Sequence[Interval], begin: Mapping[Group, Standing] | None
) -> Simulation:
    found: list[GroupTimeline] = []
    if len(run.moments):
        for rows in run.chunks():
            found += _timelines(run, rows, muted, begin)
    return Simulation(since=since, until=until, evaluations=len(run.moments), groups=tuple(found))


@dataclass(frozen=True, eq=False)
class _Run:
    monitor: Monitor
    calculation: Calculation
    settings: Settings
    moments: Times

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.calculation.groups(self.monitor.expression) or ((),) * (not self._is_grouped)

    @property
    def _is_grouped(self) -> bool:
        return bool(self.calculation.keys(self.monitor.expression))

    def chunks(self) -> Iterator[tuple[Group, ...]]:
        """Groups to compute together; all of them where they depend on each other."""
        groups = self.groups
        size = len(groups) if self._combines else max(1, _CHUNK // max(1, self._buckets))
        for start in range(0, len(groups), max(1, size)):
            yield groups[start : start + size]

    def reductions(self, rows: int) -> Iterator[Reduction]:
        """Evaluations to compute together, so that memory stays bounded."""
        leaves = self.calculation.leaves.values()
        width = max((len(each.sources) for each in leaves), default=1) if self._combines else rows
        width *= max((len(sources) for each in leaves for sources in each.sources.values()), default=1)
        node, longest = self.monitor.expression, self._windows.longest
        own = self.calculation.seen_buckets(node, delay=self.monitor.delay, longest=longest)
        own += self.calculation.memory(node) if own else 0
        at_once = max(1, 16 * _CHUNK // max(1, width, width * own))
        for start in range(0, len(self.moments), at_once):
            yield Reduction(self.calculation, self._windows.part(start, start + at_once), self.monitor.delay)

    @functools.cached_property
    def _windows(self) -> Windows:
        ends, seconds = self.moments - self.monitor.delay, self.calculation.around.seconds
        starts = moments.window_starts(self.monitor, ends)
        return Windows(self.moments, ends, (starts // seconds + 1) * seconds, ends // seconds * seconds, seconds)

    @property
    def _combines(self) -> bool:
        every = calls(self.monitor.expression)
        return any(across_groups.combines_groups(each) or across_groups.ranks_groups(each) for each in every)

    @property
    def _buckets(self) -> int:
        span = int(self.moments[-1] - self.moments[0]) + moments.longest_window(self.monitor)
        return span // self.calculation.around.seconds


def _run(read: Monitor, history: History, since: int, until: int, settings: Settings) -> _Run:
    found = calculation(read.expression, history, moments.longest_window(read), settings)
    return _Run(read, found, settings, moments.evaluations(read, since, until, settings))


def _timelines(
    run: _Run, rows: tuple[Group, ...], muted: Sequence[Interval], begin: Mapping[Group, Standing] | None
) -> Iterator[GroupTimeline]:
    parts = [evaluated(run.monitor, reduction, rows) for reduction in run.reductions(len(rows))]
    seen = parts[0] if len(parts) == 1 else joined(parts)
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
