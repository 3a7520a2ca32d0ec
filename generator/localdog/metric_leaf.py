"""One metric of a query: which series it means, and how their points become one line for each group."""

from __future__ import annotations

from collections.abc import Callable

from generator.localdog.lines import AGGREGATIONS, MOST_POINTS, Group, Line, Span, Values, aggregated, bucketed, starts
from generator.localdog.series_store import COUNT, GAUGE, RATE, SeriesStore, Source
from generator.localdog.tag_filter import matches
from generator.localdog.unevaluated import NotEvaluated
from generator.query.nodes import AsCount, AsRate, Fill, MetricQuery, Rollup, Weighted

NO_VALUE = "N/A"


def leaf_lines(query: MetricQuery, series: SeriesStore, span: Span) -> tuple[Line, ...]:
    space = query.space or "avg"
    if not isinstance(space, str) or space not in AGGREGATIONS:
        raise NotEvaluated(f"the space aggregation of `{query.metric}`: only avg, sum, min, max and count")
    interval = interval_of(query, span)
    groups: dict[Group, list[Values]] = {}
    for number, source in series.sources(query.metric).items():
        if matches(query.scope, source.tags):
            points = series.points(number, span.first, span.end)
            group = tuple(sorted(group_tag(source, key) for key in set(query.group_by)))
            groups.setdefault(group, []).append(rolled_up(query, source, points, span, interval))
    lines = [Line(group, aggregated(groups[group], space), interval) for group in sorted(groups)]
    return tuple(Line(line.group, filled(query, line.values, span, interval), interval) for line in lines)


def interval_of(query: MetricQuery, span: Span) -> int:
    interval: int | str | None = None
    for modifier in query.modifiers:
        if isinstance(modifier, Rollup) and modifier.interval is not None:
            interval = modifier.interval
    if isinstance(interval, str):
        raise NotEvaluated(f"rollups by the calendar, such as `{interval}`")
    length = interval or span.step
    if length <= 0 or (span.end - span.first) / length > MOST_POINTS:
        raise NotEvaluated(f"more than {MOST_POINTS} buckets; ask for a shorter time or a longer rollup")
    return length


def group_tag(source: Source, key: str) -> str:
    prefix = f"{key}:"
    value = next((tag.removeprefix(prefix) for tag in source.tags if tag.startswith(prefix)), NO_VALUE)
    return f"{prefix}{value}"


def rolled_up(query: MetricQuery, source: Source, points: list[tuple[int, float]], span: Span, interval: int) -> Values:
    """Counts and rates are averaged like gauges unless they are read as counts or rates."""
    as_count, as_rate = (has(query, kind) and source.kind != GAUGE for kind in (AsCount, AsRate))
    method = "sum" if as_count or as_rate else "avg"
    for modifier in query.modifiers:
        if isinstance(modifier, Rollup) and modifier.method is not None:
            method = modifier.method
        if isinstance(modifier, Weighted):
            raise NotEvaluated("`.weighted()`")
    if method not in AGGREGATIONS:
        raise NotEvaluated(f"the rollup method `{method}`")
    factor = 1.0
    if as_count and source.kind == RATE:
        factor = float(source.interval or 1)
    elif as_rate and source.kind == COUNT:
        factor = 1 / interval
    aggregate = AGGREGATIONS[method]
    return {start: aggregate(values) * factor for start, values in bucketed(points, span, interval).items()}


def has(query: MetricQuery, kind: type[AsCount | AsRate]) -> bool:
    return any(isinstance(modifier, kind) for modifier in query.modifiers)


def filled(query: MetricQuery, values: Values, span: Span, interval: int) -> Values:
    for modifier in query.modifiers:
        if isinstance(modifier, Fill) and modifier.method != "null":
            values = FILLS.get(modifier.method, constant)(modifier, values, starts(span, interval))
    return values


def constant(fill: Fill, values: Values, buckets: range) -> Values:
    number = 0.0 if fill.method == "zero" else fill.method
    if not isinstance(number, int | float):
        raise NotEvaluated(f"`.fill({fill.method})`")
    return {start: values.get(start, float(number)) for start in buckets}


def last(fill: Fill, values: Values, buckets: range) -> Values:
    limit = 300 if fill.limit_seconds is None else fill.limit_seconds
    found: dict[int, float] = {}
    latest: int | None = None
    for start in buckets:
        if start in values:
            latest = start
        if latest is not None and start - latest <= limit:
            found[start] = values[latest]
    return found


FILLS: dict[str | float, Callable[[Fill, Values, range], Values]] = {"last": last}
