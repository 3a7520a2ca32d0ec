"""Interpolation and `.fill()`: what stands where a source sent no point (https://docs.datadoghq.com/metrics/guide/interpolation-the-fill-modifier-explained/)."""

from __future__ import annotations

import numpy as np

from generator.query.nodes import Fill
from generator.simulate.history import Times, Values

LINEAR = Fill("linear")
_LIMIT_SECONDS = 300


def filled(values: Values, fill: Fill, *, seconds: int, goes_on: bool) -> Values:
    """`values` with their gaps closed, for as long after a point as the fill's limit says.

    `goes_on` is whether the last point does where lines end.
    """
    if fill.method == "null":
        return values
    present = np.isfinite(values)
    if present.all():
        return values
    places = np.broadcast_to(np.arange(values.shape[-1]), values.shape)
    before = np.maximum.accumulate(np.where(present, places, -1), axis=-1)
    near = ~present & (before >= 0) & (places - before <= reach(fill, seconds=seconds))
    return np.where(near, _substitute(values, fill, places, before, goes_on=goes_on), values)


def _substitute(values: Values, fill: Fill, places: Times, before: Times, *, goes_on: bool) -> Values | float:
    if fill.method == "zero":
        return 0.0
    if isinstance(fill.method, int | float):
        return float(fill.method)
    left = np.take_along_axis(values, np.maximum(before, 0), axis=-1)
    if fill.method == "last":
        return left
    size = values.shape[-1]
    present = np.isfinite(values)
    after = np.minimum.accumulate(np.where(present, places, size)[..., ::-1], axis=-1)[..., ::-1]
    right = np.take_along_axis(values, np.minimum(after, size - 1), axis=-1)
    share = (places - before) / np.maximum(after - before, 1)
    # Where no point has come since, the last one goes on, as in the example of `default_zero()`
    # (https://docs.datadoghq.com/dashboards/functions/interpolation/#default-zero).
    between: Values = np.where(after < size, left + (right - left) * share, left if goes_on else np.nan)
    return between


def needs_later_points(fill: Fill) -> bool:
    """Whether what stands in a gap depends on the point after it."""
    return fill.method == "linear"


def reach(fill: Fill, *, seconds: int) -> int:
    """For how many buckets after a point a gap is closed."""
    return (_LIMIT_SECONDS if fill.limit_seconds is None else fill.limit_seconds) // seconds
