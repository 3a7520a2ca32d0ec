"""On which days alerts are delivered, and how far back each of them has to look.

A monitor has one window and one schedule, so days that follow gaps of different length take a monitor each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = len(_NAMES)


class DeliveryDays(msgspec.Struct, frozen=True):
    """Weekdays (0 is Monday) that come `gap_days` after the delivery day before them."""

    days: tuple[int, ...]
    gap_days: int


def delivery_days(business_days: Sequence[int]) -> tuple[DeliveryDays, ...]:
    """The business days by the gap before them, the shortest first; none means every day."""
    days = sorted(set(business_days)) or range(_WEEK)
    before = dict(zip(days, (*days[-1:], *days[:-1]), strict=True))
    gaps = {day: (day - before[day]) % _WEEK or _WEEK for day in days}
    return tuple(
        DeliveryDays(tuple(day for day in days if gaps[day] == gap), gap) for gap in sorted(set(gaps.values()))
    )


def days_name(days: Sequence[int]) -> str:
    """`tue-fri`, `mon`, `mon_wed`: days in a row are joined to one."""
    return "_".join(_NAMES[row[0]] if len(row) == 1 else f"{_NAMES[row[0]]}-{_NAMES[row[-1]]}" for row in _rows(days))


def parse_days(text: str) -> tuple[int, ...]:
    """`mon-fri`, `mon,wed` or both mixed → weekdays; a range may pass Sunday."""
    chosen: set[int] = set()
    for part in text.split(","):
        first, _, last = part.strip().partition("-")
        start, end = _NAMES.index(first), _NAMES.index(last or first)
        chosen |= {day % _WEEK for day in range(start, (end if end >= start else end + _WEEK) + 1)}
    return tuple(sorted(chosen))


def _rows(days: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Days that follow each other, of the same week from Monday on."""
    for _, row in groupby(enumerate(sorted(days)), key=lambda numbered: numbered[1] - numbered[0]):
        yield tuple(day for _, day in row)
