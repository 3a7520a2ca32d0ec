"""Today is compared with the same hours of another day by a number of seconds, in a zone that changes its clocks.

`timeshift(…, -86400)`, `day_before`, `week_before`, `change(…, last_1d)` and `calendar_shift(…, '-1d', 'UTC')` go back
a fixed time. In a zone with daylight saving, after each change of the clocks they compare 10:00 with 09:00 or 11:00:
for a day, or for a week. What follows people's hours then looks as if it had risen or fallen. `calendar_shift` with the
zone of these people goes back by their calendar
(https://docs.datadoghq.com/dashboards/functions/timeshift/#calendar-shift).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Replacement
from generator.lint.shifting import DAY_SECONDS, SHIFTS, calendar_zone, changes_clocks, days_text, shift_seconds
from generator.lint.timing import compares_times
from generator.query.nodes import Call, MonitorQuery, StringLiteral, TimeAggregation
from generator.query.printer import print_query
from generator.query.windows import window_minutes

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call, TimeAggregation)

_OF_DAYS = SHIFTS - {"hour_before"}


def findings(node: Call | TimeAggregation, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if isinstance(node, TimeAggregation):
        return _of_change(node, monitor) if node.change else ()
    if node.name in _OF_DAYS and changes_clocks(monitor.around.timezone):
        return _of_shift(node, monitor)
    return ()


def _of_shift(node: Call, monitor: RenderedMonitor) -> Iterator[Complaint]:
    query, shift, local = monitor.tree, shift_seconds(node), monitor.around.timezone
    if not isinstance(query, MonitorQuery) or shift % DAY_SECONDS or not shift or not compares_times(monitor):
        return
    told, back = f"`{node.name}` goes back a fixed time", days_text(shift)
    if node.name == "calendar_shift":
        followed = calendar_zone(node)
        if followed is None or changes_clocks(followed[0]):
            return
        told, back = f"`{node.name}` goes back by the days of {followed[0]}", followed[1]
    mended = Call("calendar_shift", (node.args[0], StringLiteral(back), StringLiteral(local)))
    start, end = node.span
    yield Complaint(
        f"{told}, and the clocks of {local} change",
        ("query",),
        hint=f"write `calendar_shift(…, '{back}', '{local}')`",
        start=start,
        end=end,
        fix=Replacement(print_query(mended), ("query",), start, end),
    )


def _of_change(node: TimeAggregation, monitor: RenderedMonitor) -> Iterator[Complaint]:
    """No fix: what a change is compared with can only be written as arithmetic of another query."""
    local, change = monitor.around.timezone, node.change
    seconds = window_minutes(change.shift) * 60 if change else 0
    if change is None or not seconds or seconds % DAY_SECONDS or not changes_clocks(local):
        return
    start, end = change.shift.span
    yield Complaint(
        f"`{change.kind}` goes back a fixed time, and the clocks of {local} change",
        ("query",),
        hint=f"compare with `calendar_shift(…, '{days_text(seconds)}', '{local}')`",
        start=start,
        end=end,
    )
