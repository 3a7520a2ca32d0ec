"""A function that Datadog keeps for old queries and advises against.

`day_before` is 24 hours, whatever the clocks do; Datadog's own replacement is `calendar_shift`, which takes the days
and the time zone (https://docs.datadoghq.com/dashboards/functions/timeshift/). Replace it: in a zone without daylight
saving both are the same, and in any other its calendar is what is meant.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Replacement
from generator.lint.shifting import changes_clocks
from generator.query.nodes import Call, StringLiteral
from generator.query.printer import print_query

SEVERITY = Severity.NOTICE
REACH = "resource"
NODES = (Call,)

_MENDED = {"day_before": ("calendar_shift", "-1d")}


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:
    if node.name not in _MENDED or len(node.args) != 1:
        return ()
    name, back = _MENDED[node.name]
    local = monitor.around.timezone
    zone = local if changes_clocks(local) else "UTC"
    start, end = node.span
    mended = print_query(Call(name, (node.args[0], StringLiteral(back), StringLiteral(zone))))
    return [
        Complaint(
            f"`{node.name}` is deprecated",
            ("query",),
            hint=f"write `{name}(…, '{back}', '{zone}')`",
            start=start,
            end=end,
            fix=Replacement(mended, ("query",), start, end),
        )
    ]
