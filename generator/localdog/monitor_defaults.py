"""What the server fills in and changes on a written monitor, as tables. Each row says what it was seen to do."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import NamedTuple

from generator.localdog.monitor_draft import Draft
from generator.localdog.organisation import Json, Payload

ALL_TYPES: frozenset[str] = frozenset()
LOG_LIKE_TYPES = frozenset(
    {
        "log alert",
        "rum alert",
        "ci-pipelines alert",
        "ci-tests alert",
        "error-tracking alert",
        "llm-observability alert",
    }
)


class Default(NamedTuple):
    """The option gets `value` unless one of `unless` was sent. No `types` means every type."""

    option: str
    value: Json
    unless: tuple[str, ...]
    evidence: str
    types: frozenset[str] = ALL_TYPES
    null_is_absent: bool = False


OPTION_DEFAULTS: tuple[Default, ...] = (
    Default("notify_audit", False, ("notify_audit",), "70 of 70 recorded creations without it"),  # noqa: FBT003 the value
    Default("silenced", {}, ("silenced",), "228 of 228 recorded creations"),
    Default("include_tags", True, ("include_tags",), "14 of 14 recorded creations without it"),  # noqa: FBT003 the value
    Default(
        "new_host_delay",
        300,
        ("new_host_delay", "new_group_delay"),
        "17 of 17 without both, 0 of 7 with new_group_delay; a null without new_group_delay gave 300 on 2 updates",
        null_is_absent=True,
    ),
    Default(
        "notify_no_data",
        False,  # noqa: FBT003 the value
        ("notify_no_data", "on_missing_data"),
        "16 of 16 without both, 0 of 53 with on_missing_data",
    ),
    Default(
        "groupby_simple_monitor",
        False,  # noqa: FBT003 the value
        ("groupby_simple_monitor",),
        "21 recorded log, rum, ci, error tracking and llm monitors; never on others",
        types=LOG_LIKE_TYPES,
    ),
)


class Change(NamedTuple):
    """How a sent value comes back. The function is handed the value and the draft."""

    field: str
    change: Callable[[Json, Draft], Json]
    evidence: str


DROPPED = object()


def trimmed(value: Json, _draft: Draft) -> Json:
    return value.strip() if isinstance(value, str) else value


def kept_thresholds(value: Json, draft: Draft) -> Json:
    numbers = {status: number for status, number in (value or {}).items() if number is not None}
    if draft.type != "service check":
        numbers = {status: as_float(number) for status, number in numbers.items()}
    return numbers or DROPPED


def as_float(number: Json) -> Json:
    return float(number) if isinstance(number, int) and not isinstance(number, bool) else number


def without_past_ends(value: Json, draft: Draft) -> Json:
    if not isinstance(value, dict):
        return {}
    return {scope: None if _is_past(end, draft.now_seconds) else end for scope, end in value.items()}


def _is_past(end: Json, now_seconds: float) -> bool:
    return isinstance(end, (int, float)) and end < now_seconds


def unless_scheduled(value: Json, draft: Draft) -> Json:
    scheduling = draft.option("scheduling_options") or {}
    return DROPPED if value == "default" and scheduling.get("custom_schedule") else value


OPTION_CHANGES: tuple[Change, ...] = (
    Change("escalation_message", trimmed, "14 of 14 texts with white space at an end lost it"),
    Change(
        "thresholds",
        kept_thresholds,
        "{} dropped 37 times; null members dropped; 2 came back as 2.0, 158 of 158, but not of service checks",
    ),
    Change("silenced", without_past_ends, '{"*": 0} came back as {"*": null} 11 times; so did past ends since 2021'),
    Change("on_missing_data", unless_scheduled, '"default" dropped once, with a custom schedule; echoed 42 times'),
)


def priority(value: Json, _draft: Draft) -> Json:
    if isinstance(value, str) and value.isdigit():
        return int(value) or None
    return value or None


# Arithmetic between metrics flipped the type in 2020 and no longer does (5 recorded creations of 2025).
LONG_CURRENT_WINDOWS = frozenset({"current_1d", "current_1mo"})
REFERENCE_TABLE_SOURCES = frozenset({"aggregate_augmented_query", "aggregate_filtered_query"})


def changed_type(value: str, draft: Draft) -> str:
    reading = draft.reading
    if value == "metric alert" and ("anomalies" in reading.functions or reading.current_window in LONG_CURRENT_WINDOWS):
        return "query alert"
    variables = draft.option("variables") or ()
    if value == "query alert" and any(
        isinstance(variable, dict) and variable.get("data_source") in REFERENCE_TABLE_SOURCES for variable in variables
    ):
        return "metric alert"
    return value


HOW_OFTEN = {"avg": "on average", "min": "at all times", "max": "at least once", "sum": "in total"}


def generated_name(draft: Draft) -> str:
    """The composite's query as it is, a sentence for a metric alert on one metric, others in backquotes."""
    query: str = draft.definition["query"].strip()
    simple, often = draft.reading.simple, HOW_OFTEN.get(draft.reading.time_aggregation)
    threshold = draft.reading.threshold
    if draft.type == "metric alert" and simple is not None and often is not None and threshold is not None:
        compared = f"{draft.reading.comparator} {float(threshold)}"
        window = draft.reading.last_window
        return f"**{simple.metric}** over **{simple.scope}** was **{compared}** {often} during the **last {window}**."
    return query if draft.type == "composite" else f"`{query}`"


FIELD_CHANGES: tuple[Change, ...] = (
    Change(
        "message", lambda value, draft: trimmed(value or "", draft), 'null and absent became "" 7 times; ends trimmed'
    ),
    Change("query", trimmed, "14 of 14 texts with white space at an end lost it"),
    Change("tags", lambda value, _: value or [], "null and absent became [] 16 times; order and case stay"),
    Change("priority", priority, '0 became null 57 times, "5" became 5 once'),
    Change("type", changed_type, "10 recorded flips between metric and query alert"),
    Change(
        "name",
        lambda value, draft: value or generated_name(draft),
        "null and absent became a sentence or the query 7 times",
    ),
    Change("restricted_roles", lambda value, _: value, "null when absent, 176 of 176"),
    Change("draft_status", lambda value, _: value or "published", "published when absent, since late 2025"),
)


def completed_options(draft: Draft) -> Payload:
    options = dict(draft.options)
    for row in OPTION_CHANGES:
        if row.field in options:
            value = row.change(options[row.field], draft)
            if value is DROPPED:
                del options[row.field]
            else:
                options[row.field] = value
    for default in OPTION_DEFAULTS:
        if default.types and draft.type not in default.types:
            continue
        present = any(
            name in draft.options and not (default.null_is_absent and draft.options[name] is None)
            for name in default.unless
        )
        if not present:
            options[default.option] = deepcopy(default.value)
    return options


def completed(draft: Draft) -> Payload:
    """The definition as the server keeps it."""
    definition = dict(draft.definition)
    for row in FIELD_CHANGES:
        definition[row.field] = row.change(definition.get(row.field), draft)
    definition["options"] = completed_options(draft)
    return definition
