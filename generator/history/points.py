"""Rows of points to series: one row a point, with the metric's name and a column a tag."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from generator.history.filed_series import FiledSeries
from generator.history.line import line
from generator.schedule.fields import parse_duration
from generator.simulate.history import MetricKind

REQUIRED = ("time", "metric", "value")
_OWN = (*REQUIRED, "kind", "interval", "arrives")
_KINDS: Mapping[str, MetricKind] = {"gauge": "gauge", "count": "count", "rate": "rate"}
_LATEST_SECOND = 2**40
_MILLISECONDS = 1e11
_MOST_TAGS = 200


class UnreadableHistory(ValueError):  # noqa: N818 - it is said of a file
    """What is wrong with a file, and how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of equal length by name; empty texts and None are no value. `first` is the first row's number."""

    columns: Mapping[str, Sequence[Any]]
    first: int = 1


@dataclass(frozen=True, slots=True)
class _Source:
    metric: str
    tags: frozenset[str]
    kind: str
    interval: str
    arrives: str


def series_of(table: Table, name: str) -> tuple[FiledSeries, ...]:
    """One series a metric and set of tags. `name` is the file's, for what is told."""
    missing = [each for each in REQUIRED if each not in table.columns]
    if missing:
        columns = ", ".join(f"`{each[:40]}`" for each in list(table.columns)[:10]) or "none"
        hint = "a row is a point: `time,metric,value`, and a column for each key of a tag, such as `host`"
        raise UnreadableHistory(f"`{name}` has no column `{missing[0]}`; its columns are {columns}", hint)
    keys = [each for each in table.columns if each not in _OWN]
    if len(keys) > _MOST_TAGS:
        raise UnreadableHistory(
            f"`{name}` has {len(table.columns)} columns", f"write at most {_MOST_TAGS} keys of tags"
        )
    times, values = _times(table, name), _values(table, name)
    places: dict[_Source, list[int]] = {}
    for place, source in enumerate(_sources(table, keys)):
        places.setdefault(source, []).append(place)
    return tuple(
        _series(source, times[rows], values[rows], _at(name, table, rows[0])) for source, rows in places.items()
    )


def _sources(table: Table, keys: Sequence[str]) -> Iterator[_Source]:
    """Of each row. Rows of one source are told from others by their cells first, which are few texts."""
    known: dict[tuple[Any, ...], _Source] = {}
    length = len(table.columns["time"])
    cells = [table.columns.get(each) or [""] * length for each in ("metric", "kind", "interval", "arrives", *keys)]
    for row in zip(*cells, strict=True):
        found = known.get(row)
        if found is None:
            metric, kind, interval, arrives, *tags = ("" if each is None else str(each).strip() for each in row)
            told = frozenset(f"{key}:{value}".lower() for key, value in zip(keys, tags, strict=True) if value)
            found = known[row] = _Source(metric, told, kind, interval, arrives)
        yield found


def _series(source: _Source, times: np.ndarray, values: np.ndarray, at: str) -> FiledSeries:
    if not source.metric:
        raise UnreadableHistory(f"{at}: it has no `metric`", "write the name of the metric in each row")
    if source.kind not in ("", *_KINDS):
        message = f"{at}: `kind` is `{source.kind[:40]}`"
        raise UnreadableHistory(message, f"write one of {', '.join(_KINDS)}, or nothing where the query shall say it")
    points = line((), times, values)
    return FiledSeries(
        metric=source.metric,
        times=points.times,
        values=points.values,
        tags=source.tags,
        kind=_KINDS.get(source.kind, "rate" if source.interval else None),
        interval=_interval(source.interval, at),
        arrives=_arrives(source.arrives, at),
    )


def _interval(text: str, at: str) -> int:
    if not text:
        return 0
    if text.isascii() and text.isdigit() and 0 < int(text[:12]) <= 86_400:
        return int(text)
    raise UnreadableHistory(
        f"{at}: `interval` is `{text[:40]}`", "write the seconds between a rate's points, such as 10"
    )


def _arrives(text: str, at: str) -> int | None:
    if not text:
        return None
    try:
        return int(parse_duration(text).total_seconds())
    except ValueError as error:
        raise UnreadableHistory(f"{at}: `arrives` is `{text[:40]}`: {error}", "write a duration such as 15m") from error


def _values(table: Table, name: str) -> np.ndarray:
    cells = table.columns["value"]
    try:
        return np.array([np.nan if each is None or each == "" else float(each) for each in cells], dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        row = next(place for place, each in enumerate(cells) if not _is_number(each))
        message = f"{_at(name, table, row)}: `value` is `{str(cells[row])[:40]}`"
        raise UnreadableHistory(message, "write a number, or nothing where there is no point") from None


def _is_number(cell: Any) -> bool:
    try:
        return cell is None or cell == "" or float(cell) is not None
    except (TypeError, ValueError, OverflowError):
        return False


def _times(table: Table, name: str) -> np.ndarray:
    cells = table.columns["time"]
    found = np.empty(len(cells), dtype=np.int64)
    known: dict[Any, int | None] = {}
    for place, cell in enumerate(cells):
        seconds = known[cell] if cell in known else known.setdefault(cell, second(cell))
        if seconds is None:
            message = f"{_at(name, table, place)}: `time` is `{str(cell)[:40]}`"
            hint = (
                "write seconds or milliseconds since 1970, or a time with its offset such as 2026-10-01T04:12:00+09:00"
            )
            raise UnreadableHistory(message, hint)
        found[place] = seconds
    return found


def second(cell: Any) -> int | None:
    """A time in seconds since 1970, rounded down; None for what is no time, or none without a zone."""
    if isinstance(cell, datetime):
        return int(cell.timestamp() // 1) if cell.tzinfo is not None else None
    text = str(cell).strip()
    try:
        number = float(text)
    except ValueError:
        return _of_text(text)
    seconds = number / 1000 if number >= _MILLISECONDS else number
    return int(seconds) if 0 <= seconds < _LATEST_SECOND else None


def _of_text(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return int(moment.timestamp() // 1) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _at(name: str, table: Table, row: int) -> str:
    return f"`{name}` row {row + table.first}"
