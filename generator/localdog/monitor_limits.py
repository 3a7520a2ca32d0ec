"""What the server refuses about a monitor for being too large, too many or too long."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.localdog.monitor_draft import Draft
from generator.localdog.organisation import Json
from generator.localdog.queries import METRIC_TYPES

MOST_PARTS = 10
HOURS = {"m": 1 / 60, "h": 1, "d": 24, "w": 168, "mo": 730}
LONGEST_WINDOW_HOURS = 730
BEYOND_NUMBERS = 1e300


class Range(NamedTuple):
    lowest: float
    highest: float


NUMBERS: Mapping[str, Range] = {
    "timeout_h": Range(0, 24),
    "evaluation_delay": Range(0, 86_400),
    "new_group_delay": Range(0, BEYOND_NUMBERS),
    "new_host_delay": Range(0, BEYOND_NUMBERS),
    "no_data_timeframe": Range(0, BEYOND_NUMBERS),
    "renotify_interval": Range(0, BEYOND_NUMBERS),
    "renotify_occurrences": Range(0, BEYOND_NUMBERS),
}


def bad_value(parameter: str) -> str:
    return f"The value provided for parameter '{parameter}' is invalid"


def number_out_of_range(draft: Draft) -> str | None:
    """Old exports hold numbers as texts: `"renotify_interval": "0"`."""
    for name, allowed in NUMBERS.items():
        value = draft.option(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if value is not None and not (is_number(value) and allowed.lowest <= value <= allowed.highest):
            return bad_value(name)
    return None


def too_many_parts(draft: Draft) -> str | None:
    if draft.type != "composite" or len(draft.reading.references) <= MOST_PARTS:
        return None
    return f"Composite monitors can have at most {MOST_PARTS} monitors"


def window_too_long(draft: Draft) -> str | None:
    amount = draft.reading.last_window.rstrip("mohdw")
    hours = int(amount) * HOURS[draft.reading.last_window.removeprefix(amount)] if amount else 0
    return bad_value("query") if draft.type in METRIC_TYPES and hours > LONGEST_WINDOW_HOURS else None


def anomaly_share_out_of_range(draft: Draft) -> str | None:
    share = draft.reading.threshold
    if "anomalies" not in draft.reading.functions or share is None or 0 <= share <= 1:
        return None
    return bad_value("query")


def burn_rate_out_of_range(draft: Draft) -> str | None:
    slo_id, threshold = draft.reading.burning_slo, draft.reading.threshold
    target = None if slo_id is None else draft.sight.slo_target(slo_id)
    if target is None or threshold is None or not 0 < target < 100:
        return None
    highest = round(1 / (1 - target / 100), 6)
    if 0 < threshold <= highest:
        return None
    return (
        f"Alert threshold ({float(threshold)}) must be in range 0 to {highest} for burn rate alerts "
        "(max threshold = 1/1-slo target)."
    )


def single_quoted_search(draft: Draft) -> str | None:
    if draft.type != "log alert" or not draft.definition["query"].lstrip().startswith("logs('"):
        return None
    return f"{bad_value('query')}: invalid operator specified: "


def is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < BEYOND_NUMBERS
