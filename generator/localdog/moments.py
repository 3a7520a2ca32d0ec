"""Moments and durations as people write them to the clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

DURATION = re.compile(r"([1-9][0-9]{0,6})([smhd])", re.ASCII)
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=31)
FIRST_YEAR, LAST_YEAR = 1971, 9000


class MomentRefused(Exception):  # noqa: N818 reads as what it says
    """The text is no moment, or no duration; the words say what is."""


def moment(text: object) -> datetime:
    """A moment with its offset from UTC."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
        if found is not None and found.tzinfo is not None and FIRST_YEAR <= found.year <= LAST_YEAR:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise MomentRefused(
        f"`{str(text)[:60]}` is no moment from {FIRST_YEAR} to {LAST_YEAR} with its offset from UTC; write it like "
        "`2027-01-12T08:00:00Z` or `2027-01-12T17:00:00+09:00`"
    )


def duration(text: object) -> timedelta:
    found = DURATION.fullmatch(text) if isinstance(text, str) else None
    by = None if found is None else timedelta(**{UNITS[found[2]]: int(found[1])})
    if by is None or by > LONGEST:
        raise MomentRefused(
            f"`{str(text)[:60]}` is no duration of at most {LONGEST.days} days; write it like `90s`, `10m`, `6h`, `2d`"
        )
    return by
