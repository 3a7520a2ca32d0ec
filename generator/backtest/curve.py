"""The values that a monitor's evaluations found, few enough to be drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from generator.simulate.history import Group, History, Times, Values
from generator.simulate.monitor import monitor
from generator.simulate.run import prepared
from generator.simulate.settings import Settings


class Curve(Struct, frozen=True, kw_only=True):
    """One group's values: of each of equally wide columns, from `since` on, the lowest and the highest.

    None where no evaluation in it found a value, so that nothing that crosses a threshold is lost between two columns.
    """

    group: Group
    since: int
    until: int
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]


def curves(  # noqa: PLR0913 - the span, and what is drawn of it
    payload: Mapping[str, Any],
    history: History,
    *,
    since: int,
    until: int,
    settings: Settings,
    groups: Sequence[Group],
    columns: int,
) -> tuple[Curve, ...]:
    """Of a monitor that was simulated: its groups' values in at most so many columns."""
    with np.errstate(all="ignore"):
        run = prepared(monitor(payload), history, since, until, settings)
        if not len(run.moments) or not groups:
            return ()
        values = run.seen(tuple(groups)).values
    places = _columns(run.moments, since, until, columns)
    return tuple(
        Curve(group=group, since=since, until=until, lows=tuple(lows), highs=tuple(highs))
        for group, row in zip(groups, values, strict=True)
        for lows, highs in (_reduced(row, places, columns),)
    )


def _columns(moments: Times, since: int, until: int, columns: int) -> Times:
    """The column of each moment."""
    return np.minimum((moments - since) * columns // max(1, until - since), columns - 1)


def _reduced(row: Values, places: Times, columns: int) -> tuple[list[float | None], list[float | None]]:
    lows, highs = np.full(columns, np.nan), np.full(columns, np.nan)
    present = np.isfinite(row)
    row, places = row[present], places[present]
    begins = np.flatnonzero(np.diff(places, prepend=-1))
    if len(begins):
        lows[places[begins]] = np.minimum.reduceat(row, begins)
        highs[places[begins]] = np.maximum.reduceat(row, begins)
    return list(_known(lows)), list(_known(highs))


def _known(values: Values) -> Iterator[float | None]:
    yield from (each if math.isfinite(each) else None for each in values.tolist())
