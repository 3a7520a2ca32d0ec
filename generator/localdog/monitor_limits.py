"""What the server refuses about a monitor for being too large, too many or too long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from generator.localdog.monitor_draft import Draft
from generator.localdog.organisation import Json
from generator.localdog.queries import METRIC_TYPES

MOST_PARTS = 10
HOURS = {"m": 1 / 60, "h": 1, "d": 24, "w": 168, "mo": 730}
LONGEST_WINDOW_HOURS = 730
LONGEST_EVENT_HOURS = 48
LONGEST_BURN_HOURS = 48
MOST_CHECKS = 100
WINDOW = re.compile(r"(\d{1,6})(mo|m|h|d|w)")
TYPES_OF_EVENTS = frozenset(
    {
        "audit alert", "ci-pipelines alert", "ci-tests alert", "error-tracking alert", "event-v2 alert", "log alert",
        "rum alert", "trace-analytics alert",
    }
)  # fmt: skip
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


def unseen_slo(draft: Draft) -> str | None:
    part = draft.reading.slo
    unseen = part is not None and draft.sight.slo_target(part.slo_id) is None
    return f"SLO not found: {part.slo_id} not found" if part is not None and unseen else None


def burn_rate_windows(draft: Draft) -> str | None:
    part = draft.reading.slo
    if part is None or not part.burns:
        return None
    longer, shorter = hours_of(part.long_window), hours_of(part.short_window)
    is_ordered = longer is not None and shorter is not None and shorter < longer
    return None if is_ordered and longer is not None and 1 <= longer <= LONGEST_BURN_HOURS else bad_value("query")


def hours_of(text: str) -> float | None:
    match = WINDOW.fullmatch(text)
    return int(match[1]) * HOURS[match[2]] if match else None


def burn_rate_out_of_range(draft: Draft) -> str | None:
    part, threshold = draft.reading.slo, draft.reading.threshold
    target = None if part is None or not part.burns else draft.sight.slo_target(part.slo_id)
    if target is None or threshold is None or not 0 < target < 100:
        return None
    highest = round(1 / (1 - target / 100), 6)
    if 0 < threshold <= highest:
        return None
    return (
        f"Alert threshold ({float(threshold)}) must be in range 0 to {highest} for burn rate alerts "
        "(max threshold = 1/1-slo target)."
    )


def window_of_events_too_long(draft: Draft) -> str | None:
    hours = hours_of(draft.reading.last_text) if draft.type in TYPES_OF_EVENTS else None
    return bad_value("query") if hours is not None and not 0 < hours <= LONGEST_EVENT_HOURS else None


def number_of_checks_out_of_range(draft: Draft) -> str | None:
    last = draft.reading.last_checks
    if draft.type != "service check" or last is None or 1 <= last <= MOST_CHECKS:
        return None
    return bad_value("query")


def no_data_of_logs(draft: Draft) -> str | None:
    """An old recording has it with `notify_no_data` off; the words are those of the newer refusal."""
    if draft.type != "log alert" or draft.option("no_data_timeframe") is None:
        return None
    return "The no_data_timeframe option is not allowed for log alert monitors"


def single_quoted_search(draft: Draft) -> str | None:
    if draft.type != "log alert" or not draft.definition["query"].lstrip().startswith("logs('"):
        return None
    return f"{bad_value('query')}: invalid operator specified: "


def is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < BEYOND_NUMBERS
