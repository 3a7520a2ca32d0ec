"""The title of a notification: what happened, of which group, and the monitor's name."""

from __future__ import annotations

from typing import Any

WORDS = {"Alert": "Triggered", "Warn": "Warn", "No Data": "No data", "OK": "Recovered"}


def title(name: str, status: str, group: str, *, options: dict[str, Any], is_renotify: bool) -> str:
    """`include_tags` adds the group: `[Triggered on {host:h1}] Monitor Title`
    (https://docs.datadoghq.com/api/latest/monitors/#create-a-monitor).
    """
    word = WORDS.get(status, status)
    if is_renotify:
        word = f"Re-{word}"
    where = f" on {{{group}}}" if group != "*" and options.get("include_tags", True) else ""
    return f"[{word}{where}] {name}"
