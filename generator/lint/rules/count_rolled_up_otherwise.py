"""A count is rolled up by something else than `sum`, and is no count any more.

`.as_count()` adds up what happened in an interval; a `.rollup(avg, …)` after it takes the mean of what was sent
instead, which is of another size by as many times as the interval has points. Write `.rollup(sum, …)`.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import AsCount, MetricQuery, Rollup
from generator.query.printer import print_query

SEVERITY = Severity.WARNING
REACH = "resource"
NODES = (MetricQuery,)

_NO_COUNT = frozenset({"avg", "max", "min"})


def findings(node: MetricQuery, monitor: RenderedMonitor) -> Iterable[Complaint]:  # noqa: ARG001 - the signature of every rule of nodes
    if len(node.modifiers) < 2 or not any(isinstance(each, AsCount) for each in node.modifiers):
        return ()
    return [_complaint(each) for each in node.modifiers[:2] if isinstance(each, Rollup) and each.method in _NO_COUNT]


def _complaint(rollup: Rollup) -> Complaint:
    start, end = rollup.span
    mended = print_query(msgspec.structs.replace(rollup, method="sum"))
    return Complaint(
        f"`.as_count()` rolled up by `{rollup.method}` is no count",
        ("query",),
        hint=f"write `{mended}`, and look at the threshold again",
        start=start,
        end=end,
    )
