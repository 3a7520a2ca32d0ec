"""Metric series in the database: what intake wrote, and queries read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

import msgspec

ADDED = "points"
GAUGE, COUNT, RATE = "gauge", "count", "rate"


class Source(msgspec.Struct, frozen=True):
    """One series: a metric with one set of tags, sorted. `interval` is that of a count's or a rate's points, or 0."""

    metric: str
    tags: tuple[str, ...]
    kind: str = GAUGE
    interval: int = 0


class SeriesStore:
    """The part of the database that holds points. Times are whole seconds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, source: Source, points: Iterable[tuple[int, float]]) -> None:
        """Write points; one at a time that has one already replaces it. Call it inside a transaction."""
        row = self._connection.execute(
            "INSERT INTO series (metric, tags, kind, interval) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (metric, tags) DO UPDATE SET kind = excluded.kind, interval = excluded.interval RETURNING id",
            (source.metric, ",".join(source.tags), source.kind, source.interval),
        ).fetchone()
        self._connection.executemany(
            "INSERT OR REPLACE INTO point VALUES (?, ?, ?)", [(row[0], at, value) for at, value in points]
        )

    def keep_within(self, most: int, *, added: int) -> None:
        """Forget the oldest seconds, a tenth of all points, when there are more. Call it inside a transaction."""
        counted = self._connection.execute(
            "INSERT INTO counter VALUES (:name, :added) ON CONFLICT (name) DO UPDATE SET last = last + :added "
            "RETURNING last",
            {"name": ADDED, "added": added},
        ).fetchone()[0]
        if counted <= most:
            return
        self._forget_oldest(most - most // 10)
        self._connection.execute("UPDATE counter SET last = (SELECT count(*) FROM point) WHERE name = ?", (ADDED,))

    def _forget_oldest(self, kept: int) -> None:
        """Points replaced were counted twice, so there may be fewer than that."""
        left = kept
        for at, number in self._connection.execute("SELECT at, count(*) FROM point GROUP BY at ORDER BY at DESC"):
            left -= number
            if left < 0:
                self._connection.execute("DELETE FROM point WHERE at <= ?", (at,))
                self._connection.execute("DELETE FROM series WHERE id NOT IN (SELECT DISTINCT series FROM point)")
                return

    def sources(self, metric: str) -> dict[int, Source]:
        rows = self._connection.execute(
            "SELECT id, metric, tags, kind, interval FROM series WHERE metric = ? ORDER BY tags", (metric,)
        )
        return {row[0]: Source(row[1], tuple(row[2].split(",")) if row[2] else (), row[3], row[4]) for row in rows}

    def points_of(self, metric: str, first: int, last: int) -> Iterator[tuple[int, int, float]]:
        """Series, time and value of all points from `first` to `last`, series by series and in order of time."""
        return self._connection.execute(
            "SELECT point.series, point.at, point.value FROM series JOIN point ON point.series = series.id "
            "WHERE series.metric = ? AND point.at BETWEEN ? AND ? ORDER BY point.series, point.at",
            (metric, first, last),
        )

    def newest(self) -> dict[str, int]:
        """Of each metric that has points, the time of the last one."""
        rows = self._connection.execute(
            "SELECT metric, max((SELECT max(at) FROM point WHERE series = series.id)) AS last FROM series "
            "GROUP BY metric HAVING last IS NOT NULL"
        )
        return dict(rows.fetchall())

    def count(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM series").fetchone()[0])

    def metrics_since(self, first: int) -> list[str]:
        rows = self._connection.execute(
            "SELECT DISTINCT metric FROM series WHERE EXISTS "
            "(SELECT 1 FROM point WHERE point.series = series.id AND point.at >= ?) ORDER BY metric",
            (first,),
        )
        return [row[0] for row in rows]
