"""Lines of a graph: a value at the start of each bucket, for one group. What is missing is not in the mapping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

Values = Mapping[int, float]
Group = tuple[str, ...]
"""The tags that make a group, such as `host:a`; empty where nothing is grouped."""

HOUR, DAY = 3600, 86_400
STEPS_BY_SPAN = ((HOUR, 20), (4 * HOUR, 60), (DAY, 300), (2 * DAY, 600), (7 * DAY, HOUR), (31 * DAY, 4 * HOUR))
LONGEST_STEP = DAY
MOST_POINTS = 20_000


class Line(msgspec.Struct, frozen=True):
    group: Group
    values: Values
    interval: int


class Span(msgspec.Struct, frozen=True):
    """From a second until before another one; `step` is how long buckets are where no rollup says."""

    first: int
    end: int
    step: int


def step_of(seconds: int) -> int:
    """How long Datadog makes the buckets of a graph over so long, as documented for its API."""
    return next((step for span, step in STEPS_BY_SPAN if seconds <= span), LONGEST_STEP)


def starts(span: Span, interval: int) -> range:
    first = -(-span.first // interval) * interval
    return range(first, span.end, interval)


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


AGGREGATIONS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "avg": mean,
    "sum": sum,
    "min": min,
    "max": max,
    "count": len,
    "last": lambda values: values[-1],
}
