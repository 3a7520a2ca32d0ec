"""A window is compared with one that it overlaps: what both read is equal, and hides the change.

`avg(last_1h)` of a change since five minutes ago reads most points twice, once as now and once as then. All but the
first and last five minutes cancel out, so a rise shows as a twelfth of what it is. Shift by at least the window, or
look at a shorter window. `max` and `min` take the largest change inside the window, which is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.shifting import SHIFTS, shift_seconds
from generator.lint.timing import compares_times, window_seconds
from generator.query.nodes import Call, Change, MonitorQuery, SourceRange
from generator.query.printer import print_query
from generator.query.windows import window_minutes

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call, Change)

_CANCELLING = frozenset({"avg", "sum"})


def findings(node: Call | Change, monitor: RenderedMonitor) -> Iterable[Complaint]:
    query = monitor.tree
    if not isinstance(query, MonitorQuery) or query.aggregation.function not in _CANCELLING:
        return ()
    if isinstance(node, Change):
        return _complaints(window_minutes(node.shift) * 60, query, node.shift.span)
    if node.name not in SHIFTS or shift_seconds(node) >= window_seconds(query) or not compares_times(monitor):
        return ()
    return _complaints(shift_seconds(node), query, node.args[1].span if len(node.args) > 1 else node.span)


def _complaints(shift: float, query: MonitorQuery, place: SourceRange) -> Iterator[Complaint]:
    if 0 < shift < window_seconds(query):
        written = print_query(query.aggregation.window)
        yield Complaint(
            f"`{written}` and the same {duration_text(shift)} before overlap: most of what is compared is equal",
            ("query",),
            hint="shift by at least the window, or look at a shorter window",
            start=place[0],
            end=place[1],
        )
