"""What a variable stands for in an alert event."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Final

from generator.message.arithmetic import number_text
from generator.message.event import AlertEvent
from generator.message.vocabulary import TIMES

Known = float | str
_NUMBERS: Final = frozenset(
    {
        "alert_recovery_threshold",
        "comparator",
        "ok_threshold",
        "threshold",
        "value",
        "warn_recovery_threshold",
        "warn_threshold",
    }
)


def known_value(parts: tuple[str, ...], event: AlertEvent) -> Known | None:
    """The value of a variable by the parts of its name; None where the event has none.

    `{{host}}` stands for the same as `{{host.name}}`, as in the documentation's `is_match "env" "production"`.
    """
    name = ".".join(parts)
    if len(parts) == 1 and (found := _of_event(name, event)) is not None:
        return found
    key = ".".join(parts[:-1]) if parts[-1:] == ("name",) else ""
    for known in (event.attributes.get(name), event.group.get(key), event.group.get(name), event.attributes.get(key)):
        if known is not None:
            return known
    return None


def _of_event(name: str, event: AlertEvent) -> Known | None:
    if name in _NUMBERS:
        found: Known | None = getattr(event, name)
        return found
    if name == "triggered_duration_sec":
        first = event.first_triggered_at
        return None if first is None else int((event.at - first).total_seconds())
    time = time_of(name.removesuffix("_epoch"), event)
    if time is None:
        return None
    return int(time.timestamp() * 1000) if name.endswith("_epoch") else time_text(time, UTC)


def time_of(name: str, event: AlertEvent) -> datetime | None:
    found: datetime | None = getattr(event, name) if name in TIMES else None
    return found


def time_text(time: datetime, zone: tzinfo) -> str:
    """`2021-05-31 23:43:27+09:00`, which is how `local_time` writes; that UTC times look the same is chosen here."""
    return time.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def text_of(value: Known) -> str:
    return value if isinstance(value, str) else number_text(value)
