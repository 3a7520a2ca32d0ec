"""A second reading of how a metric monitor is evaluated: plain Python, one group, one evaluation, one bucket at a time.

It shares the parser of queries with the package and nothing else, and computes nothing twice as fast as it could.
"""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, replace
from typing import Any

from generator.query.nodes import (
    AsCount,
    AsRate,
    Binary,
    Call,
    Fill,
    MetricQuery,
    MonitorQuery,
    Number,
    Rollup,
    StringLiteral,
    Unary,
)
from generator.query.parser import parse_metric_monitor

UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
FIXED = {"hour_before": 3600, "day_before": 86_400, "week_before": 604_800, "month_before": 28 * 86_400}
SMOOTHED = {"ewma": 10, "median": 1, "rollingavg": 1}
SHIFTS = (*FIXED, "timeshift")
DEFAULTS = ("default_zero", "default")
CHANGES = ("diff", "monotonic_diff", "derivative", "per_minute")
Group = tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One source: its points by their second."""

    metric: str
    points: dict[int, float]
    tags: tuple[str, ...] = ()
    kind: str = "gauge"
    interval: int = 0
    arrives: int = 0


@dataclass(frozen=True)
class Evaluation:
    """One evaluation at `at`, whose window holds the seconds after `after` up to `end`; buckets of `seconds`.

    What it reads, it reads as many seconds earlier as `shift`, a negative number, says; `filled` inside default_zero().
    """

    sources: list[Source]
    settings: Any
    at: int
    after: int
    end: int
    seconds: int
    is_rolled_up: bool
    shift: int = 0
    filled: bool = False

    @property
    def first(self) -> int:
        return self.held()[0]

    @property
    def last(self) -> int:
        return self.held()[1]

    def held(self) -> tuple[int, int]:
        """The starts of the window's first and last bucket."""
        edges = "started" if self.is_rolled_up else self.settings.edge_buckets
        first, last = self.after // self.seconds * self.seconds, self.end // self.seconds * self.seconds
        if edges == "complete":
            whole = [at for at in range(first, last + 1, self.seconds) if self.is_whole(at)]
            return (whole[0], whole[-1]) if whole else (last + self.seconds, last)
        if edges == "started" or first + self.seconds - 1 <= self.after:
            first += self.seconds
        return first, last

    def is_whole(self, start: int) -> bool:
        return start >= self.after and start + self.seconds - 1 <= self.end

    @property
    def window_buckets(self) -> int:
        return max(1, (self.end - self.after) // self.seconds)

    def value(self, query: MonitorQuery, group: Group) -> float | None:
        function = query.aggregation.function
        counts = [says(leaf, AsCount) for leaf in leaves(query.expression)]
        is_plain = all(counts) and not any_call(query.expression)
        if has_arithmetic(query.expression) and any(counts) and (is_plain or self.settings.mixed_counts == "totals"):
            return self.total(query.expression, group, function)
        return reduced(function, self.window(query.expression, group))

    def window(self, node: Any, group: Group) -> list[float]:
        starts = range(self.first, self.last + 1, self.seconds)
        found = (self.point(node, group, start) for start in starts)
        return [value for value in found if value is not None]

    def total(self, node: Any, group: Group, function: str) -> float | None:
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Unary):
            inner = self.total(node.operand, group, function)
            return None if inner is None else -inner
        if isinstance(node, Binary):
            return operated(node, self.total(node.left, group, function), self.total(node.right, group, function))
        if isinstance(node, Call) and has_arithmetic(node) and node.name in SHIFTS:
            return self.earlier(node).total(node.args[0], group, function)
        if isinstance(node, Call) and has_arithmetic(node) and node.name in POINTWISE:
            return POINTWISE[node.name](self.total(node.args[0], group, function), argument(node))
        found = reduced(function, self.window(node, group))
        return 0.0 if found is None else found

    def point(self, node: Any, group: Group, start: int) -> float | None:
        """What stands at a bucket's start, `shift` seconds later than it was; None where nothing does."""
        if isinstance(node, Number):
            return node.value
        if isinstance(node, Unary):
            inner = self.point(node.operand, group, start)
            return None if inner is None else -inner
        if isinstance(node, Binary):
            return self.arithmetic(node, group, start)
        if isinstance(node, MetricQuery):
            return self.leaf(node, group, start)
        return self.call(node, group, start)

    def arithmetic(self, node: Binary, group: Group, start: int) -> float | None:
        left = self.point(node.left, group, start)
        right = self.point(node.right, group, start)
        if not isinstance(node.left, Number) and not isinstance(node.right, Number):
            if left is None and right is not None and self.counts(node.left):
                left = 0.0
            elif right is None and left is not None and self.counts(node.right):
                right = 0.0
        return operated(node, left, right)

    def call(self, node: Call, group: Group, start: int) -> float | None:
        name, inner = node.name, node.args[0]
        if name in SHIFTS:
            return self.earlier(node).point(inner, group, start)
        if name in POINTWISE:
            inside = replace(self, filled=True) if name in DEFAULTS else self
            return POINTWISE[name](inside.point(inner, group, start), argument(node))
        return self.across_points(node, group, start)

    def across_points(self, node: Call, group: Group, start: int) -> float | None:
        if node.name in CHANGES:
            read, inner = self, node.args[0]
            while isinstance(inner, Call):
                read, inner = read.earlier(inner), inner.args[0]
            return read.leaf(inner, group, start, node.name)
        if node.name == "moving_rollup":
            return self.moving(node, group, start)
        if node.name.partition("_")[0] in SMOOTHED:
            return self.smoothed(node, group, start)
        return self.counted(node, start) if node.name.startswith("count_") else self.ranked(node, group, start)

    def moving(self, node: Call, group: Group, start: int) -> float | None:
        method = node.args[2].text if isinstance(node.args[2], StringLiteral) else "avg"
        back = range(max(1, int(argument(node)) // self.seconds))
        among = [self.point(node.args[0], group, start - self.seconds * n) for n in back]
        return reduced(method, [each for each in among if each is not None])

    def earlier(self, node: Call) -> Evaluation:
        return replace(self, shift=self.shift - FIXED.get(node.name, -int(argument(node))))

    def smoothed(self, node: Call, group: Group, start: int) -> float | None:
        kind, _, span = node.name.partition("_")
        wanted = int(span) * SMOOTHED[kind]
        reach = max(wanted - 1, self.window_buckets)
        before: list[float] = []
        for back in range(reach + 1):
            at = start - back * self.seconds
            if self.settings.first_points != "before" and at < self.first:
                break
            value = self.point(node.args[0], group, at)
            if value is None and not back:
                return None
            if value is not None and len(before) < wanted:
                before.append(value)
        if not before or (self.settings.first_points == "nothing" and len(before) < int(span)):
            return None
        if kind == "median":
            return statistics.median(before)
        if kind == "rollingavg":
            return math.fsum(before) / len(before)
        weights = [(1 - 2 / (int(span) + 1)) ** n for n in range(len(before))]
        return math.fsum(w * v for w, v in zip(weights, before, strict=True)) / math.fsum(weights)

    def counted(self, node: Call, start: int) -> float | None:
        inner = node.args[0]
        values = [self.point(inner, each, start) for each in groups(self, inner)]
        present = [value for value in values if value is not None]
        if not present:
            return None
        return float(len(present) if node.name == "count_not_null" else sum(value != 0 for value in present))

    def ranked(self, node: Call, group: Group, start: int) -> float | None:
        """`top(query, limit, 'mean', order)` over the whole window."""
        inner, windows = node.args[0], {}
        for each in groups(self, inner):
            found = self.window(inner, each)
            if found:
                windows[each] = math.fsum(found) / len(found)
        lowest_first = isinstance(node.args[-1], StringLiteral) and node.args[-1].text == "asc"
        order = sorted(windows, key=lambda each: windows[each] if lowest_first else -windows[each])
        is_kept = group in order[: int(argument(node))] and start >= self.first
        return self.point(inner, group, start) if is_kept else None

    def leaf(self, leaf: MetricQuery, group: Group, start: int, change: str = "") -> float | None:
        """Roll up each source, close its gaps, take the change, aggregate them."""
        chosen = [each for each in matching(self.sources, leaf) if group_of(each, leaf) in (group, ())]
        fill = next((each for each in leaf.modifiers if isinstance(each, Fill)), None)
        is_alone = len(chosen) == 1 and fill is None and not self.filled
        if sum(each.metric == leaf.metric for each in self.sources) > 1 and self.settings.interpolated == "queries":
            is_alone = False
        closing = None if is_alone else self.closing(leaf, fill)
        values = [
            self.change(change, leaf, source, start, closing)
            if change
            else self.of_source(leaf, source, start, closing)
            for source in chosen
        ]
        found = [value for value in values if value is not None]
        return reduced(str(leaf.space or "avg"), found)

    def counts(self, node: Any) -> bool:
        """Whether all its metrics are read as counts or rates, which gauges never are."""
        every = leaves(node)
        return bool(every) and all(map(self.is_count, every))

    def is_count(self, leaf: MetricQuery) -> bool:
        kinds = {each.kind for each in self.sources if each.metric == leaf.metric}
        return kinds != {"gauge"} and (says(leaf, AsCount) or says(leaf, AsRate))

    def closing(self, leaf: MetricQuery, fill: Fill | None) -> tuple[Any, int] | None:
        """How gaps are closed, and for how many seconds."""
        if fill is None:
            return None if self.is_count(leaf) else ("linear", 300)
        return (
            None if fill.method == "null" else (fill.method, 300 if fill.limit_seconds is None else fill.limit_seconds)
        )

    def change(self, name: str, leaf: MetricQuery, source: Source, start: int, fill: Any) -> float | None:
        value = self.of_source(leaf, source, start, fill)
        for back in range(1, self.window_buckets + 1):
            at = start - back * self.seconds
            if value is None or (self.settings.first_difference == "nothing" and at < self.first):
                return None
            before = self.of_source(leaf, source, at, fill)
            if before is not None:
                return self.changed(name, value - before, back * self.seconds)
        return None

    def changed(self, name: str, change: float, seconds: int) -> float | None:
        if name == "diff":
            return change
        if name == "monotonic_diff":
            return change if change > 0 or (change == 0 and self.settings.unchanged == "zero") else None
        if name == "per_minute":
            return None if change < 0 and self.settings.falling_rates == "nothing" else change / seconds * 60
        return change / seconds

    def of_source(self, leaf: MetricQuery, source: Source, start: int, fill: tuple[Any, int] | None) -> float | None:
        own = self.bucket(leaf, source, start)
        if own is not None or fill is None:
            return own
        method, limit = fill
        reach = limit // self.seconds
        backs = (n for n in range(1, reach + 1) if self.bucket(leaf, source, start - n * self.seconds) is not None)
        back = next(backs, None)
        if back is None:
            return None
        if method == "zero" or isinstance(method, int | float):
            return 0.0 if method == "zero" else float(method)
        left = self.bucket(leaf, source, start - back * self.seconds)
        assert left is not None
        ahead = range(1, (self.last - start) // self.seconds + 1)
        there = (n for n in ahead if self.bucket(leaf, source, start + n * self.seconds) is not None)
        forth = next(there, None) if method == "linear" else None
        if forth is None:
            return None if method == "linear" and self.settings.last_point == "nothing" else left
        right = self.bucket(leaf, source, start + forth * self.seconds)
        assert right is not None
        return left + (right - left) * (back / (back + forth))

    def bucket(self, leaf: MetricQuery, source: Source, start: int) -> float | None:
        """A bucket's points that had arrived by the evaluation."""
        asked = start + self.shift
        begin = asked // self.seconds * self.seconds
        if begin != asked and self.settings.unaligned_shift == "nothing":
            return None
        latest = min(begin + self.seconds - 1, self.at - source.arrives)
        values = [source.points[at] for at in range(begin, latest + 1) if at in source.points]
        is_sum = self.is_count(leaf)
        method = next((each.method for each in leaf.modifiers if isinstance(each, Rollup) and each.method), None)
        adds = is_sum and (source.kind != "rate" or not says(leaf, AsRate) or self.settings.rates_as_rate == "sum")
        found = reduced(method or ("sum" if adds else "avg"), values)
        if found is None or not is_sum:
            return found
        if says(leaf, AsCount):
            return found * source.interval if source.kind == "rate" else found
        return found / self.seconds if source.kind == "count" else found


def evaluations(  # noqa: PLR0913 - what an evaluation depends on
    query: str, sources: list[Source], settings: Any, *, since: int, until: int, delay: int = 0
) -> dict[Group, list[float | None]]:
    """The value of each evaluation, a minute apart, by group."""
    tree = parse_metric_monitor(query)
    assert isinstance(tree, MonitorQuery)
    window = tree.aggregation.window.amount * UNITS[tree.aggregation.window.unit]
    asked = {each.interval for leaf in leaves(tree.expression) for each in leaf.modifiers if isinstance(each, Rollup)}
    seconds = next((int(each) for each in asked if each), 60)
    found: dict[Group, list[float | None]] = {}
    for at in range(since, until + 1, 60):
        evaluation = Evaluation(sources, settings, at, at - delay - window, at - delay, seconds, any(asked))
        for group in groups(evaluation, tree.expression):
            found.setdefault(group, []).append(evaluation.value(tree, group))
    return found


POINTWISE = {
    "abs": lambda value, _: None if value is None else abs(value),
    "default_zero": lambda value, _: 0.0 if value is None else value,
    "default": lambda value, bound: bound if value is None else value,
    "clamp_min": lambda value, bound: None if value is None else max(value, bound),
    "clamp_max": lambda value, bound: None if value is None else min(value, bound),
    "cutoff_min": lambda value, bound: None if value is None or value < bound else value,
    "cutoff_max": lambda value, bound: None if value is None or value > bound else value,
}


def argument(node: Call) -> float:
    return node.args[1].value if len(node.args) > 1 and isinstance(node.args[1], Number) else 0.0


class TooClose(Exception):  # noqa: N818 - nothing is wrong
    """What is divided by is zero or not, depending on the last bit of a sum."""


def operated(node: Binary, left: float | None, right: float | None) -> float | None:
    if right is not None and node.operator == "/" and abs(right) < 1e-9 and has_arithmetic(node.right):
        raise TooClose
    if left is None or right is None or (node.operator == "/" and right == 0):
        return None
    if node.operator == "/":
        return left / right
    return {"+": left + right, "-": left - right, "*": left * right}[node.operator]


def reduced(function: str, values: list[float]) -> float | None:
    if not values:
        return None
    if function in ("sum", "avg"):
        return math.fsum(values) / (len(values) if function == "avg" else 1)
    if function == "count":
        return float(len(values))
    return values[-1] if function == "last" else {"min": min, "max": max}[function](values)


def any_call(node: Any) -> bool:
    if isinstance(node, Binary):
        return any_call(node.left) or any_call(node.right)
    return isinstance(node, Call) or (isinstance(node, Unary) and any_call(node.operand))


def leaves(node: Any) -> list[MetricQuery]:
    if isinstance(node, MetricQuery):
        return [node]
    if isinstance(node, Binary):
        return leaves(node.left) + leaves(node.right)
    if isinstance(node, Unary):
        return leaves(node.operand)
    return leaves(node.args[0]) if isinstance(node, Call) else []


def has_arithmetic(node: Any) -> bool:
    if isinstance(node, Call):
        return has_arithmetic(node.args[0])
    return isinstance(node, Binary) or (isinstance(node, Unary) and has_arithmetic(node.operand))


def says(leaf: MetricQuery, modifier: type) -> bool:
    return any(isinstance(each, modifier) for each in leaf.modifiers)


def matching(sources: list[Source], leaf: MetricQuery) -> list[Source]:
    """Those of the metric that have all keys of the grouping; the queries here have no other scope than `*`."""
    return [
        each
        for each in sources
        if each.metric == leaf.metric
        and all(any(tag.startswith(f"{key}:") for tag in each.tags) for key in leaf.group_by)
    ]


def group_of(source: Source, leaf: MetricQuery) -> Group:
    return tuple(min(tag for tag in source.tags if tag.startswith(f"{key}:")) for key in sorted(set(leaf.group_by)))


def groups(evaluation: Evaluation, node: Any) -> list[Group]:
    """All groups of a result, those of any time."""
    grouped = grouped_leaves(node)
    return sorted({group_of(each, leaf) for leaf in grouped for each in matching(evaluation.sources, leaf)}) or (
        [] if grouped else [()]
    )


def grouped_leaves(node: Any) -> list[MetricQuery]:
    """The metrics whose groups a result has."""
    if isinstance(node, Call) and node.name.startswith("count_"):
        return []
    if isinstance(node, Binary):
        return grouped_leaves(node.left) + grouped_leaves(node.right)
    if isinstance(node, Unary | Call):
        return grouped_leaves(node.operand if isinstance(node, Unary) else node.args[0])
    return [node] if isinstance(node, MetricQuery) and node.group_by else []
