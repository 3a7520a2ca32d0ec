"""One metric of a query: which sources it reads, how their points become one series for each group."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.query.nodes import AsCount, AsRate, Fill, MetricQuery, Rollup, ThresholdCount
from generator.simulate import buckets, gaps, modifiers, space
from generator.simulate.grid import Grid
from generator.simulate.history import Group, History, Series, Times, Values
from generator.simulate.refusal import NotSimulated
from generator.simulate.scopes import matcher
from generator.simulate.settings import DEFAULT, Settings

EachSource = Callable[[Values], Values]


@dataclass(frozen=True, eq=False)
class Leaf:
    """What a metric query of the text reads from the history.

    `closes_alone` tells whether gaps are closed where a group has one source only.
    """

    space: str
    method: str
    as_count: bool
    as_rate: bool
    fill: Fill
    goes_on: bool
    closes_alone: bool
    seconds: int
    unaligned: str
    sources: dict[Group, tuple[Series, ...]]

    @functools.cached_property
    def memory(self) -> int:
        """How many buckets back a point is that closes a gap."""
        closes = any(map(self._closes_gaps, self.sources.values()))
        return gaps.reach(self.fill, seconds=self.seconds) if closes else 0

    @functools.cached_property
    def later_buckets(self) -> int:
        """How many of the last buckets may change when the next point comes."""
        if not gaps.needs_later_points(self.fill):
            return 0
        return max((self._longest_gap(sources) for sources in self.sources.values()), default=0)

    @property
    def is_of_single_sources(self) -> bool:
        return all(len(sources) == 1 for sources in self.sources.values())

    @property
    def is_zero_without_points(self) -> bool:
        """Whether arithmetic takes 0 where it has no point
        (https://docs.datadoghq.com/dashboards/functions/interpolation/#default-zero).
        """
        return self.as_count or self.as_rate

    @functools.cached_property
    def _arrives(self) -> int:
        return max((series.arrives for group in self.sources.values() for series in group), default=0)

    @functools.cached_property
    def _starts_at_once(self) -> bool:
        return all(buckets.starts_at_once(each, self.seconds) for group in self.sources.values() for each in group)

    def unsettled_seconds(self, *, shift: int, delay: int) -> int:
        """How far back from the end of a window buckets can still change, `shift` (negative) seconds ago."""
        return max(0, self._arrives - delay + shift + (0 if self._starts_at_once else self.seconds))

    def values(
        self, rows: Sequence[Group], source_starts: Times, grid: Grid, each_source: EachSource | None = None
    ) -> Values:
        """Shape (rows, …): the value at each bucket that starts at `source_starts`, shown at the grid's own starts.

        `each_source` is computed of the sources before they are aggregated.
        """
        found = np.empty((len(rows), *source_starts.shape))
        if source_starts is grid.starts and grid.seen is None:
            lookup = _in_order(source_starts, self.seconds)
        else:
            lookup = _lookup(source_starts, self.seconds, self.unaligned)
        for row, group in enumerate(rows):
            self._of_group(self.sources.get(group, ()), lookup, grid, found[row], each_source)
        return found

    def _of_group(
        self, sources: tuple[Series, ...], lookup: _Lookup, grid: Grid, found: Values, each_source: EachSource | None
    ) -> None:
        if not sources:
            found.fill(np.nan)
        elif len(sources) == 1 and each_source is None and self.space != "count" and not self._closes_gaps(sources):
            self._of_source(sources[0], lookup, grid, found)
        else:
            every = np.empty((len(sources), *found.shape))
            for series, part in zip(sources, every, strict=True):
                self._of_source(series, lookup, grid, part)
            if self._closes_gaps(sources):
                every = gaps.filled(every, self.fill, seconds=self.seconds, goes_on=self.goes_on)
            if each_source is not None:
                every = each_source(every)
            found[...] = every[0] if sources[0].space else space.aggregated(every, self.space)

    def _of_source(self, series: Series, lookup: _Lookup, grid: Grid, found: Values) -> None:
        lookup.fill(series, self.method, found)
        if grid.seen is not None:
            starts = lookup.starts
            # Not what the window ends at: a delay of a bucket's length completes the last one
            # (https://docs.datadoghq.com/dashboards/functions/rollup/#rollups-in-monitors).
            until = np.broadcast_to(grid.seen.moments - series.arrives, starts.shape)
            is_open = starts + self.seconds - 1 > until
            if is_open.any():
                found[is_open] = buckets.partial(
                    series, starts[is_open], until[is_open], seconds=self.seconds, method=self.method
                )
        if lookup.lost is not None:
            found[lookup.lost] = np.nan
        if self.as_count and series.kind == "rate":
            found *= series.interval
        elif self.as_rate and series.kind == "count":
            found /= self.seconds

    def _closes_gaps(self, sources: tuple[Series, ...]) -> bool:
        """Interpolation is for aligning several sources
        (https://docs.datadoghq.com/metrics/guide/interpolation-the-fill-modifier-explained/).
        """
        return self.fill.method != "null" and (len(sources) > 1 or (self.closes_alone and not sources[0].space))

    def _longest_gap(self, sources: tuple[Series, ...]) -> int:
        if not self._closes_gaps(sources):
            return 0
        between = (np.diff(each.times // self.seconds) for each in sources if not each.is_dense(self.seconds))
        return max((int(each.max()) - 1 for each in between if len(each)), default=0)


@dataclass(frozen=True, slots=True, eq=False)
class _Lookup:
    """Which buckets stand at `starts`: numbers from `first` on, `count` of them; `numbers` None: one after another.

    `lost` are those that read none.
    """

    starts: Times
    seconds: int
    first: int
    count: int
    numbers: Times | None
    lost: NDArray[np.bool_] | None

    def fill(self, series: Series, method: str, found: Values) -> None:
        table = found if self.numbers is None else np.empty(self.count)
        buckets.complete(series, found=table, first=self.first, seconds=self.seconds, method=method)
        if self.numbers is not None:
            found[...] = table[self.numbers]


def _in_order(starts: Times, seconds: int) -> _Lookup:
    return _Lookup(
        starts=starts,
        seconds=seconds,
        first=int(starts[0]) // seconds,
        count=len(starts),
        numbers=None,
        lost=None,
    )


def _lookup(asked: Times, seconds: int, unaligned: str) -> _Lookup:
    numbers, remainders = np.divmod(asked, seconds)
    is_aligned = not remainders.any()
    if not is_aligned and unaligned == "refused":
        raise NotSimulated(f"a shift that is no multiple of the {seconds} s of a bucket: what pairs up is unknown")
    first, count = int(numbers.min()), int(numbers.max() - numbers.min()) + 1
    in_order = numbers.ndim == 1 and count == len(numbers) and (np.diff(numbers) == 1).all()
    return _Lookup(
        starts=asked if is_aligned else numbers * seconds,
        seconds=seconds,
        first=first,
        count=count,
        numbers=None if in_order else numbers - first,
        lost=remainders != 0 if not is_aligned and unaligned == "nothing" else None,
    )


def leaf(
    query: MetricQuery, history: History, *, seconds: int, settings: Settings = DEFAULT, closes_alone: bool = False
) -> Leaf:
    """The leaf of a metric query, with buckets of `seconds`.

    Counts and rates are averaged like gauges unless `.as_count()` or `.as_rate()` says otherwise
    (https://docs.datadoghq.com/metrics/custom_metrics/type_modifiers/). With `closes_alone` its gaps are closed
    whatever the number of sources.
    """
    modifiers.check(query)
    series = _read_by(query, history)
    kinds = {each.kind for each in series}
    as_count, as_rate = (modifiers.has(query, kind) and kinds != {"gauge"} for kind in (AsCount, AsRate))
    if as_count and any(each.kind == "rate" and not each.interval for each in series):
        raise NotSimulated(
            "`.as_count()` of a rate whose history names no `interval`: how much it counts is unknown", query
        )
    sums = as_count or (as_rate and (kinds != {"rate"} or settings.rates_as_rate == "sum"))
    return Leaf(
        space=_space(query, series),
        method=modifiers.rollup_method(query, sums=sums),
        as_count=as_count,
        as_rate=as_rate,
        fill=modifiers.fill(query, counts=as_count or as_rate),
        goes_on=settings.last_point == "goes_on",
        closes_alone=closes_alone
        or modifiers.has(query, Fill)
        or (settings.interpolated == "queries" and len(series) > 1),
        seconds=seconds,
        unaligned=settings.unaligned_shift,
        sources=_by_group(query, series),
    )


def group_keys(query: MetricQuery) -> tuple[str, ...]:
    return tuple(sorted(set(query.group_by)))


def rollup_seconds(query: MetricQuery) -> int | None:
    """The length of the buckets that the text asks for."""
    for modifier in query.modifiers:
        if isinstance(modifier, Rollup) and modifier.interval is not None:
            if not isinstance(modifier.interval, int) or modifier.interval <= 0:
                raise NotSimulated(f"rollups by the calendar, such as `{modifier.interval}`", modifier)
            return modifier.interval
    return None


def _read_by(query: MetricQuery, history: History) -> tuple[Series, ...]:
    matches = matcher(query.scope)
    wanted = query.space if isinstance(query.space, str) else ""
    ready = tuple(each for each in history.of(query.metric) if each.space == wanted != "" and matches(each.tags))
    return ready or tuple(each for each in history.of(query.metric) if not each.space and matches(each.tags))


def _space(query: MetricQuery, series: tuple[Series, ...]) -> str:
    method = "count" if isinstance(query.space, ThresholdCount) else query.space or "avg"
    is_ready = bool(series) and all(each.space for each in series)
    if isinstance(query.space, ThresholdCount) or not (space.is_known(method) or is_ready):
        raise NotSimulated("a distribution's percentiles and counts cannot be told from points of its sources", query)
    return method


def _by_group(query: MetricQuery, series: tuple[Series, ...]) -> dict[Group, tuple[Series, ...]]:
    """Series that lack a tag of the grouping belong to N/A, which monitors leave out
    (https://docs.datadoghq.com/monitors/configuration/).
    """
    found: dict[Group, list[Series]] = {}
    keys = group_keys(query)
    for each in series:
        values = [each.tag_value(key) for key in keys]
        if None not in values:
            group = tuple(f"{key}:{value}" for key, value in zip(keys, values, strict=True))
            found.setdefault(group, []).append(each)
    return {group: tuple(each) for group, each in sorted(found.items())}
