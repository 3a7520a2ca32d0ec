"""Which JSON shapes a monitor may have at all, judged before anything looks inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.localdog.organisation import Json, Payload

TYPES = frozenset(
    {
        "audit alert",
        "ci-pipelines alert",
        "ci-tests alert",
        "composite",
        "cost alert",
        "data-jobs alert",
        "data-quality alert",
        "database-monitoring alert",
        "error-tracking alert",
        "event alert",
        "event-v2 alert",
        "llm-observability alert",
        "log alert",
        "metric alert",
        "network-path alert",
        "network-performance alert",
        "process alert",
        "query alert",
        "rum alert",
        "service check",
        "slo alert",
        "synthetics alert",
        "trace-analytics alert",
    }
)
METRIC_OR_QUERY = frozenset({"metric alert", "query alert"})
MAX_TAGS = 80

Accepts = Callable[[Json], bool]


def is_text(value: Json) -> bool:
    return value is None or isinstance(value, str)


def is_texts(value: Json) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(part, str) for part in value))


def is_object(value: Json) -> bool:
    return value is None or isinstance(value, dict)


def is_objects(value: Json) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(part, dict) for part in value))


def is_priority(value: Json) -> bool:
    if isinstance(value, str):
        return value in {"0", "1", "2", "3", "4", "5"}
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 5)


def is_draft_status(value: Json) -> bool:
    return value in (None, "draft", "published")


FIELDS: Mapping[str, Accepts] = {
    "name": is_text, "message": is_text, "query": is_text, "tags": is_texts, "options": is_object,
    "priority": is_priority, "restricted_roles": is_texts, "draft_status": is_draft_status, "assets": is_objects,
}  # fmt: skip
OPTIONS: Mapping[str, Accepts] = {
    "thresholds": is_object, "silenced": is_object, "scheduling_options": is_object, "threshold_windows": is_object,
    "escalation_message": is_text, "on_missing_data": is_text, "notification_preset_name": is_text,
    "renotify_statuses": is_texts, "notify_by": is_texts, "variables": is_objects,
}  # fmt: skip


def shape_rejection(definition: Payload) -> str | None:
    """Only the words about a missing type are recorded; the others follow the server's form for a wrong value."""
    if not definition.get("type"):
        return "The parameter 'type' is required"
    if not isinstance(definition["type"], str) or definition["type"] not in TYPES:
        return "The value provided for parameter 'type' is invalid"
    if not definition.get("query"):
        return "The parameter 'query' is required"
    for fields, part in ((FIELDS, definition), (OPTIONS, definition.get("options") or {})):
        for name, accepts in fields.items():
            if isinstance(part, dict) and not accepts(part.get(name)):
                return f"The value provided for parameter '{name}' is invalid"
    if len(definition.get("tags") or ()) > MAX_TAGS:
        return f"Maximum number of elements in parameter 'tags' should be {MAX_TAGS}"
    return None


def creation_rejection(type_: str) -> str | None:
    """The monitor of a synthetic test is made with the test; the words are not known."""
    made_with_test = "Monitors of type synthetics alert are created with their synthetic test"
    return made_with_test if type_ == "synthetics alert" else None


def type_change_rejection(before: str, after: str) -> str | None:
    """The server itself turns a metric alert into a query alert and back, and so may a client."""
    if before == after or {before, after} == METRIC_OR_QUERY:
        return None
    return "Monitor type change not allowed"


def schedule_change_rejection(before: Payload, after: Payload) -> str | None:
    """A custom schedule is given or withheld when a monitor is created; the words are not known."""
    if _is_scheduled(before) == _is_scheduled(after):
        return None
    return "Invalid scheduling options: custom_schedule cannot be added to or removed from an existing monitor"


def _is_scheduled(options: Payload) -> bool:
    return bool((options.get("scheduling_options") or {}).get("custom_schedule"))
