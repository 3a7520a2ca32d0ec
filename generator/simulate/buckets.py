"""Time rollup: one source's points into buckets that start at multiples of their length since the UNIX epoch
(https://docs.datadoghq.com/dashboards/functions/rollup/).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from generator.simulate.history import Series, Times, Values

METHODS = frozenset({"avg", "sum", "min", "max", "count", "last"})
_OPERATIONS = {"avg": np.add, "sum": np.add, "min": np.minimum, "max": np.maximum}


def complete(series: Series, *, found: Values, first: int, seconds: int, method: str) -> None:
    """Fill `found` with the buckets from number `first` on, NaN where no point fell.

    A bucket's number is its start divided by its length.
    """
    low, high = np.searchsorted(series.times, [first * seconds, (first + len(found)) * seconds])
    values = series.values[low:high]
    if series.step == seconds and len(values) and method != "count":
        place = int(series.times[low]) // seconds - first
        found[:place], found[place + len(values) :] = np.nan, np.nan
        found[place : place + len(values)] = values
        return
    found.fill(np.nan)
    if len(values):
        numbers = series.times[low:high] // seconds - first
        begins = np.flatnonzero(np.diff(numbers, prepend=-1))
        found[numbers[begins]] = _over(values, begins, np.append(begins[1:], len(values)), method)


def partial(series: Series, starts: Times, until: Times, *, seconds: int, method: str) -> Values:
    """Buckets that begin at `starts`, of the points not later than `until`; both of one shape."""
    low = np.searchsorted(series.times, starts.ravel(), "left")
    high = np.searchsorted(series.times, np.minimum(starts + seconds - 1, until).ravel(), "right")
    found = np.full(low.shape, np.nan)
    some = high > low
    if some.any():
        found[some] = _over(series.values, low[some], high[some], method)
    return found.reshape(starts.shape)


def _over(values: Values, low: Times, high: Times, method: str) -> Values:
    if method == "count":
        return (high - low).astype(np.float64)
    if method == "last":
        return values[high - 1]
    pairs = np.stack([low, high], axis=-1).ravel()
    found: Values = _OPERATIONS[method].reduceat(np.append(values, 0.0), pairs)[::2]
    return found / (high - low) if method == "avg" else found


def starts_at_once(series: Series, seconds: int) -> bool:
    """Whether each point stands at its bucket's start, alone: then no bucket is ever seen half full."""
    if series.step:
        return series.step % seconds == 0 and int(series.times[0]) % seconds == 0
    remainders: NDArray[np.int64] = series.times % seconds
    return not remainders.any()
