"""Means and medians of the last points (https://docs.datadoghq.com/dashboards/functions/smoothing/).

The documentation says how many points they take, not what they make of the first points of a window: a setting says it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from generator.query.nodes import Call
from generator.simulate.history import Values
from generator.simulate.implementation import Implementation, Surroundings

# What an exponentially weighted mean leaves of older points is below 1e-8.
_SPANS = 10
Smooth = Callable[[Values, int], Values]
"""Shape (n,) to (n,): of points without gaps and a span."""


def _over_points(smooth: Smooth, span: int) -> Callable[[Call, Values, Surroundings], Values]:
    """Points count, not buckets: where there is none, none is smoothed."""

    def compute(_: Call, values: Values, around: Surroundings) -> Values:
        found = np.full(values.shape, np.nan)
        length = values.shape[-1]
        rows, points = found.reshape(-1, length), values.reshape(-1, length)
        skipped = span - 1 if around.settings.first_points == "nothing" else 0
        for row, present in zip(range(len(points)), np.isfinite(points), strict=True):
            if present.any():
                smoothed = smooth(points[row][present], span)
                smoothed[:skipped] = np.nan
                rows[row][present] = smoothed
        return found

    return compute


def _last(points: Values, span: int) -> NDArray[np.float64]:
    """Shape (n, span): each point with those before it, NaN where there are no more."""
    padded = np.concatenate([np.full(span - 1, np.nan), points])
    return np.lib.stride_tricks.sliding_window_view(padded, span)


def _median(points: Values, span: int) -> Values:
    found: Values = np.nanmedian(_last(points, span), axis=-1)
    return found


def _mean(points: Values, span: int) -> Values:
    found: Values = np.nanmean(_last(points, span), axis=-1)
    return found


def _weighted(points: Values, span: int) -> Values:
    """Each point weighs `2 / (span + 1)` and leaves the rest to those before it; the first points share all weight."""
    kept = 1 - 2 / (span + 1)
    weights = kept ** np.arange(_SPANS * span)
    totals = np.convolve(points, weights)[: len(points)]
    found: Values = totals / np.convolve(np.ones_like(points), weights)[: len(points)]
    return found


def _row(smooth: Smooth, span: int, points: int) -> Implementation:
    def memory(_: Call, around: Surroundings) -> int:
        return points if around.settings.first_points == "before" else 0

    return Implementation(
        _over_points(smooth, span), memory, of_window=lambda settings: settings.first_points != "before"
    )


SMOOTHING: dict[str, Implementation] = {
    **{f"ewma_{span}": _row(_weighted, span, _SPANS * span) for span in (3, 5, 7, 10, 20)},
    **{f"median_{span}": _row(_median, span, span - 1) for span in (3, 5, 7, 9)},
    **{f"rollingavg_{span}": _row(_mean, span, span - 1) for span in (5, 13, 21, 29)},
}
