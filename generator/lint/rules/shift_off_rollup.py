"""A shift is no multiple of the rollup: the points of then and now never meet.

Points of a rollup start at whole multiples of its interval. Shifted by anything else they fall between those that they
are compared with; what does not pair is no number, and the evaluation is skipped or tells no data. Shift by a multiple
of the interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.shifting import SHIFTS, shift_seconds
from generator.lint.timing import compares_times, rollup_seconds
from generator.query.inspection import leaves
from generator.query.nodes import Call, Change, Expression, MonitorQuery, Rollup, SourceRange
from generator.query.windows import window_minutes

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call, Change)


def findings(node: Call | Change, monitor: RenderedMonitor) -> Iterable[Complaint]:
    query = monitor.tree
    if not isinstance(query, MonitorQuery):
        return ()
    if isinstance(node, Change):
        return _complaints(window_minutes(node.shift) * 60, query.expression, node.shift.span)
    if node.name not in SHIFTS or not compares_times(monitor):
        return ()
    return _complaints(shift_seconds(node), node, node.args[1].span if len(node.args) > 1 else node.span)


def _complaints(shift: float, shifted: Expression, place: SourceRange) -> Iterator[Complaint]:
    intervals = {
        rollup_seconds(each) for leaf in leaves(shifted) for each in leaf.modifiers if isinstance(each, Rollup)
    }
    for interval in sorted(intervals - {0}):
        if shift % interval:
            near = max(round(shift / interval), 1) * interval
            yield Complaint(
                f"shifted by {duration_text(shift)}, points that are {duration_text(interval)} apart never meet",
                ("query",),
                hint=f"shift by {int(near)} seconds, a multiple of {int(interval)}",
                start=place[0],
                end=place[1],
            )
            return
