"""Days and local times of one day, as people write them in YAML."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
# In Python `$` lets a last line break through; `$(?!\n)` is the end of the text there and in ECMAScript.
DATE_PATTERN = rf"^{_DATE}$(?!\n)"
MOMENT_PATTERN = rf"^{_DATE} (?:[01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"

DateText = Annotated[
    str,
    Meta(pattern=DATE_PATTERN, title="a day such as `2026-12-29`", examples=["2026-12-29"]),
]
MomentText = Annotated[
    str,
    Meta(
        pattern=MOMENT_PATTERN, title="a day and a local time such as `2026-12-29 18:00`", examples=["2026-12-29 18:00"]
    ),
]


YEARS = range(1970, 2200)
"""The years in which rules recur and zones are known."""


def parse_date(text: str) -> date | None:
    """None for a day that no calendar has, or of another century."""
    try:
        found = date.fromisoformat(text) if re.search(DATE_PATTERN, text) else None
    except ValueError:
        return None
    return found if found and found.year in YEARS else None


def parse_moment(text: str) -> datetime | None:
    """None for a day that no calendar has, or of another century."""
    try:
        found = datetime.fromisoformat(text) if re.search(MOMENT_PATTERN, text) else None
    except ValueError:
        return None
    return found if found and found.year in YEARS else None
