"""What the query functions compute: one row a function (https://docs.datadoghq.com/dashboards/functions/).

Only what its pages say enough of to compute, or what a setting completes; `REFUSED` says why the others are not.

Shapes: values are (groups, …, points); points are buckets, the last axis. A function here keeps the groups; what
combines groups is in `across_groups.py`, what reads another time in `shifts.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.query.nodes import Call
from generator.simulate.history import Values
from generator.simulate.implementation import Implementation, Surroundings, number, text
from generator.simulate.rates import RATES
from generator.simulate.refusal import NotSimulated
from generator.simulate.sliding import sliding
from generator.simulate.smoothing import SMOOTHING

__all__ = ["IMPLEMENTATIONS", "REFUSED", "Implementation", "Surroundings", "implementation"]

_LONGEST_MEMORY = 100_000
_MOVING_METHODS = ("avg", "sum", "min", "max", "count")


def implementation(call: Call) -> Implementation:
    found = IMPLEMENTATIONS.get(call.name)
    if found is None:
        raise NotSimulated(f"`{call.name}`: {REFUSED.get(call.name, 'no function that is known')}", call)
    return found


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


def _moving_points(call: Call, around: Surroundings) -> int:
    asked = number(call, 1)
    if not 0 < asked <= _LONGEST_MEMORY * around.seconds or text(call, 2, "avg") not in _MOVING_METHODS:
        raise NotSimulated(f"`moving_rollup` over more than {_LONGEST_MEMORY:,} points, or by another method", call)
    return max(1, int(asked) // around.seconds)


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


IMPLEMENTATIONS: dict[str, Implementation] = {
    "abs": _pointwise(np.abs),
    "log2": _pointwise(_logarithm(np.log2)),
    "log10": _pointwise(_logarithm(np.log10)),
    "default_zero": _pointwise(lambda values: _where_missing(values, 0.0)),
    "default": _with_bound(_where_missing),
    "exclude_null": _pointwise(lambda values: values),
    "clamp_min": _with_bound(np.maximum),
    "clamp_max": _with_bound(np.minimum),
    "cutoff_min": _with_bound(lambda values, bound: np.where(values < bound, np.nan, values)),
    "cutoff_max": _with_bound(lambda values, bound: np.where(values > bound, np.nan, values)),
    "moving_rollup": Implementation(_moving_rollup, lambda call, around: _moving_points(call, around) - 1),
    **RATES,
    **SMOOTHING,
}

_MODEL = "it compares with a model of Datadog's own, which nobody can run elsewhere"
_FRAME = "it runs over the time that a graph shows; what it takes in a monitor is not documented"
REFUSED: dict[str, str] = {
    "anomalies": _MODEL,
    "outliers": _MODEL,
    "forecast": _MODEL,
    "cumsum": _FRAME,
    "integral": _FRAME,
    "trend_line": _FRAME,
    "robust_trend": _FRAME,
    "piecewise_constant": _FRAME,
    "autosmooth": "Datadog picks its span, and does not take it in monitors",
    "round": "which way halves are rounded is not documented",
    "dt": "how the points of several groups become one series is not documented",
    "rate": "an old name that is not documented any more; `derivative` is",
    "equiv_otel": "which metrics it joins is known to Datadog only",
    "stddev": "whether it divides by the number of groups, or by one less, is not documented",
    "percentile": "how it lies between two groups is not documented",
}
