"""What happened: the alert event that a message is rendered for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum

from msgspec import Struct


class State(Enum):
    """A monitor group's state, by Datadog's word."""

    OK = "OK"
    ALERT = "Alert"
    WARNING = "Warn"
    NO_DATA = "No Data"
    UNKNOWN = "Unknown"


class AlertEvent(Struct, frozen=True, kw_only=True):
    """A group of a monitor went from `previous` to `state`, or is told of once more.

    `group` holds the tags it is grouped by, such as `{"host": "web-1"}`; `attributes` what else the notification knows
    by its name in a message: `host.ip`, `log.attributes.error.message`, `a.value`, `check_message`. Times are aware.
    `ok_threshold` is that of a service check. None is a value that the event does not have.
    """

    state: State
    previous: State = State.OK
    at: datetime
    first_triggered_at: datetime | None = None
    last_triggered_at: datetime | None = None
    is_renotification: bool = False
    value: float | None = None
    comparator: str | None = None
    threshold: float | None = None
    warn_threshold: float | None = None
    alert_recovery_threshold: float | None = None
    warn_recovery_threshold: float | None = None
    ok_threshold: float | None = None
    priority: int | None = None
    group: Mapping[str, str] = {}
    attributes: Mapping[str, str | float] = {}
