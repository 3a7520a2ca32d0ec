"""The words of queries that are few and known, and the shapes of those that are free: parser and printer share them."""

from __future__ import annotations

import re
from typing import Final, Literal

COMPARATORS: Final = (">", ">=", "<", "<=", "==", "!=")
TIME_AGGREGATIONS: Final = ("avg", "sum", "min", "max", "percentile")
CHANGES: Final[tuple[Literal["change", "pct_change"], ...]] = ("change", "pct_change")
SPACE_AGGREGATIONS: Final = ("avg", "sum", "min", "max", "count", "stddev", "histogram")
ROLLUP_METHODS: Final = ("avg", "sum", "min", "max", "count", "stddev")
FILL_METHODS: Final = ("linear", "last", "zero", "null")
UNITS: Final = ("m", "h", "d", "w", "mo")
MOST_UNITS: Final = 999_999
MOST_ID_DIGITS: Final = 18

PERCENTILE: Final = re.compile(r"p[0-9]{1,2}(?:\.[0-9]{1,2})?\Z")
CALENDAR_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_KEY = re.compile(r"[\w$*][\w$*.:/@-]*\Z")
_PATH_PART = r"[a-z0-9][a-z0-9._-]*+"
REFERENCE: Final = rf"%\{{{_PATH_PART}(?:/{_PATH_PART}){{0,3}}\}}"


def is_space_aggregation(name: str) -> bool:
    return name in SPACE_AGGREGATIONS or bool(PERCENTILE.match(name))


def is_key(text: str) -> bool:
    """Tell whether a metric can be grouped by it."""
    return bool(_KEY.match(text))
