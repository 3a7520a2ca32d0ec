"""Functions of metric queries that the local Datadog evaluates: one row a function."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping

from generator.localdog.lines import Line, Span, starts

Lines = tuple[Line, ...]
PointFunction = Callable[[float, float], float | None]
"""From a value and the function's number to a value, or None where there is none any more."""

Function = Callable[[Lines, float, Span], Lines]
"""From the query's lines and the function's number, 0 where it has none, to lines."""

HOUR = 3600


def by_point(change: PointFunction) -> Function:
    def changed(lines: Lines, number: float, _span: Span) -> Lines:
        return tuple(_changed(line, change, number) for line in lines)

    return changed


def _changed(line: Line, change: PointFunction, number: float) -> Line:
    found = {start: change(value, number) for start, value in line.values.items()}
    return Line(line.group, {start: value for start, value in found.items() if value is not None}, line.interval)


def positive_log(base: float) -> PointFunction:
    return lambda value, _: math.log(value, base) if value > 0 else None


def difference(*, per_seconds: float | None = None, only_rises: bool = False) -> Function:
    """From one value to the next, by time or as it is."""

    def changed(lines: Lines, _number: float, _span: Span) -> Lines:
        return tuple(_differences(line, per_seconds, only_rises=only_rises) for line in lines)

    return changed


def _differences(line: Line, per_seconds: float | None, *, only_rises: bool) -> Line:
    found: dict[int, float] = {}
    for before, start in itertools.pairwise(sorted(line.values)):
        change = line.values[start] - line.values[before]
        if change >= 0 or not only_rises:
            found[start] = change if per_seconds is None else change * per_seconds / (start - before)
    return Line(line.group, found, line.interval)


def cumulated(lines: Lines, _number: float, _span: Span) -> Lines:
    def summed(line: Line) -> Line:
        known = sorted(line.values)
        sums = itertools.accumulate(line.values[start] for start in known)
        return Line(line.group, dict(zip(known, sums, strict=True)), line.interval)

    return tuple(map(summed, lines))


def with_default(lines: Lines, number: float, span: Span) -> Lines:
    def whole(line: Line) -> Line:
        buckets = starts(span, line.interval)
        return Line(line.group, {start: line.values.get(start, number) for start in buckets}, line.interval)

    return tuple(map(whole, lines))


def counted_groups(counts: Callable[[float], bool]) -> Function:
    """How many groups have a value that counts, at each bucket."""

    def counted(lines: Lines, _number: float, _span: Span) -> Lines:
        found: dict[int, float] = {}
        for line in lines:
            for start, value in line.values.items():
                found[start] = found.get(start, 0.0) + counts(value)
        return (Line((), dict(sorted(found.items())), lines[0].interval),) if lines else ()

    return counted


def without_missing_tags(lines: Lines, _number: float, _span: Span) -> Lines:
    return tuple(line for line in lines if not any(tag.endswith(":N/A") for tag in line.group))


FUNCTIONS: Mapping[str, Function] = {
    "abs": by_point(lambda value, _: abs(value)),
    "log2": by_point(positive_log(2)),
    "log10": by_point(positive_log(10)),
    "clamp_min": by_point(max),
    "clamp_max": by_point(min),
    "cutoff_min": by_point(lambda value, bound: value if value >= bound else None),
    "cutoff_max": by_point(lambda value, bound: value if value <= bound else None),
    "per_second": difference(per_seconds=1),
    "per_minute": difference(per_seconds=60),
    "per_hour": difference(per_seconds=HOUR),
    "derivative": difference(per_seconds=1),
    "diff": difference(),
    "monotonic_diff": difference(only_rises=True),
    "cumsum": cumulated,
    "default_zero": with_default,
    "default": with_default,
    "count_nonzero": counted_groups(lambda value: value != 0),
    "count_nonzero_finite": counted_groups(lambda value: value != 0),
    "count_not_null": counted_groups(lambda _: True),
    "exclude_null": without_missing_tags,
}
WITH_NUMBER = frozenset({"clamp_min", "clamp_max", "cutoff_min", "cutoff_max", "default"})
SHIFTS: Mapping[str, int] = {
    "hour_before": -HOUR,
    "day_before": -24 * HOUR,
    "week_before": -7 * 24 * HOUR,
    "month_before": -28 * 24 * HOUR,
}
