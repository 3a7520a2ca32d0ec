"""A query that Datadog takes and that does not do what it seems to.

An argument out of range, a function that a monitor cannot use (`autosmooth`, `cumsum`), a window that is too long for
the type, an anomaly's window that does not fit its interval: Datadog answers with no data, or with its own idea of what
was meant. Each is told at its place with what is expected there.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.doubts import doubts

SEVERITY = Severity.WARNING
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    for doubt in doubts(monitor.tree):
        if monitor.type == "service check" and doubt.span == monitor.tree.span:
            continue  # that it has no groups is told by `check-without-groups`
        yield Complaint(doubt.message, ("query",), hint=doubt.hint, start=doubt.span[0], end=doubt.span[1])
