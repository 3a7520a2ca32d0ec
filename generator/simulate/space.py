"""Space aggregation: the sources of a group to one series (https://docs.datadoghq.com/metrics/#space-aggregation)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from generator.simulate.history import Values


def aggregated(sources: Values, method: str) -> Values:
    """Shape (sources, …) to (…): NaN where no source has a value, otherwise of those that have one."""
    return sources[0] if len(sources) == 1 and method != "count" else _METHODS[method](sources)


def is_known(method: str) -> bool:
    return method in _METHODS


def _summed(sources: Values) -> Values:
    present = np.isfinite(sources)
    found: Values = np.where(present, sources, 0.0).sum(axis=0)
    return np.where(present.any(axis=0), found, np.nan)


def _mean(sources: Values) -> Values:
    number = np.isfinite(sources).sum(axis=0)
    found: Values = np.divide(_summed(sources), number, out=np.full(sources.shape[1:], np.nan), where=number > 0)
    return found


def _number(sources: Values) -> Values:
    number = np.isfinite(sources).sum(axis=0).astype(np.float64)
    return np.where(number > 0, number, np.nan)


_METHODS: dict[str, Callable[[Values], Values]] = {
    "avg": _mean,
    "sum": _summed,
    "min": lambda sources: np.fmin.reduce(sources, axis=0),
    "max": lambda sources: np.fmax.reduce(sources, axis=0),
    "count": _number,
}
