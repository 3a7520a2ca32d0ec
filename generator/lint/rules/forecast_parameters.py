"""A parameter of `forecast` is outside of what it can be, or belongs to the other algorithm.

The forecast is a band. `max` with `>=` asks whether its upper edge reaches a threshold in the time ahead, `min` with
`<=` whether its lower edge does; the other way round the whole band has to. Deviations are at least 1, the time ahead
is 12 hours to 3 months. `model` and `history` are of `linear`, `seasonality` is of `seasonal`, which needs two seasons
of data (https://docs.datadoghq.com/monitors/types/forecasts/#api).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from generator.finding import Severity
from generator.lint.algorithms import algorithm, horizon_days, width
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor
from generator.lint.rule import Complaint
from generator.query.nodes import Call, MonitorQuery, SourceRange
from generator.query.printer import print_query

SEVERITY = Severity.WARNING
REACH = "resource"
TYPES = METRIC_TYPES
NODES = (Call,)

_OF = {"history": "linear", "model": "linear", "seasonality": "seasonal"}
_EDGES = {">": "max", ">=": "max", "<": "min", "<=": "min"}
_SHORTEST_DAYS, _LONGEST_DAYS = 0.5, 92


def findings(node: Call, monitor: RenderedMonitor) -> Iterable[Complaint]:
    return _complaints(node, monitor) if node.name == "forecast" else ()


def _complaints(node: Call, monitor: RenderedMonitor) -> Iterator[Complaint]:
    deviations, chosen = width(node), algorithm(node)
    if deviations is not None and deviations.value < 1:
        yield _complaint("the deviations of a forecast are at least 1", deviations.span, "write `1` or `2`")
    for name, value in node.kwargs:
        if name in _OF and chosen in _OF.values() and _OF[name] != chosen:
            yield _complaint(f"`{name}` is for `{_OF[name]}`, and this is `{chosen}`", value.span, "leave it out")
    query = monitor.tree
    if isinstance(query, MonitorQuery):
        yield from _of_window(query)


def _of_window(query: MonitorQuery) -> Iterator[Complaint]:
    window, edge = query.aggregation.window, _EDGES.get(query.comparator)
    if window.kind == "next" and not _SHORTEST_DAYS <= horizon_days(window) <= _LONGEST_DAYS:
        yield _complaint("a forecast looks 12 hours to 3 months ahead", window.span)
    if edge and query.aggregation.function != edge:
        message = f"with `{query.comparator}` it is the `{edge}` of the band that gets there first"
        yield _complaint(message, query.aggregation.span, f"write `{edge}({print_query(window)})`")


def _complaint(message: str, place: SourceRange, hint: str = "") -> Complaint:
    return Complaint(message, ("query",), hint=hint, start=place[0], end=place[1])
