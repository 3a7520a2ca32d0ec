"""Metric history: the points that sources sent, and when they arrived."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.int64]
Values = NDArray[np.float64]
Group = tuple[str, ...]
"""The tags that make a group, in the order of their keys; empty where nothing is grouped."""
MetricKind = Literal["gauge", "count", "rate"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Series:
    """One source's points: whole UNIX seconds in ascending order, each once, and finite values. Tags are lower case.

    A point can be seen `arrives` seconds after its time. `interval` is that of a rate's points in seconds. A series
    with `space`, such as `p99`, is the answer to a query with that space aggregation, and serves such leaves only.
    """

    metric: str
    times: Times
    values: Values
    tags: frozenset[str] = frozenset()
    kind: MetricKind = "gauge"
    interval: int = 0
    arrives: int = 0
    space: str = ""

    @functools.cached_property
    def step(self) -> int:
        """Seconds between all points; 0 where they differ."""
        steps = np.diff(self.times)
        return int(steps[0]) if len(steps) and (steps == steps[0]).all() else 0

    def is_dense(self, seconds: int) -> bool:
        """Whether its steps say that no bucket of so many seconds stays empty between its points."""
        return 0 < self.step <= seconds

    def tag_value(self, key: str) -> str | None:
        """The value of a tag; the first in order where it has several."""
        prefix = f"{key}:"
        return min((tag[len(prefix) :] for tag in self.tags if tag.startswith(prefix)), default=None)


class History:
    """Series by the name of their metric."""

    def __init__(self, series: Iterable[Series]) -> None:
        self._by_metric: dict[str, list[Series]] = {}
        for each in series:
            self._by_metric.setdefault(each.metric, []).append(each)

    def of(self, metric: str) -> tuple[Series, ...]:
        return tuple(self._by_metric.get(metric, ()))
