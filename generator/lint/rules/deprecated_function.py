"""A function that Datadog keeps for old queries and advises against.

`day_before` is 24 hours, whatever the clocks do; Datadog's own replacement is `calendar_shift`, which takes the days
and the time zone (https://docs.datadoghq.com/dashboards/functions/timeshift/). Replace it: in UTC both are the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from generator.finding import Severity
from generator.lint.rendered import RenderedMonitor
from generator.lint.rule import Complaint, Replacement
from generator.query.nodes import Call, StringLiteral
from generator.query.printer import print_query

SEVERITY = Severity.NOTICE
REACH = "resource"
NODES = (Call,)

_MENDED = {"day_before": ("calendar_shift", "-1d", "UTC")}


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:  # noqa: ARG001 - the signature of every rule of nodes
    if node.name not in _MENDED or len(node.args) != 1:
        return ()
    name, back, zone = _MENDED[node.name]
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
