"""What the server refuses about a monitor, as a table: each row has the server's words and where they come from.

`recorded` words are from recorded exchanges, `reported` ones were quoted by users, `unknown` marks a refusal that is
documented but whose words nobody wrote down.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

from generator.localdog.monitor_anomaly_rules import (
    AMBIGUOUS,
    ambiguous_anomaly_recovery,
    anomaly_share_out_of_range,
    other_alert_window,
)
from generator.localdog.monitor_draft import Draft
from generator.localdog.monitor_limits import (
    bad_value,
    burn_rate_out_of_range,
    burn_rate_windows,
    is_number,
    no_data_of_logs,
    number_of_checks_out_of_range,
    number_out_of_range,
    single_quoted_search,
    too_many_parts,
    unseen_slo,
    window_of_events_too_long,
    window_too_long,
)
from generator.localdog.monitor_schedule_rules import wrong_custom_schedule, wrong_evaluation_window
from generator.localdog.queries import METRIC_TYPES

Verdict = Callable[[Draft], str | None]

NO_ON_MISSING_DATA_TYPES = frozenset({"service check", "composite", "slo alert"})
NO_RECOVERY_THRESHOLD_TYPES = frozenset({"event-v2 alert"})
CHOICES: Mapping[str, tuple[str, ...]] = {
    "on_missing_data": ("default", "show_no_data", "show_and_notify_no_data", "resolve"),
    "notification_preset_name": (
        "show_all", "hide_query", "hide_handles", "hide_all", "hide_query_and_handles", "show_only_snapshot",
        "hide_handles_and_footer",
    ),
}  # fmt: skip
READABLE_TYPES = METRIC_TYPES | {
    "ci-pipelines alert", "ci-tests alert", "composite", "cost alert", "data-jobs alert", "data-quality alert",
    "error-tracking alert", "event-v2 alert", "process alert", "rum alert", "service check", "slo alert",
    "trace-analytics alert",
}  # fmt: skip
RENOTIFY_STATUSES = ("alert", "warn", "no data")
Order = Callable[[float, float], bool]
BEYOND: Mapping[str, Order] = {">": operator.gt, ">=": operator.gt, "<": operator.lt, "<=": operator.lt}
NOT_BEFORE: Mapping[str, Order] = {">": operator.ge, ">=": operator.ge, "<": operator.le, "<=": operator.le}
SIDE = {">": "less", ">=": "less", "<": "greater", "<=": "greater"}


def unreadable_query(draft: Draft) -> str | None:
    """Types whose queries were never recorded as refused are judged alike, except where no grammar is known."""
    return bad_value("query") if not draft.reading.readable and draft.type in READABLE_TYPES else None


def missing_operator(draft: Draft) -> str | None:
    if draft.type != "log alert" or draft.reading.comparator is not None or draft.reading.readable:
        return None
    return f"{bad_value('query')}: invalid operator specified: "


def ungrouped_service_check(draft: Draft) -> str | None:
    if draft.type == "service check" and draft.reading.readable and not draft.reading.grouped:
        return "A grouping must be specified for custom checks"
    return None


def too_few_checks(draft: Draft) -> str | None:
    last = draft.reading.last_checks
    if draft.type == "service check" and last is not None and last < max(draft.thresholds.values(), default=0):
        return "Last field should be larger than or equal to max threshold defined in monitor options"
    return None


def threshold_not_a_number(draft: Draft) -> str | None:
    if all(is_number(value) for value in draft.thresholds.values()):
        return None
    return "Non-numeric threshold value."


def no_critical_threshold(draft: Draft) -> str | None:
    if draft.reading.threshold is None or not draft.thresholds or "critical" in draft.thresholds:
        return None
    return "Alert status is required."


def threshold_mismatch(draft: Draft) -> str | None:
    critical, queried = draft.thresholds.get("critical"), draft.reading.threshold
    if critical is None or queried is None or critical == queried:
        return None
    return f"Alert threshold ({float(critical)}) does not match that used in the query ({float(queried)})."


def warning_on_wrong_side(draft: Draft) -> str | None:
    comparator = draft.reading.comparator or ""
    critical, warning = draft.thresholds.get("critical"), draft.thresholds.get("warning")
    if critical is None or warning is None or comparator not in SIDE or not NOT_BEFORE[comparator](warning, critical):
        return None
    return (
        f"Warning threshold ({float(warning)}) must be {SIDE[comparator]} than the alert threshold "
        f"({float(critical)}) with {comparator} comparison."
    )


def recovery_threshold_of_events(draft: Draft) -> str | None:
    found = [status for status in draft.thresholds if status.endswith("_recovery")]
    if draft.type not in NO_RECOVERY_THRESHOLD_TYPES or not found:
        return None
    return f"Invalid threshold statuses found: {', '.join(sorted(found))}."


def ambiguous_recovery(draft: Draft) -> str | None:
    if not _recovers_while(draft, "critical"):
        return None
    return AMBIGUOUS


def ambiguous_warning_recovery(draft: Draft) -> str | None:
    if not _recovers_while(draft, "warning"):
        return None
    return (
        "warning and warning recovery criteria are such that the monitor can be simultaneously in "
        "warning and warning recovery states"
    )


def _recovers_while(draft: Draft, status: str) -> bool:
    beyond = BEYOND.get(draft.reading.comparator or "")
    entered, left = draft.thresholds.get(status), draft.thresholds.get(f"{status}_recovery")
    return beyond is not None and entered is not None and left is not None and beyond(left, entered)


def warning_recovery_alone(draft: Draft) -> str | None:
    if "warning_recovery" in draft.thresholds and "warning" not in draft.thresholds:
        return "Invalid threshold statuses found: warning_recovery."
    return None


def empty_scheduling_options(draft: Draft) -> str | None:
    scheduling = draft.option("scheduling_options")
    if not isinstance(scheduling, dict) or scheduling.get("evaluation_window") or scheduling.get("custom_schedule"):
        return None
    return "Invalid scheduling options: Required parameter 'evaluation_window' is missing"


def window_without_current(draft: Draft) -> str | None:
    window = (draft.option("scheduling_options") or {}).get("evaluation_window")
    if draft.type not in METRIC_TYPES or bool(window) == (draft.reading.current_window is not None):
        return None
    return "Monitors with an evaluation_window scheduling_option must have a current query period and vice versa."


def schedule_without_missing_data(draft: Draft) -> str | None:
    scheduled = (draft.option("scheduling_options") or {}).get("custom_schedule")
    if not scheduled or draft.option("on_missing_data") is not None:
        return None
    return "Invalid monitor option: on_missing_data"


def group_delay_without_groups(draft: Draft) -> str | None:
    if draft.option("new_group_delay") and draft.type in METRIC_TYPES and not draft.reading.grouped:
        return "The new_group_delay option can only be used for multi-alert monitors"
    return None


def notify_by_without_groups(draft: Draft) -> str | None:
    if draft.option("notify_by") and draft.type in METRIC_TYPES and not draft.reading.grouped:
        return "Invalid monitor option: notify_by"
    return None


def notify_by_other_keys(draft: Draft) -> str | None:
    """One star stands for the monitor as a whole."""
    asked, keys = draft.option("notify_by") or [], draft.reading.group_keys
    if not keys or asked == ["*"] or set(asked) <= set(keys):
        return None
    return "Invalid monitor option: notify_by"


def missing_data_not_offered(draft: Draft) -> str | None:
    if draft.option("on_missing_data") is not None and draft.type in NO_ON_MISSING_DATA_TYPES:
        return "Invalid monitor option: on_missing_data"
    return None


def missing_data_beside_default_zero(draft: Draft) -> str | None:
    value = draft.option("on_missing_data")
    if value in (None, "default") or draft.type not in METRIC_TYPES or "default_zero" not in draft.reading.functions:
        return None
    return f"Invalid on_missing_data value: {value}; valid value is: default"


def missing_data_beside_no_data(draft: Draft) -> str | None:
    if draft.option("on_missing_data") is None:
        return None
    if draft.option("notify_no_data") or draft.option("no_data_timeframe") is not None:
        return "Invalid monitor option: on_missing_data"
    return None


def renotify_occurrences_alone(draft: Draft) -> str | None:
    if draft.option("renotify_occurrences") and not draft.option("renotify_interval"):
        return "Invalid monitor option: renotify_occurrences"
    return None


def unknown_choice(draft: Draft) -> str | None:
    for name, choices in CHOICES.items():
        value = draft.option(name)
        if value is not None and value not in choices:
            return f"Value of parameter '{name}' should be any of these {list(choices)}"
    statuses = draft.option("renotify_statuses") or ()
    if any(status not in RENOTIFY_STATUSES for status in statuses):
        return f"Value of parameter 'renotify_statuses' should be any of these {list(RENOTIFY_STATUSES)}"
    return None


def unseen_monitors(draft: Draft) -> str | None:
    if draft.type == "composite" and not draft.sight.monitors(draft.reading.references):
        return "Some monitor IDs are invalid"
    return None


class Rule(NamedTuple):
    verdict: Verdict
    words: str
    source: str


RULES: tuple[Rule, ...] = (
    Rule(unreadable_query, "recorded", "2023 and reported since for metric monitors; other types are judged alike"),
    Rule(missing_operator, "recorded", "log alert with the query `query`; the blank at the end is the server's"),
    Rule(single_quoted_search, "reported", "2021"),
    Rule(ungrouped_service_check, "reported", "service checks without .by() since 2022"),
    Rule(threshold_not_a_number, "reported", "datadog-sync-cli"),
    Rule(no_critical_threshold, "reported", "a warning threshold alone"),
    Rule(threshold_mismatch, "recorded", "2023"),
    Rule(recovery_threshold_of_events, "reported", "event-v2 alert"),
    Rule(warning_on_wrong_side, "reported", "the form for `<` is mirrored"),
    Rule(ambiguous_recovery, "reported", "the words for anomalies; that they hold here too is not known"),
    Rule(
        ambiguous_anomaly_recovery,
        "reported",
        "2022, for anomalies with 0.5 and 0.25; that windows differed is a guess",
    ),
    Rule(warning_recovery_alone, "unknown", "datadog-sync-cli drops it"),
    Rule(ambiguous_warning_recovery, "unknown", "the alert side's words, mirrored"),
    Rule(too_few_checks, "reported", "service check whose .last(N) is below a threshold"),
    Rule(empty_scheduling_options, "recorded", "2023"),
    Rule(window_without_current, "reported", "evaluation_window and current_ windows need each other"),
    Rule(wrong_evaluation_window, "unknown", "documented: one start fits the window, minutes 0 to 59, day 1"),
    Rule(wrong_custom_schedule, "unknown", "documented: one recurrence of days, weeks or months, with a time zone"),
    Rule(schedule_without_missing_data, "unknown", "datadog-sync-cli adds `default`"),
    Rule(group_delay_without_groups, "reported", "2021 and since"),
    Rule(notify_by_without_groups, "unknown", "datadog-sync-cli drops it"),
    Rule(notify_by_other_keys, "unknown", "documented: a part of the query's groups, or a star"),
    Rule(missing_data_not_offered, "reported", "not for service check, composite and SLO monitors"),
    Rule(missing_data_beside_default_zero, "reported", "terraform-provider-datadog 2815"),
    Rule(missing_data_beside_no_data, "unknown", "documented conflict with notify_no_data and no_data_timeframe"),
    Rule(number_out_of_range, "unknown", "timeout_h 0 to 24 since mid-2022, evaluation_delay to a day, none negative"),
    Rule(renotify_occurrences_alone, "unknown", "documented: needs renotify_interval"),
    Rule(unknown_choice, "unknown", "worded as the policy API words its own"),
    Rule(
        other_alert_window, "reported", "anomalies(): another trigger_window; a recording has none at all and was taken"
    ),
    Rule(anomaly_share_out_of_range, "unknown", "documented: a share from 0 to 1"),
    Rule(window_too_long, "unknown", "documented: a month at most"),
    Rule(window_of_events_too_long, "unknown", "documented: two days at most"),
    Rule(number_of_checks_out_of_range, "unknown", "documented: 1 to 100"),
    Rule(no_data_of_logs, "reported", "kennel; taken in a recording of 2020"),
    Rule(unseen_slo, "unknown", "worded as a read of the SLO"),
    Rule(burn_rate_windows, "unknown", "documented: the short one below the long one, which has 1 to 48 hours"),
    Rule(burn_rate_out_of_range, "reported", "2021"),
    Rule(too_many_parts, "unknown", "documented: 10 monitors at most"),
    Rule(unseen_monitors, "recorded", "2021; composites of composites are documented as not allowed"),
)


def rejection(draft: Draft) -> str | None:
    """The server's words about the first thing that is wrong, or None."""
    for rule in RULES:
        words = rule.verdict(draft)
        if words is not None:
            return words
    return None
