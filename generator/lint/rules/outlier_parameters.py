"""A parameter of `outliers` is outside of what it can be.

The share of points, `20` in `outliers(…, 'MAD', 3, 20)`, is for the MAD algorithms, the tolerance is above 0, and the
window is at most a day (https://docs.datadoghq.com/monitors/types/outlier/). The function needs three groups or more to
compare, and what befalls all of them at once it does not find.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.algorithms import algorithm, width
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.lint.shifting import DAY_SECONDS
from generator.lint.timing import window_seconds
from generator.query.nodes import Call, MonitorQuery, SourceRange

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call,)

_SHARE = 3


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.name == "outliers" else ()


def _complaints(node: Call, monitor: RenderedMonitor) -> Iterator[Complaint]:
    tolerance = width(node)
    if tolerance is not None and tolerance.value <= 0:
        yield _complaint("the tolerance is a number above 0", tolerance.span, "write `3`, which is usual")
    if len(node.args) > _SHARE and algorithm(node).upper().endswith("DBSCAN"):
        message = f"`{algorithm(node)}` takes no share of points"
        yield _complaint(message, node.args[_SHARE].span, "leave it out, or write `'MAD'`")
    query = monitor.tree
    if not isinstance(query, MonitorQuery):
        return
    if window_seconds(query) > DAY_SECONDS:
        yield _complaint("outliers are looked for in a day at most", query.aggregation.window.span)


def _complaint(message: str, place: SourceRange, hint: str = "") -> Complaint:
    return Complaint(message, ("query",), hint=hint, start=place[0], end=place[1])
