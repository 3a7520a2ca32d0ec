"""A raw monitor's option has a value of another type than Datadog's API documents.

Some are taken, such as `renotify_interval: "0"` in monitors that Datadog itself ships, and what comes of the rest is
not documented (https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor). YAML makes it easy to miss: `"60"` is
text, `[9]` is a list. Rules about a number see only numbers: none of them tells what `"60"` does. Thresholds are judged
by `threshold-of-wrong-type`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.value_types import wrong_type

SEVERITY = Severity.NOTICE
REACH = "resource"

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
    **dict.fromkeys(("aggregation", "scheduling_options", "silenced", "threshold_windows"), "a mapping"),
}


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for name, value in monitor.options.items():
        wanted = _OPTIONS.get(name)
        complaint = None if wanted is None else wrong_type(value, wanted, ("options", name))
        if complaint is not None:
            yield complaint
