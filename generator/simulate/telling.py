"""What a notification says when it arrives, and who is told."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from generator.message.event import AlertEvent, State
from generator.message.parser import parse_message
from generator.message.renderer import Zones, render
from generator.query.nodes import MonitorQuery
from generator.query.parser import parse_metric_monitor
from generator.simulate.history import Group
from generator.simulate.timeline import GroupTimeline, Notification


class Sent(Struct, frozen=True, kw_only=True):
    """A notification as it arrives; nobody is told of a muted one. `unknown` are variables without a value."""

    at: int
    group: tuple[str, ...]
    before: State
    after: State
    value: float | None
    is_renotify: bool
    muted: bool
    told: tuple[str, ...]
    title: str
    text: str
    unknown: tuple[str, ...]


def sent(payload: Mapping[str, Any], timeline: GroupTimeline, zones: Zones) -> tuple[Sent, ...]:
    """What one group's notifications came to; `zones` gives the zone of a name."""
    return tuple(_sent(payload, timeline, each, zones) for each in timeline.notifications)


def _sent(payload: Mapping[str, Any], timeline: GroupTimeline, notification: Notification, zones: Zones) -> Sent:
    group = timeline.group if notification.group is None else notification.group
    event = event_of(payload, group, notification)
    body = render(parse_message(message_text(payload, notification)), event, zones)
    title = render(parse_message(str(payload.get("name") or "")), event, zones)
    return Sent(
        at=notification.at,
        group=group,
        before=notification.before,
        after=notification.after,
        value=notification.value,
        is_renotify=notification.is_renotify,
        muted=notification.muted,
        told=() if notification.muted else body.handles,
        title=title.text,
        text=body.text,
        unknown=body.unknown,
    )


def message_text(payload: Mapping[str, Any], notification: Notification) -> str:
    """The message; a reminder brings the escalation message along
    (https://docs.datadoghq.com/monitors/notify/#renotify).
    """
    text = str(payload.get("message") or "")
    options = payload.get("options")
    more = str(options.get("escalation_message") or "") if isinstance(options, Mapping) else ""
    return f"{text}\n\n{more}" if notification.is_renotify and more else text


def event_of(payload: Mapping[str, Any], group: Group, notification: Notification) -> AlertEvent:
    options = payload.get("options")
    limits = options.get("thresholds") if isinstance(options, Mapping) else None
    known = limits if isinstance(limits, Mapping) else {}
    priority, query = payload.get("priority"), _query(str(payload.get("query") or ""))
    critical = _number(known.get("critical"))
    return AlertEvent(
        state=notification.after,
        previous=notification.before,
        at=_instant(notification.at),
        first_triggered_at=_instant_or_none(notification.first_triggered_at),
        last_triggered_at=_instant_or_none(notification.last_triggered_at),
        is_renotification=notification.is_renotify,
        value=notification.value,
        comparator=query.comparator if query else None,
        threshold=_number(query.threshold) if query and critical is None else critical,
        warn_threshold=_number(known.get("warning")),
        alert_recovery_threshold=_number(known.get("critical_recovery")),
        warn_recovery_threshold=_number(known.get("warning_recovery")),
        priority=priority if isinstance(priority, int) else None,
        group=dict(tag.split(":", 1) for tag in group),
    )


@functools.lru_cache(maxsize=64)
def _query(text: str) -> MonitorQuery | None:
    found = parse_metric_monitor(text)
    return found if isinstance(found, MonitorQuery) else None


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _instant_or_none(at: int | None) -> datetime | None:
    return None if at is None else _instant(at)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
