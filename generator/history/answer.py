"""The answer of the query API, `/api/v1/query`, as lines
(https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct

from generator.history.line import Line, line

LATEST_SECOND = 2**40


class Unreadable(ValueError):  # noqa: N818 - it is said of what was read
    """Why an answer is none that we know."""


class Answered(Struct, frozen=True):
    """One query's part of an answer; `interval` is the length of its buckets in seconds."""

    query: int
    interval: int
    line: Line


def answered(body: Any) -> tuple[Answered, ...]:
    """The series of an answer, but those whose group lacks a tag: monitors leave them out.

    Raises Unreadable. Datadog tells a refused query with status 200 too.
    """
    if not isinstance(body, dict):
        raise Unreadable("it is no JSON object")
    if body.get("status") == "error":
        raise Unreadable(f"it tells of a refused query: {str(body.get('error') or 'no reason given')[:300]}")
    series = body.get("series")
    if not isinstance(series, list):
        raise Unreadable("it has no list `series`")
    return tuple(_answered(series))


def _answered(series: list[Any]) -> Iterator[Answered]:
    for number, each in enumerate(series, 1):
        if not isinstance(each, dict):
            raise Unreadable(f"series {number} is no object")
        tags = each.get("tag_set") or []
        if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
            raise Unreadable(f"`tag_set` of series {number} is no list of texts")
        if not any(tag.lower().endswith(":n/a") for tag in tags):
            times, values = _points(each.get("pointlist"), number)
            yield Answered(_whole(each.get("query_index")), _whole(each.get("interval")), line(tags, times, values))


def _points(points: Any, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of milliseconds and a value or null."""
    if not isinstance(points, list):
        raise Unreadable(f"series {number} has no list `pointlist`")
    try:
        found = np.array(points or np.empty((0, 2)), dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise Unreadable(f"`pointlist` of series {number} holds no pairs of a time and a value") from error
    if found.ndim != 2 or found.shape[1] != 2:
        raise Unreadable(f"`pointlist` of series {number} holds no pairs of a time and a value")
    times = found[:, 0] / 1000
    if len(times) and not (np.isfinite(times).all() and times.min() >= 0 and times.max() < LATEST_SECOND):
        raise Unreadable(f"a time of series {number} is none in milliseconds since 1970")
    return times.astype(np.int64), found[:, 1]


def _whole(value: Any) -> int:
    return int(value) if isinstance(value, int | float) and 0 <= value < LATEST_SECOND else 0
