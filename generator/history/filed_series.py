"""Points of one source as a file has them, which need not say what they are nor how late they come."""

from __future__ import annotations

from dataclasses import dataclass

from generator.simulate.history import MetricKind, Series, Times, Values


@dataclass(frozen=True, kw_only=True, eq=False)
class FiledSeries:
    """A series whose `kind` and `arrives` are None where the file does not say them."""

    metric: str
    times: Times
    values: Values
    tags: frozenset[str] = frozenset()
    kind: MetricKind | None = None
    interval: int = 0
    arrives: int | None = None

    def read_as(self, kind: MetricKind, *, late_seconds: int) -> Series:
        """With what holds where the file says nothing."""
        return Series(
            metric=self.metric,
            times=self.times,
            values=self.values,
            tags=self.tags,
            kind=kind if self.kind is None else self.kind,
            interval=self.interval,
            arrives=late_seconds if self.arrives is None else self.arrives,
        )
