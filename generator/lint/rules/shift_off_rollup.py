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
    if isinstance(node, Change):
        tree = monitor.tree
        shifted = tree.expression if isinstance(tree, MonitorQuery) else None
        return _complaints(window_minutes(node.shift) * 60, _intervals(shifted), node.shift.span) if shifted else ()
    intervals = _intervals(node) if node.name in SHIFTS and ".rollup(" in monitor.text else ()
    if not intervals or not compares_times(monitor):
        return ()
    return _complaints(shift_seconds(node), intervals, node.args[1].span if len(node.args) > 1 else node.span)


def _intervals(shifted: Expression) -> tuple[float, ...]:
    """How far apart the points of what is shifted are, where it says so."""
    rollups = (each for leaf in leaves(shifted) for each in leaf.modifiers if isinstance(each, Rollup))
    return tuple(sorted({rollup_seconds(each) for each in rollups} - {0}))


def _complaints(shift: float, intervals: tuple[float, ...], place: SourceRange) -> Iterator[Complaint]:
    interval = next((each for each in intervals if shift % each), None)
    if interval is not None:
        near = max(round(shift / interval), 1) * interval
        yield Complaint(
            f"shifted by {duration_text(shift)}, points that are {duration_text(interval)} apart never meet",
            ("query",),
            hint=f"shift by {int(near)} seconds, a multiple of {int(interval)}",
            start=place[0],
            end=place[1],
        )
