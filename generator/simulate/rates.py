"""Functions of the change from point to point (https://docs.datadoghq.com/dashboards/functions/rate/).

They are computed after the rollup in time and before sources are aggregated. With what a window's first point is
compared is a setting: the documentation does not say.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.query.nodes import Call
from generator.simulate.history import Values
from generator.simulate.implementation import Implementation, Surroundings


def _from_point_to_point(values: Values, around: Surroundings) -> tuple[Values, Values]:
    """The change since the point before, and the seconds between both; NaN where there is none in reach."""
    places = np.broadcast_to(np.arange(values.shape[-1]), values.shape)
    latest = np.maximum.accumulate(np.where(np.isfinite(values), places, -1), axis=-1)
    before = np.concatenate([np.full_like(latest[..., :1], -1), latest[..., :-1]], axis=-1)
    distance = places - before
    known = (before >= 0) & (distance <= around.window)
    earlier = np.take_along_axis(values, np.maximum(before, 0), axis=-1)
    return np.where(known, values - earlier, np.nan), distance * float(around.seconds)


def _change(_: Call, values: Values, around: Surroundings) -> Values:
    return _from_point_to_point(values, around)[0]


def _rise(_: Call, values: Values, around: Surroundings) -> Values:
    change = _from_point_to_point(values, around)[0]
    rises = change >= 0 if around.settings.unchanged == "zero" else change > 0
    return np.where(rises, change, np.nan)


def _slope(_: Call, values: Values, around: Surroundings) -> Values:
    change, seconds = _from_point_to_point(values, around)
    return change / seconds


def _per(length: int) -> Callable[[Call, Values, Surroundings], Values]:
    def compute(call: Call, values: Values, around: Surroundings) -> Values:
        slope = _slope(call, values, around) * length
        return slope if around.settings.falling_rates == "negative" else np.where(slope >= 0, slope, np.nan)

    return compute


def _reach(_: Call, around: Surroundings) -> int:
    return around.window if around.settings.first_difference == "before" else 0


def _since_before(compute: Callable[[Call, Values, Surroundings], Values]) -> Implementation:
    return Implementation(
        compute, _reach, by_source=True, of_window=lambda settings: settings.first_difference == "nothing"
    )


RATES: dict[str, Implementation] = {
    "diff": _since_before(_change),
    "monotonic_diff": _since_before(_rise),
    "derivative": _since_before(_slope),
    "per_second": _since_before(_per(1)),
    "per_minute": _since_before(_per(60)),
    "per_hour": _since_before(_per(3600)),
    "throughput": Implementation(lambda _, values, around: values / around.seconds),
}
