"""What Datadog fills in, drops and rewrites when it stores a monitor, as a table with the evidence for each row.

Applied to a desired payload and to its live echo, the table gives equal forms. The evidence counts recorded exchanges
with the real API; "kennel" and "Terraform" are rules that those tools have found and rely on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Options = Mapping[str, Any]
Normal = Callable[[object], object]


class Rule(NamedTuple):
    """One key of a monitor or of its options, and what the server makes of it.

    `default` is what an absent key and null mean (None: nothing). `normal` rewrites a value that is there; what it
    rewrites to None counts as absent. A key that is not `compared` differs without meaning anything; one that is
    compared `on_request` counts only where the YAML names it.
    """

    key: str
    evidence: str
    default: Any = None
    normal: Normal | None = None
    compared: bool = True
    on_request: bool = False


def _stripped(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _name(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def _unless_empty(value: object) -> object:
    return value or None


def _sorted_set(value: object) -> object:
    if not isinstance(value, list):
        return value
    try:
        return sorted(set(value))
    except TypeError:  # not all are strings
        return value


def _sorted_set_unless_empty(value: object) -> object:
    return _sorted_set(value) or None


def _unless_one(value: object) -> object:
    return None if value == 1 else value


def _priority(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 1:
        return int(value) or None
    return value or None


def _type(value: object) -> object:
    return "query alert" if value == "metric alert" else value


def _without_nulls(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: each for key, each in value.items() if each is not None} or None


def _number(value: object) -> object:
    """Give 2 for 2.0; a float beyond 2**53 no longer counts units, and JSON integers end at 64 bits."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _thresholds(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {key: _number(each) for key, each in value.items() if each is not None} or None


TOP_LEVEL = (
    Rule("type", "metric alert and query alert are one type: the server swaps them, 10 of 264", normal=_type),
    Rule("name", "surrounding whitespace means nothing (Terraform)", normal=_name),
    Rule("query", "surrounding whitespace is trimmed, 14 of 14", normal=_stripped),
    Rule("message", "null and absent are empty, 7 of 7; surrounding whitespace is trimmed", "", _name),
    Rule("tags", "null and absent are [], 16 of 16; their order means nothing (Terraform)", [], _sorted_set),
    Rule("priority", "0 is null, 57 of 57; the string 5 is 5", normal=_priority),
    Rule("draft_status", "published where absent, 4 of 4; older answers lack it", "published"),
    Rule(
        "restricted_roles",
        "a PUT without it kept it, 78 of 81; also written by restriction policies; [] and null are equal",
        normal=_sorted_set_unless_empty,
        on_request=True,
    ),
    Rule("assets", "answers hold them only where asked for with_assets", compared=False),
)

OPTIONS = (
    Rule("silenced", "added always, 239 of 239, and kept by a PUT: mutes belong to people", compared=False),
    Rule("locked", "follows restricted_roles whatever is sent, 84 of 84", compared=False),
    Rule("notify_audit", "false where absent, 166 of 166", default=False),
    Rule("include_tags", "true where absent, 14 of 14", default=True),
    Rule("notify_no_data", "false where absent, but left out beside on_missing_data, 53 of 53", normal=_unless_empty),
    Rule(
        "groupby_simple_monitor", "false is added for log, rum, ci and error tracking, 21 of 21", normal=_unless_empty
    ),
    Rule("enable_logs_sample", "the browser writes false where nothing was set (kennel)", normal=_unless_empty),
    Rule("new_host_delay", "300 where absent or null, unless new_group_delay is set, 17 of 17 and 7 of 7", default=300),
    Rule("new_group_delay", "0 is unset (Terraform)", normal=_unless_empty),
    Rule("evaluation_delay", "0, null and absent are equal (kennel); null is echoed", normal=_unless_empty),
    Rule("timeout_h", "0, null and absent are equal (kennel); null is echoed", normal=_unless_empty),
    Rule("renotify_interval", "0, null and absent are equal (kennel); null is echoed", normal=_unless_empty),
    Rule("renotify_occurrences", "0, null and absent are equal; null is echoed", normal=_unless_empty),
    Rule("renotify_statuses", "a set (Terraform); null is echoed", normal=_sorted_set_unless_empty),
    Rule("escalation_message", "trimmed; empty and absent are equal (kennel)", normal=_stripped),
    Rule("notify_by", "a set (Terraform); empty and absent are equal", normal=_sorted_set_unless_empty),
    Rule("variables", "echoed as sent, null and absent are equal (kennel)", normal=_unless_empty),
    Rule("threshold_windows", "null is echoed, 14 of 14", normal=_without_nulls),
    Rule("scheduling_options", "echoed as sent; a null part is no part", normal=_without_nulls),
    Rule("thresholds", "{} and null parts are dropped, 38 of 38; 2 comes back as 2.0", normal=_thresholds),
    Rule("no_data_timeframe", "echoed, also null, 10 of 10"),
    Rule("require_full_window", "never added, 147 of 147"),
    Rule("on_missing_data", "echoed"),
    Rule("notification_preset_name", "echoed"),
    Rule("group_retention_duration", "echoed"),
    Rule("aggregation", "echoed"),
    Rule("enable_samples", "echoed"),
    Rule("min_failure_duration", "0 where absent", normal=_unless_empty),
    Rule("min_location_failed", "1 where absent", normal=_unless_one),
    Rule("synthetics_check_id", "echoed"),
    Rule("restriction_query", "echoed"),
    Rule("device_ids", "echoed; deprecated", normal=_unless_empty),
)

BY_TYPE: Mapping[str, Options] = {
    # The browser's forms write these where nothing was set (kennel).
    "service check": {"require_full_window": False, "thresholds": {"ok": 1, "warning": 1}},
    "event alert": {"require_full_window": False, "thresholds": {"critical": 0}},
}

READ_ONLY = frozenset(
    (
        *("id", "org_id", "created", "created_at", "modified", "modified_at", "deleted", "creator", "multi", "state"),
        *("overall_state", "overall_state_modified", "matching_downtimes", "run_as", "restricted", "classification"),
        *("restriction_policy", "url"),
    )
)
"""Written by the server; a PUT that holds them changes nothing."""


class _Compiled(NamedTuple):
    filled: dict[str, Any]
    normal: dict[str, Normal | None]
    on_request: dict[str, Normal | None]
    ignored: frozenset[str]


def _compiled(rules: tuple[Rule, ...], ignored: frozenset[str] = frozenset()) -> _Compiled:
    compared = [rule for rule in rules if rule.compared]
    return _Compiled(
        {rule.key: rule.default for rule in compared if rule.default is not None},
        {rule.key: rule.normal for rule in compared if not rule.on_request},
        {rule.key: rule.normal for rule in compared if rule.on_request},
        ignored | {rule.key for rule in rules if not rule.compared},
    )


_TOP_LEVEL = _compiled(TOP_LEVEL, READ_ONLY | {"options"})
_OPTIONS = _compiled(OPTIONS)


def _applied(rules: _Compiled, values: Options, declared: Options) -> dict[str, Any]:
    form = rules.filled.copy()
    known = rules.normal
    for key, value in values.items():
        if value is None:
            continue
        if key in known:
            normal = known[key]
        elif key in declared and key not in rules.ignored:
            normal = rules.on_request.get(key)
        else:
            continue
        plain = value if normal is None else normal(value)
        if plain is not None:
            form[key] = plain
    return form


def top_level_form(payload: Options, declared: Options) -> dict[str, Any]:
    """Apply the rules of the top level, and leave the options out."""
    return _applied(_TOP_LEVEL, payload, declared)


def options_form(options: Options, monitor_type: str, declared: Options) -> dict[str, Any]:
    form = _applied(_OPTIONS, options, declared)
    if "new_group_delay" in form and options.get("new_host_delay") is None:
        del form["new_host_delay"]
    if form.get("on_missing_data") == "default" and _has_custom_schedule(form):
        del form["on_missing_data"]  # the server drops it there
    if monitor_type in BY_TYPE:
        return _filled_by_type(form, BY_TYPE[monitor_type])
    return form


def _has_custom_schedule(options: Options) -> bool:
    scheduling = options.get("scheduling_options")
    return isinstance(scheduling, dict) and scheduling.get("custom_schedule") is not None


def _filled_by_type(form: dict[str, Any], defaults: Options) -> dict[str, Any]:
    thresholds = form.get("thresholds", {})
    merged = {**defaults["thresholds"], **thresholds} if isinstance(thresholds, dict) else thresholds
    return {**defaults, **form, "thresholds": merged}
