"""The title of a notification: how urgent it is, what happened, of which group, and the monitor's name."""

from __future__ import annotations

from typing import Any

# https://docs.datadoghq.com/integrations/webhooks/#variables: ALERT_TRANSITION
WORDS = {"Alert": "Triggered", "Warn": "Warn", "No Data": "No Data", "OK": "Recovered"}


def title(name: str, status: str, group: str, *, payload: dict[str, Any], is_renotify: bool) -> str:
    """`include_tags` adds the group: `[Triggered on {host:h1}] Monitor Title`
    (https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor), a priority comes before: `[P2] [Triggered] …`.
    """
    word = WORDS.get(status, status)
    again = "Re-" if is_renotify else ""
    where = f" on {{{group}}}" if group != "*" and payload["options"].get("include_tags", True) else ""
    priority = payload.get("priority")
    urgency = "" if priority is None else f"[P{priority}] "
    return f"{urgency}[{again}{word}{where}] {name}"
