"""Texts for times and durations, as people write them in YAML, and what they mean."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

from msgspec import Meta

# In Python `$` lets a last line break through; `$(?!\n)` is the end of the text there and in ECMAScript.
LOCAL_TIME_PATTERN = r"^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)"
DURATION_PATTERN = r"^[0-9]{1,6}[smhdw]$(?!\n)"
_DAY = "(?:mon|tue|wed|thu|fri|sat|sun)"
_DAYS = f"{_DAY}(?:-{_DAY})?"

LocalTimeText = Annotated[
    str,
    Meta(pattern=LOCAL_TIME_PATTERN, title="a local time from `00:00` to `24:00`, such as `09:30`", examples=["09:30"]),
]
DurationText = Annotated[
    str,
    Meta(
        pattern=DURATION_PATTERN,
        title="a duration in s, m, h, d or w, such as `20m`",
        examples=["30s", "20m", "4h", "1d", "2w"],
    ),
]
DaysText = Annotated[
    str,
    Meta(
        pattern=rf"^{_DAYS}(?:, *{_DAYS})*$(?!\n)",
        title="days like `mon-fri` or `mon,wed,fri`",
        examples=["mon-fri"],
    ),
]

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_DURATION = re.compile(DURATION_PATTERN)
_LOCAL_TIME = re.compile(LOCAL_TIME_PATTERN)


def parse_duration(text: str) -> dt.timedelta:
    """`20m` → 20 minutes; ValueError for any other text than a DurationText."""
    if _DURATION.search(text) is None:
        raise ValueError(f"`{text[:40]}` is not a duration in s, m, h, d or w, such as `20m`")
    return dt.timedelta(seconds=int(text[:-1]) * _SECONDS[text[-1]])


def parse_local_time(text: str) -> int:
    """`09:30` → 570 minutes after midnight, `24:00` → 1440; ValueError for any other text than a LocalTimeText."""
    if _LOCAL_TIME.search(text) is None:
        raise ValueError(f"`{text[:40]}` is not a local time from `00:00` to `24:00`, such as `09:30`")
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)
