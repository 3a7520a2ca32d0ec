"""What intake stored, as the history that monitors are evaluated over and queries are answered from."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from generator.localdog.series_store import SeriesStore
from generator.simulate.history import History, MetricKind, Series

_KINDS: dict[str, MetricKind] = {"gauge": "gauge", "count": "count", "rate": "rate"}


class StoredHistory:
    """Reads each metric once for all that ask for it, unless somebody looks further back."""

    def __init__(self, store: SeriesStore) -> None:
        self._store = store
        self._known: dict[str, tuple[int, int, tuple[Series, ...]]] = {}

    def of(self, metrics: Iterable[str], first: int, last: int) -> History:
        """All series of the metrics, with their points from `first` to `last`; more may be among them."""
        return History(each for metric in metrics for each in self._series(metric, first, last))

    def _series(self, metric: str, first: int, last: int) -> tuple[Series, ...]:
        known = self._known.get(metric)
        if known is not None and known[0] <= first and last <= known[1]:
            return known[2]
        if known is not None:
            first, last = min(first, known[0]), max(last, known[1])
        found = _read(self._store, metric, first, last)
        self._known[metric] = first, last, found
        return found


def _read(store: SeriesStore, metric: str, first: int, last: int) -> tuple[Series, ...]:
    rows = {
        number: list(points)
        for number, points in itertools.groupby(store.points_of(metric, first, last), key=lambda row: row[0])
    }
    return tuple(
        Series(
            metric=metric,
            times=np.array([at for _, at, _ in rows.get(number, ())], dtype=np.int64),
            values=np.array([value for _, _, value in rows.get(number, ())], dtype=np.float64),
            tags=frozenset(source.tags),
            kind=_KINDS.get(source.kind, "gauge"),
            interval=source.interval,
        )
        for number, source in store.sources(metric).items()
    )
