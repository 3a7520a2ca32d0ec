"""What the query functions compute: one row a function (https://docs.datadoghq.com/dashboards/functions/).

Only what its pages say enough of to compute: not how `ewma_3` or `per_second` treat a window's first points, say.

Shapes: values are (groups, …, points); points are buckets, the last axis. A function here keeps the groups; what
combines groups is in `across_groups.py`, what reads another time in `shifts.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from generator.query.nodes import Call, Number, StringLiteral
from generator.simulate.history import Values
from generator.simulate.refusal import NotSimulated
from generator.simulate.sliding import sliding

_LONGEST_MEMORY = 100_000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a function may need to know: the length of a bucket in seconds, and of the window in buckets."""

    seconds: int
    window: int


@dataclass(frozen=True, slots=True)
class Implementation:
    """`memory` is how many points before a point it looks at.

    With `by_source` it is computed of each source before they are aggregated
    (https://docs.datadoghq.com/dashboards/functions/rate/).
    """

    compute: Callable[[Call, Values, Surroundings], Values]
    memory: Callable[[Call, Surroundings], int] = lambda _, __: 0
    by_source: bool = False


def number(call: Call, place: int) -> float:
    found = call.args[place] if place < len(call.args) else None
    if not isinstance(found, Number):
        raise NotSimulated(f"`{call.name}` needs a number", call)
    return found.value


def text(call: Call, place: int, default: str) -> str:
    found = call.args[place] if place < len(call.args) else None
    return found.text if isinstance(found, StringLiteral) else default


def _pointwise(compute: Callable[[Values], Values]) -> Implementation:
    return Implementation(lambda _, values, __: compute(values))


def _with_bound(compute: Callable[[Values, float], Values]) -> Implementation:
    return Implementation(lambda call, values, _: compute(values, number(call, 1)))


def _logarithm(of: np.ufunc) -> Callable[[Values], Values]:
    def compute(values: Values) -> Values:
        found: Values = of(np.where(values > 0, values, np.nan))
        return found

    return compute


def _where_missing(values: Values, fill: float) -> Values:
    return np.where(np.isfinite(values), values, fill)


def _from_point_to_point(call: Call, values: Values, around: Surroundings) -> tuple[Values, Values]:
    """The change since the point before, and the seconds between both; NaN where there is none in reach."""
    places = np.broadcast_to(np.arange(values.shape[-1]), values.shape)
    latest = np.maximum.accumulate(np.where(np.isfinite(values), places, -1), axis=-1)
    before = np.concatenate([np.full_like(latest[..., :1], -1), latest[..., :-1]], axis=-1)
    distance = places - before
    known = (before >= 0) & (distance <= _reach(call, around))
    earlier = np.take_along_axis(values, np.maximum(before, 0), axis=-1)
    return np.where(known, values - earlier, np.nan), distance * float(around.seconds)


def _reach(_: Call, around: Surroundings) -> int:
    return around.window


def _change(call: Call, values: Values, around: Surroundings) -> Values:
    return _from_point_to_point(call, values, around)[0]


def _rise(call: Call, values: Values, around: Surroundings) -> Values:
    change = _change(call, values, around)
    return np.where(change >= 0, change, np.nan)


def _slope(call: Call, values: Values, around: Surroundings) -> Values:
    change, distance = _from_point_to_point(call, values, around)
    return change / distance


def _moving_points(call: Call, around: Surroundings) -> int:
    count = max(1, int(number(call, 1)) // around.seconds)
    if count > _LONGEST_MEMORY:
        raise NotSimulated(f"`moving_rollup` over more than {_LONGEST_MEMORY:,} points", call)
    return count


def _moving_rollup(call: Call, values: Values, around: Surroundings) -> Values:
    count, method = _moving_points(call, around), text(call, 2, "avg")
    pad = [(0, 0)] * (values.ndim - 1) + [(count - 1, 0)]
    padded = np.pad(values, pad, constant_values=np.nan)
    present = np.isfinite(padded)
    numbers = sliding(present.astype(np.float64), count, np.add)
    if method == "count":
        found = numbers
    elif method in ("min", "max"):
        found = sliding(padded, count, {"min": np.fmin, "max": np.fmax}[method])
    else:
        found = sliding(np.where(present, padded, 0.0), count, np.add)
        found = found / np.maximum(numbers, 1) if method == "avg" else found
    return np.where(numbers > 0, found, np.nan)


def _since_before(compute: Callable[[Call, Values, Surroundings], Values]) -> Implementation:
    return Implementation(compute, _reach, by_source=True)


IMPLEMENTATIONS: dict[str, Implementation] = {
    "abs": _pointwise(np.abs),
    "log2": _pointwise(_logarithm(np.log2)),
    "log10": _pointwise(_logarithm(np.log10)),
    "round": _pointwise(np.round),
    "default_zero": _pointwise(lambda values: _where_missing(values, 0.0)),
    "default": _with_bound(_where_missing),
    "exclude_null": _pointwise(lambda values: values),
    "clamp_min": _with_bound(np.maximum),
    "clamp_max": _with_bound(np.minimum),
    "cutoff_min": _with_bound(lambda values, bound: np.where(values < bound, np.nan, values)),
    "cutoff_max": _with_bound(lambda values, bound: np.where(values > bound, np.nan, values)),
    "diff": _since_before(_change),
    "monotonic_diff": _since_before(_rise),
    "derivative": _since_before(_slope),
    "moving_rollup": Implementation(_moving_rollup, lambda call, around: _moving_points(call, around) - 1),
}
