"""What one evaluation finds, before any state follows from it."""

from __future__ import annotations

from typing import Any

import numpy as np

from generator.simulate.history import Group, History, Series
from generator.simulate.monitor import monitor
from generator.simulate.run import prepared
from generator.simulate.settings import DEFAULT, Settings
from tests.simulate.histories import at


def found(
    query: str, *series: Series, when: str, settings: Settings = DEFAULT, **options: Any
) -> dict[Group, float | None]:
    """The value of each group at one evaluation; None where there is none."""
    payload = {"type": "query alert", "query": f"{query} > 0", "options": options}
    with np.errstate(all="ignore"):
        run = prepared(monitor(payload), History(series), at(when), at(when), settings)
        rows = [(group, value) for part in run.chunks() for group, (value,) in _rows(run.seen(part).values, part)]
    return {group: None if np.isnan(value) else round(value, 6) for group, value in rows}


def value(query: str, *series: Series, when: str, settings: Settings = DEFAULT, **options: Any) -> float | None:
    """The value of what is not grouped."""
    return found(query, *series, when=when, settings=settings, **options)[()]


def _rows(values: Any, groups: tuple[Group, ...]) -> Any:
    return zip(groups, values.tolist(), strict=True)
