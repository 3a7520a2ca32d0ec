"""A query that cannot be read.

Datadog refuses it with "The value provided for parameter 'query' is invalid", says no more, and only when it is sent.
Mend the query where the carets stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint

SEVERITY = Severity.ERROR
REACH = "resource"


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    problem = monitor.problem
    if problem is not None:
        yield Complaint(problem.message, ("query",), hint=problem.hint, start=problem.start, end=problem.end)
