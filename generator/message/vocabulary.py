"""The words of Datadog's messages (https://docs.datadoghq.com/monitors/notify/variables/)."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

_ANY = 1_000


class Arity(Struct, frozen=True):
    """How many arguments a word takes, and how they are written."""

    least: int
    most: int
    example: str


RAW: Final = "raw"
STATE_CONDITIONS: Final = (
    "is_alert",
    "is_alert_recovery",
    "is_alert_to_warning",
    "is_no_data",
    "is_no_data_recovery",
    "is_recovery",
    "is_renotify",
    "is_unknown",
    "is_warning",
    "is_warning_recovery",
)
MATCHES: Final = ("is_exact_match", "is_match")
CONDITIONS: Final = {
    **{name: Arity(0, 0, f"{{{{#{name}}}}}") for name in STATE_CONDITIONS},
    **{name: Arity(2, _ANY, f'{{{{#{name} "host.name" "web"}}}}') for name in MATCHES},
    "is_priority": Arity(1, 1, "{{#is_priority 'P1'}}"),
}
"""The blocks, with what they take."""

FUNCTIONS: Final = {
    "eval": Arity(1, 1, '{{eval "int(value)"}}'),
    "local_time": Arity(2, 2, "{{local_time 'last_triggered_at' 'Asia/Tokyo'}}"),
    "override_priority": Arity(1, 1, "{{override_priority 'P1'}}"),
    "urlencode": Arity(1, 1, '{{urlencode "service.name"}}'),
}
"""What a tag can call, with what it takes."""

TIMES: Final = ("first_triggered_at", "last_triggered_at")
VARIABLES: Final = (
    "alert_recovery_threshold",
    "check_message",
    "comparator",
    "first_triggered_at",
    "first_triggered_at_epoch",
    "last_triggered_at",
    "last_triggered_at_epoch",
    "ok_threshold",
    "threshold",
    "triggered_duration_sec",
    "value",
    "warn_recovery_threshold",
    "warn_threshold",
)
"""The variables that do not depend on the query's tags."""
SLO_VARIABLES: Final = ("long_window_burn_rate", "short_window_burn_rate", "timeframe")

EVENT_ROOTS: Final = (
    "audit",
    "cipipeline",
    "citest",
    "databasemonitoring",
    "event",
    "issue",
    "log",
    "rum",
    "span",
    "synthetics",
)
"""First parts of variables that read an attribute or tag of one event that matched: `log.attributes.subject`."""

PRIORITIES: Final = ("P1", "P2", "P3", "P4", "P5")
