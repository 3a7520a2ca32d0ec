"""A raw monitor's option has a value of another type than Datadog's API documents.

Datadog refuses a threshold that is text ("Non-numeric threshold value."); of the others some are taken, such as
`renotify_interval: "0"` in monitors of its own, and what comes of the rest is not documented
(https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor). YAML makes it easy to miss: `"60"` is text, `[9]` is
a list. Until it is mended, no other rule can look at the option.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Field, Replacement

SEVERITY = Severity.WARNING
REACH = "resource"

_TYPES: Mapping[str, tuple[type, ...]] = {
    "a number": (int, float),
    "true or false": (bool,),
    "text": (str,),
    "a list": (list,),
    "a mapping": (dict,),
}
_OPTIONS: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "evaluation_delay",
            "min_failure_duration",
            "min_location_failed",
            "new_group_delay",
            "new_host_delay",
            "no_data_timeframe",
            "renotify_interval",
            "renotify_occurrences",
            "timeout_h",
        ),
        "a number",
    ),
    **dict.fromkeys(
        (
            "enable_logs_sample",
            "enable_samples",
            "groupby_simple_monitor",
            "include_tags",
            "locked",
            "notify_audit",
            "notify_no_data",
            "require_full_window",
        ),
        "true or false",
    ),
    **dict.fromkeys(
        ("escalation_message", "group_retention_duration", "notification_preset_name", "on_missing_data"), "text"
    ),
    **dict.fromkeys(("device_ids", "notify_by", "renotify_statuses", "variables"), "a list"),
    **dict.fromkeys(("aggregation", "scheduling_options", "silenced", "threshold_windows", "thresholds"), "a mapping"),
}
_THRESHOLDS: Mapping[str, str] = {
    **dict.fromkeys(("critical", "critical_recovery", "ok", "unknown", "warning", "warning_recovery"), "a number"),
    **dict.fromkeys(("critical_query", "critical_recovery_query"), "text"),
}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_SHOWN = {str: "text", bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "a mapping"}


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for name, value in monitor.options.items():
        wanted = _OPTIONS.get(name)
        if wanted is not None and not _is(value, wanted):
            yield _complaint(name, value, wanted, ("options", name))
    thresholds = monitor.options.get("thresholds")
    for name, value in thresholds.items() if isinstance(thresholds, dict) else ():
        wanted = _THRESHOLDS.get(name)
        if wanted is not None and not _is(value, wanted):
            yield _complaint(name, value, wanted, ("options", "thresholds", name))


def _is(value: Any, wanted: str) -> bool:
    """Datadog takes null for what is not set."""
    return value is None or (
        isinstance(value, _TYPES[wanted]) and isinstance(value, bool) == (wanted == "true or false")
    )


def _complaint(name: str, value: Any, wanted: str, field: Field) -> Complaint:
    found = _SHOWN.get(type(value), "something else")
    is_number = wanted == "a number" and isinstance(value, str) and _NUMBER.fullmatch(value) is not None
    return Complaint(
        f"`{name}` must be {wanted}, found {found}",
        field,
        hint="remove the quotes" if is_number else f"write {wanted}, or leave it out",
        fix=Replacement(value, field) if is_number else None,
    )
