"""Today is compared with the same hours of another day by a number of seconds, in a zone that changes its clocks.

`timeshift(…, -86400)`, `day_before` and `week_before` go back a fixed time. In a zone with daylight saving, after each
change of the clocks they compare 10:00 with 09:00 or 11:00: for a day, or for a week. What follows people's hours then
looks as if it had risen or fallen. `calendar_shift` goes back by the calendar
(https://docs.datadoghq.com/dashboards/functions/timeshift/#calendar-shift).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import datetime

from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint, Replacement
from generator.lint.shifting import DAY_SECONDS, SHIFTS, shift_seconds
from generator.lint.timing import compares_times
from generator.query.nodes import Call, MonitorQuery, StringLiteral
from generator.query.printer import print_query
from generator.schedule.zones import UnknownZone, zone

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call,)

_FIXED = SHIFTS - {"calendar_shift", "hour_before"}
# Winter and summer of a year whose rules are known; a payload must not change with the day it is judged on.
_SEASONS = tuple(datetime(2027, month, 15) for month in (1, 4, 7, 10))  # noqa: DTZ001  local times of any zone


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if node.name in _FIXED and _changes_clocks(monitor.around.timezone):
        return _complaints(node, monitor)
    return ()


def _complaints(node: Call, monitor: RenderedMonitor) -> Iterator[Complaint]:
    query, shift, local = monitor.tree, shift_seconds(node), monitor.around.timezone
    if not isinstance(query, MonitorQuery) or shift % DAY_SECONDS or not shift or not compares_times(monitor):
        return
    days = int(shift // DAY_SECONDS)
    back = f"-{days}d" if days % 7 else f"-{days // 7}w"
    mended = Call("calendar_shift", (node.args[0], StringLiteral(back), StringLiteral(local)))
    start, end = node.span
    yield Complaint(
        f"`{node.name}` goes back a fixed time, and the clocks of {local} change",
        ("query",),
        hint=f"write `calendar_shift(…, '{back}', '{local}')`",
        start=start,
        end=end,
        fix=Replacement(print_query(mended), ("query",), start, end),
    )


@functools.cache
def _changes_clocks(name: str) -> bool:
    found = zone(name) if name else None
    if found is None or isinstance(found, UnknownZone):
        return False
    return len({each.replace(tzinfo=found).utcoffset() for each in _SEASONS}) > 1
