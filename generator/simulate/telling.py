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
    event = event_of(payload, timeline, notification)
    body = render(parse_message(message_text(payload, notification)), event, zones)
    title = render(parse_message(str(payload.get("name") or "")), event, zones)
    return Sent(
        at=notification.at,
        group=timeline.group,
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


def event_of(payload: Mapping[str, Any], timeline: GroupTimeline, notification: Notification) -> AlertEvent:
    first, last = _triggered(timeline, notification.at)
    options = payload.get("options")
    limits = options.get("thresholds") if isinstance(options, Mapping) else None
    known = limits if isinstance(limits, Mapping) else {}
    priority = payload.get("priority")
    return AlertEvent(
        state=notification.after,
        previous=notification.before,
        at=_instant(notification.at),
        first_triggered_at=_instant(first),
        last_triggered_at=_instant(last),
        is_renotification=notification.is_renotify,
        value=notification.value,
        comparator=_comparator(str(payload.get("query") or "")),
        threshold=_number(known.get("critical")),
        warn_threshold=_number(known.get("warning")),
        alert_recovery_threshold=_number(known.get("critical_recovery")),
        warn_recovery_threshold=_number(known.get("warning_recovery")),
        priority=priority if isinstance(priority, int) else None,
        group=dict(tag.split(":", 1) for tag in timeline.group),
    )


def _triggered(timeline: GroupTimeline, at: int) -> tuple[int, int]:
    """When the group left OK the last time, and when it last came into a state that is not OK."""
    begin = timeline.begin
    first, last = (at if found is None else found for found in (begin.left_ok_at, begin.triggered_at))
    for each in timeline.transitions:
        if each.at > at:
            break
        if each.after is not State.OK:
            first, last = (each.at if each.before is State.OK else first), each.at
    return first, last


@functools.lru_cache(maxsize=64)
def _comparator(query: str) -> str | None:
    found = parse_metric_monitor(query)
    return found.comparator if isinstance(found, MonitorQuery) else None


def _instant(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
