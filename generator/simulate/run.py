"""The evaluations of a monitor, in pieces that bound what is in memory."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from generator.query.inspection import calls, leaves
from generator.simulate import across_groups, moments
from generator.simulate.expression import Calculation
from generator.simulate.history import Group, History, Times
from generator.simulate.judging import Seen, evaluated, joined
from generator.simulate.leaf import rollup_seconds
from generator.simulate.monitor import Monitor
from generator.simulate.reading import calculation
from generator.simulate.refusal import NotSimulated
from generator.simulate.settings import Settings
from generator.simulate.windowed import Reduction, Windows

# Values of one chunk: small enough that several such arrays stay in a processor's cache.
_CHUNK = 1 << 18
# From the first block of this size on, glibc keeps what is freed up to it. Otherwise each array of each chunk goes back
# to the kernel, and page by page comes from it again: half of the time of a run.
_KEPT_BYTES = 31 << 20
# Of one group: what takes many seconds, such as a year of evaluations of 95 buckets.
_MOST_SEEN = 50_000_000


@dataclass(frozen=True, eq=False)
class Run:
    """A monitor over a history: what each evaluation finds, before any state follows from it."""

    monitor: Monitor
    calculation: Calculation
    settings: Settings
    moments: Times

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.calculation.groups(self.monitor.expression)

    def chunks(self) -> Iterator[tuple[Group, ...]]:
        """Groups to compute together; all of them where they depend on each other."""
        groups = self.groups
        size = len(groups) if self._combines else max(1, _CHUNK // max(1, self._buckets))
        for start in range(0, len(groups), max(1, size)):
            yield groups[start : start + size]

    def seen(self, rows: Sequence[Group]) -> Seen:
        """What the evaluations of these groups find, in order of time."""
        parts = [evaluated(self.monitor, reduction, rows) for reduction in self._reductions(len(rows))]
        return parts[0] if len(parts) == 1 else joined(parts)

    def _reductions(self, rows: int) -> Iterator[Reduction]:
        """Evaluations to compute together, so that memory stays bounded."""
        leaves = self.calculation.leaves.values()
        width = max((len(each.sources) for each in leaves), default=1) if self._combines else rows
        width *= max((len(sources) for each in leaves for sources in each.sources.values()), default=1)
        node, longest = self.monitor.expression, self._windows.longest
        own = self.calculation.seen_buckets(node, delay=self._delay, longest=longest)
        own += self.calculation.memory(node) if own else 0
        if own * len(self.moments) > _MOST_SEEN:
            every = f"{own:,} buckets for each of {len(self.moments):,} evaluations"
            raise NotSimulated(f"{every} would be computed anew: roll up into longer ones", node)
        at_once = max(1, 16 * _CHUNK // max(1, width, width * own))
        for part in _parts(self._windows, at_once):
            yield Reduction(self.calculation, part, self._delay)

    @functools.cached_property
    def _windows(self) -> Windows:
        ends, seconds = self.moments - self._delay, self.calculation.around.seconds
        starts = moments.window_starts(self.monitor, ends)
        is_rolled_up = any(rollup_seconds(each) for each in leaves(self.monitor.expression))
        edges = "started" if is_rolled_up else self.settings.edge_buckets
        before = {
            "started": starts // seconds + 1,
            "touched": (starts + 1) // seconds,
            "complete": -(-starts // seconds),
        }
        last = (ends + 1) // seconds - 1 if edges == "complete" else ends // seconds
        return Windows(self.moments, before[edges] * seconds, last * seconds, seconds)

    @property
    def _delay(self) -> int:
        is_ignored = self.monitor.custom_schedule is not None and self.settings.scheduled_delay == "ignored"
        return 0 if is_ignored else self.monitor.delay

    @property
    def _combines(self) -> bool:
        every = calls(self.monitor.expression)
        return any(across_groups.combines_groups(each) or across_groups.ranks_groups(each) for each in every)

    @property
    def _buckets(self) -> int:
        span = int(self.moments[-1] - self.moments[0]) + moments.longest_window(self.monitor)
        return span // self.calculation.around.seconds


@functools.lru_cache(maxsize=4)
def _parts(windows: Windows, at_once: int) -> tuple[Windows, ...]:
    """The same for all groups, so that what is known of them is found once."""
    return tuple(windows.part(start, start + at_once) for start in range(0, len(windows.moments), at_once))


def prepared(read: Monitor, history: History, since: int, until: int, settings: Settings) -> Run:
    """Nothing is computed yet, but what cannot be simulated has ended here."""
    np.empty(_KEPT_BYTES, np.uint8)
    found = calculation(read.expression, history, moments.longest_window(read), settings)
    return Run(read, found, settings, moments.evaluations(read, since, until, settings))
