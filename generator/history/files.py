"""Metric history in files: CSV and Parquet with points, JSON with answers of the query API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from generator.history.answers_file import FiledAnswer, filed_answers
from generator.history.csv_points import csv_points
from generator.history.filed_series import FiledSeries
from generator.history.line import Line, joined
from generator.history.parquet_points import parquet_points
from generator.history.points import UnreadableHistory, series_of


class FiledHistory(Struct, frozen=True):
    """`series` are points of sources, `answers` those of queries."""

    series: tuple[FiledSeries, ...] = ()
    answers: tuple[FiledAnswer, ...] = ()

    @property
    def span(self) -> tuple[int, int] | None:
        """The first and the last time of all points."""
        times = [each.times for each in self.series] + [each.line.times for each in self.answers]
        known = [each for each in times if len(each)]
        return (min(int(each[0]) for each in known), max(int(each[-1]) for each in known)) if known else None


def read_history(paths: Sequence[Path]) -> FiledHistory:
    """All files together; of points of one source at one time the last file's counts. Raises UnreadableHistory."""
    found = [_read(path) for path in paths]
    return FiledHistory(
        _together([series for each in found for series in each.series]),
        tuple(answer for each in found for answer in each.answers),
    )


def _read(path: Path) -> FiledHistory:
    read = _READERS.get(path.suffix.lower())
    if read is None:
        hint = f"name it by what it is: {', '.join(_READERS)}"
        raise UnreadableHistory(f"`{path.name}` is of no kind of file that is known", hint)
    try:
        return read(path)
    except OSError as error:
        raise UnreadableHistory(f"`{path}` cannot be read: {error.strerror or error}", "name another file") from error


def _of_csv(path: Path) -> FiledHistory:
    return FiledHistory(series=series_of(csv_points(path), path.name))


def _of_parquet(path: Path) -> FiledHistory:
    return FiledHistory(series=series_of(parquet_points(path), path.name))


def _of_json(path: Path) -> FiledHistory:
    return FiledHistory(answers=filed_answers(path))


_READERS: dict[str, Callable[[Path], FiledHistory]] = {".csv": _of_csv, ".json": _of_json, ".parquet": _of_parquet}


def _together(series: Sequence[FiledSeries]) -> tuple[FiledSeries, ...]:
    """Parts of one source, such as a file a day, as one series."""
    sources: dict[tuple[str, frozenset[str]], list[FiledSeries]] = {}
    for each in series:
        sources.setdefault((each.metric, each.tags), []).append(each)
    return tuple(map(_one, sources.values()))


def _one(parts: Sequence[FiledSeries]) -> FiledSeries:
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    if len({(each.kind, each.interval, each.arrives) for each in parts}) > 1:
        message = f"points of `{first.metric}` with equal tags differ in `kind`, `interval` or `arrives`"
        raise UnreadableHistory(message, "write the same in each row of a source")
    (whole,) = joined([Line((), each.times, each.values) for each in parts])
    return FiledSeries(
        metric=first.metric, times=whole.times, values=whole.values, tags=first.tags, kind=first.kind,
        interval=first.interval, arrives=first.arrives,
    )  # fmt: skip
