"""A notification says that something is wrong, and not where to read what to do.

Who is woken at night does not know every service. Set `runbook` on the monitor, its service or its team, or write a
link in the message; a runbook among the monitor's `assets` counts as well. Drafts, and monitors that notify nobody, are
left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.message.handles import has_handle

SEVERITY = Severity.NOTICE
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    payload, message = monitor.resource.payload, monitor.message()
    if "://" in message or "](" in message or payload.get("assets"):
        return
    if payload.get("draft_status") != "draft" and has_handle(message):
        hint = "set `runbook`, or write a link in the message"
        yield Complaint("the message has no link to a runbook", ("message",), hint=hint)
