"""What the query functions compute: one row a function (https://docs.datadoghq.com/dashboards/functions/).

Shapes: values are (groups, …, points); points are buckets, the last axis. A function here keeps the groups; what
combines groups is in `across_groups.py`, what reads another time in `shifts.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

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
    """`memory` is how many points before a point it looks at; `whole_window`: what it gives depends on the window."""

    compute: Callable[[Call, Values, Surroundings], Values]
    memory: Callable[[Call, Surroundings], int] = lambda _, __: 0
    whole_window: bool = False


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


def _per(seconds: float) -> Callable[[Call, Values, Surroundings], Values]:
    def compute(call: Call, values: Values, around: Surroundings) -> Values:
        change, distance = _from_point_to_point(call, values, around)
        return change / distance * seconds

    return compute


def _over_points(count: int, reduce: Callable[[Values], Values]) -> Implementation:
    """Of the last `count` points; the first ones of all have fewer."""

    def compute(_: Call, values: Values, __: Surroundings) -> Values:
        pad = [(0, 0)] * (values.ndim - 1) + [(count - 1, 0)]
        windows = sliding_window_view(np.pad(values, pad, constant_values=np.nan), count, axis=-1)
        return np.where(np.isfinite(values), reduce(windows), np.nan)

    return Implementation(compute, lambda _, __: count - 1)


def _mean(windows: Values) -> Values:
    present = np.isfinite(windows)
    total = np.where(present, windows, 0.0).sum(axis=-1)
    return _ratio(total, present.sum(axis=-1))


def _ratio(total: Values, weight: Values) -> Values:
    """NaN where nothing weighs."""
    found: Values = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
    return found


def _median(windows: Values) -> Values:
    found: Values = np.nanmedian(np.where(np.isfinite(windows).any(axis=-1, keepdims=True), windows, 0.0), axis=-1)
    return found


def _weighted_mean(count: int) -> Callable[[Values], Values]:
    """The newest point weighs 2/(count+1), each one before it a like share of what is left."""
    weights = (1 - 2 / (count + 1)) ** np.arange(count - 1, -1, -1)

    def reduce(windows: Values) -> Values:
        present = np.isfinite(windows)
        total = (np.where(present, windows, 0.0) * weights).sum(axis=-1)
        return _ratio(total, (present * weights).sum(axis=-1))

    return reduce


def _moving_points(call: Call, around: Surroundings) -> int:
    count = max(1, int(number(call, 1)) // around.seconds)
    if count > _LONGEST_MEMORY:
        raise NotSimulated(f"`moving_rollup` over {count} points", call)
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


def _trend(_: Call, values: Values, __: Surroundings) -> Values:
    """The least-squares line through the window's points."""
    present, places = np.isfinite(values), np.arange(values.shape[-1], dtype=np.float64)
    size = np.maximum(present.sum(axis=-1, keepdims=True), 1)
    filled = np.where(present, values, 0.0)
    mid = (present * places).sum(axis=-1, keepdims=True) / size
    level = filled.sum(axis=-1, keepdims=True) / size
    spread = (present * (places - mid) ** 2).sum(axis=-1, keepdims=True)
    rise = (filled * (places - mid)).sum(axis=-1, keepdims=True)
    slope = np.divide(rise, spread, out=np.zeros_like(rise), where=spread > 0)
    return np.where(present, level + slope * (places - mid), np.nan)


def _running_total(_: Call, values: Values, __: Surroundings) -> Values:
    return np.where(np.isfinite(values), np.cumsum(np.where(np.isfinite(values), values, 0.0), axis=-1), np.nan)


def _since_before(compute: Callable[[Call, Values, Surroundings], Values]) -> Implementation:
    return Implementation(compute, _reach)


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
    "derivative": _since_before(_per(1)),
    "rate": _since_before(_per(1)),
    "per_second": _since_before(_per(1)),
    "per_minute": _since_before(_per(60)),
    "per_hour": _since_before(_per(3600)),
    "throughput": Implementation(lambda _, values, around: values / around.seconds),
    "moving_rollup": Implementation(_moving_rollup, lambda call, around: _moving_points(call, around) - 1),
    "cumsum": Implementation(_running_total, whole_window=True),
    "trend_line": Implementation(_trend, whole_window=True),
    **{f"ewma_{n}": _over_points(n, _weighted_mean(n)) for n in (3, 5, 7, 10, 20)},
    **{f"median_{n}": _over_points(n, _median) for n in (3, 5, 7, 9)},
    **{f"rollingavg_{n}": _over_points(n, _mean) for n in (5, 13, 21, 29)},
}
