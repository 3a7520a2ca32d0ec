"""A service check is looked at without groups, or in fewer runs than its thresholds count.

Datadog judges the last runs of a check for each group: `.by("host")` or `.by("*")`. Without it, new monitors are
refused (`A grouping must be specified for custom checks`), and old ones look at a mixture of all hosts. A threshold of
3 needs `.last(4)` at least: a state counts when so many of the last runs are in it
(`Last field should be larger than or equal to max threshold`).
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor, number_text
from generator.lint.rule import Complaint, Elsewhere
from generator.query.nodes import ChainQuery, Method, Number

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = ("service check",)

_STATES = ("critical", "warning", "ok", "unknown")


def findings(monitor: RenderedMonitor) -> Iterator[Complaint]:
    query = monitor.tree
    if not isinstance(query, ChainQuery):
        return
    methods = {method.name: method for method in query.methods}
    if "by" not in methods:
        hint = 'add `.by("*")`, or the key to judge by, after `.over(…)`'
        yield Complaint("the check is judged without groups", ("query",), hint=hint)
    if "last" in methods:
        yield from _of_runs(methods["last"], monitor)


def _of_runs(last: Method, monitor: RenderedMonitor) -> Iterator[Complaint]:
    runs = last.args[0] if last.args else None
    counted = {name: count for name in _STATES if (count := monitor.threshold(name)) is not None}
    name = max(counted, key=lambda each: counted[each], default=None)
    if name is not None and isinstance(runs, Number) and runs.value < counted[name]:
        least = number_text(counted[name] + 1)
        yield Complaint(
            f"of the last {number_text(runs.value)} runs, {number_text(counted[name])} can never be {name}",
            ("query",),
            hint=f"look at more runs, `.last({least})`, or lower the threshold",
            start=last.span[0],
            end=last.span[1],
            related=(Elsewhere("the threshold is here", ("options", "thresholds", name)),),
        )
