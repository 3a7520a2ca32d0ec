"""Short histories, and what a monitor makes of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.timeline import Notification, Simulation

START = int(datetime(2027, 1, 5, tzinfo=UTC).timestamp())
MINUTE, HOUR, DAY = 60, 3600, 86_400


def at(clock: str) -> int:
    """`25:30` is half past one of the next day."""
    hours, minutes = clock.split(":")
    return START + int(hours) * HOUR + int(minutes) * MINUTE


def clock(moment: int) -> str:
    minutes, seconds = divmod(moment - START, MINUTE)
    assert not seconds
    return f"{minutes // 60:02}:{minutes % 60:02}"


def points(values: Mapping[str, float], *, metric: str = "m", tags: Sequence[str] = (), **of: Any) -> Series:
    times = np.array([at(each) for each in values], dtype=np.int64)
    numbers = np.array(list(values.values()), dtype=np.float64)
    return Series(metric=metric, times=times, values=numbers, tags=frozenset(tags), **of)


def minutes(text: str, *, metric: str = "m", tags: Sequence[str] = (), since: str = "00:00", **of: Any) -> Series:
    """A point a minute: `5x10 _x3 9` is ten of 5, three without a point, one of 9."""
    values: list[float | None] = []
    for part in text.split():
        value, _, count = part.partition("x")
        values += [None if value == "_" else float(value)] * int(count or 1)
    known = [(at(since) + MINUTE * place, value) for place, value in enumerate(values) if value is not None]
    times = np.array([moment for moment, _ in known], dtype=np.int64)
    numbers = np.array([value for _, value in known], dtype=np.float64)
    return Series(metric=metric, times=times, values=numbers, tags=frozenset(tags), **of)


def simulated(  # noqa: PLR0913 - the span, and what decides beside the query
    query: str,
    *series: Series,
    until: str,
    since: str = "00:00",
    settings: Settings = DEFAULT,
    payload: Mapping[str, Any] | None = None,
    downtimes: Sequence[Mapping[str, Any]] = (),
    **options: Any,
) -> Simulation:
    whole = {"id": 7, "type": "query alert", "name": "m", "query": query, "options": options, **(payload or {})}
    found = simulate(whole, History(series), since=at(since), until=at(until), settings=settings, downtimes=downtimes)
    assert isinstance(found, Simulation), found
    return found


def changes(simulation: Simulation) -> list[str]:
    """`00:05 Alert`, with the group before it where there are groups."""
    found = [(each.at, group.group, each.after.value) for group in simulation.groups for each in group.transitions]
    return [_line(moment, group, state) for moment, group, state in sorted(found)]


def told(simulation: Simulation) -> list[str]:
    """`00:05 Alert`; `again` of a reminder, `muted` where nobody hears of it."""
    return [_line(each.at, group, _words(each)) for group, each in simulation.notifications]


def _words(each: Notification) -> str:
    marks = {"again": each.is_renotify, "after downtime": each.ends_downtime, "muted": each.muted}
    return " ".join([each.after.value, *(mark for mark, holds in marks.items() if holds)])


def _line(moment: int, group: Sequence[str], words: str) -> str:
    return " ".join([clock(moment), *group, words])
