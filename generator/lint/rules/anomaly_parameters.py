"""A parameter of `anomalies` is outside of what it can be, so the monitor alerts always, never, or of the wrong thing.

The interval must be at most a fifth of the alert window, which otherwise has too few points to take a share of; bounds
are above 0; the share is compared by `>=`, since `> 1` can never be and `<` alerts when all is as expected; an alert
window is at most two weeks (https://docs.datadoghq.com/monitors/types/anomaly/#api). And remember that `agile` and
`robust` say nothing before they have seen three seasons: three weeks of data for `seasonality='weekly'`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.explain.durations import duration_text
from generator.finding import Severity
from generator.lint.algorithms import duration_seconds, keyword, place_of, width
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import Call, MonitorQuery, SourceRange

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call,)

_LEAST_POINTS = 5
_LONGEST_SECONDS = 14 * 86_400


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.name == "anomalies" else ()


def _complaints(node: Call, monitor: RenderedMonitor) -> Iterator[Complaint]:
    bounds = width(node)
    if bounds is not None and bounds.value <= 0:
        yield _complaint("the bounds are a number above 0", bounds.span, "write `2` or `3`, which are usual")
    interval, alert = keyword(node, "interval"), keyword(node, "alert_window")
    step, window = duration_seconds(interval), duration_seconds(alert)
    if step and window and step * _LEAST_POINTS > window:
        most = int(window / _LEAST_POINTS)
        message = f"an interval of {duration_text(step)} leaves fewer than {_LEAST_POINTS} points in the alert window"
        yield _complaint(message, place_of(interval, node), f"write `interval={most}` or less, or a longer window")
    if window > _LONGEST_SECONDS:
        yield _complaint("an alert window is at most 2 weeks", place_of(alert, node))
    query = monitor.tree
    if isinstance(query, MonitorQuery) and query.expression is node:
        yield from _comparisons(query)


def _comparisons(query: MonitorQuery) -> Iterator[Complaint]:
    compared, share = query.comparator, query.threshold
    if compared == ">" and share == 1:
        yield _complaint("no share is greater than 1: it never alerts", query.threshold_span, "write `>= 1`")
    elif compared not in (">", ">="):
        message = f"`{compared}` alerts when as little as that is anomalous"
        yield _complaint(message, query.threshold_span, "write `>=`")


def _complaint(message: str, place: SourceRange, hint: str = "") -> Complaint:
    return Complaint(message, ("query",), hint=hint, start=place[0], end=place[1])
