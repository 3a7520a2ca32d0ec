"""Means and medians of the last points (https://docs.datadoghq.com/dashboards/functions/smoothing/).

The documentation says how many points they take, not what they make of the first points of a window: a setting says it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.query.nodes import Call
from generator.simulate.history import Times, Values
from generator.simulate.implementation import Implementation, Surroundings

# What an exponentially weighted mean leaves of older points is below 1e-8.
_SPANS = 10
_AT_ONCE = 4096
Smooth = Callable[[Values, int], Values]
"""Shape (points, count) to (points,), of each point with those before it, latest last, NaN where there are no more."""


def _median(last: Values, _: int) -> Values:
    found: Values = np.nanmedian(last, axis=-1)
    return found


def _mean(last: Values, _: int) -> Values:
    found: Values = np.nanmean(last, axis=-1)
    return found


def _weighted(last: Values, span: int) -> Values:
    """Each point weighs `2 / (span + 1)` and leaves the rest to those before it; the first points share all weight."""
    weights = (1 - 2 / (span + 1)) ** np.arange(last.shape[-1] - 1, -1, -1)
    present = np.isfinite(last)
    found: Values = (np.where(present, last, 0.0) @ weights) / (present @ weights)
    return found


def _row(smooth: Smooth, span: int, points: int) -> Implementation:
    """Points count, not buckets: where there is none, none is smoothed."""

    def reach(around: Surroundings) -> int:
        return max(points - 1, around.window)

    def compute(_: Call, values: Values, around: Surroundings) -> Values:
        found = np.full(values.shape, np.nan)
        length = values.shape[-1]
        needed = span if around.settings.first_points == "nothing" else 1
        for row, given in zip(found.reshape(-1, length), values.reshape(-1, length), strict=True):
            places = np.flatnonzero(np.isfinite(given))
            for start in range(0, len(places), _AT_ONCE):
                last = _last(given, places, slice(start, start + _AT_ONCE), points=points, reach=reach(around))
                enough = np.isfinite(last).sum(axis=-1) >= needed
                row[places[start : start + _AT_ONCE]] = np.where(enough, smooth(last, span), np.nan)
        return found

    def memory(_: Call, around: Surroundings) -> int:
        return reach(around) if around.settings.first_points == "before" else 0

    return Implementation(compute, memory, of_window=lambda settings: settings.first_points != "before")


def _last(given: Values, places: Times, some: slice, *, points: int, reach: int) -> Values:
    """Some of the points at `places`, each with up to `points` of the last in reach, NaN for the others."""
    chosen = places[some]
    before = np.arange(some.start, some.start + len(chosen))[:, None] + np.arange(1 - points, 1)
    around = places[np.maximum(before, 0)]
    is_near = (before >= 0) & (around >= chosen[:, None] - reach)
    return np.where(is_near, given[around], np.nan)


SMOOTHING: dict[str, Implementation] = {
    **{f"ewma_{span}": _row(_weighted, span, _SPANS * span) for span in (3, 5, 7, 10, 20)},
    **{f"median_{span}": _row(_median, span, span) for span in (3, 5, 7, 9)},
    **{f"rollingavg_{span}": _row(_mean, span, span) for span in (5, 13, 21, 29)},
}
