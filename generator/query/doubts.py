"""Everything odd about a parsed query: arguments, windows, calendars, functions out of place."""

from __future__ import annotations

from collections.abc import Iterator

from generator.query.arguments import argument_doubts
from generator.query.chain_doubts import chain_doubts, composite_doubts
from generator.query.doubt import Doubt
from generator.query.formula_text import aligned_formula
from generator.query.functions import FUNCTIONS, Group
from generator.query.inspection import Inspected, calls, leaves, nodes
from generator.query.leaf_doubts import leaf_doubts
from generator.query.nodes import (
    Call,
    ChainQuery,
    CompositeQuery,
    Expression,
    MetricQuery,
    MonitorQuery,
    Name,
    Number,
    StringLiteral,
    Window,
)
from generator.query.parser import parse_formula
from generator.query.printer import print_query
from generator.query.problem import SyntaxProblem, shown
from generator.query.windows import window_minutes

__all__ = ["Doubt", "doubts"]

_LONGEST_MINUTES = 31 * 24 * 60
_NEVER_FORECAST = frozenset(
    {"anomalies", "cumsum", "integral", "outliers", "piecewise_constant", "robust_trend", "trend_line"}
)


_NESTED = frozenset(name for name, row in FUNCTIONS.items() if row.group is Group.NESTED) - {"percentile"}


def doubts(query: Inspected) -> tuple[Doubt, ...]:
    """Return them from left to right."""
    return tuple(sorted(_all_doubts(query), key=lambda doubt: doubt.span))


def _all_doubts(query: Inspected) -> Iterator[Doubt]:
    if isinstance(query, CompositeQuery):
        yield from composite_doubts(query)
    elif isinstance(query, ChainQuery):
        yield from chain_doubts(query)
        if query.head == "formula":
            yield from _formula_doubts(query)
    else:
        yield from _expression_doubts(query)


def _expression_doubts(query: Inspected) -> Iterator[Doubt]:
    found = tuple(nodes(query))
    called = [node for node in found if isinstance(node, Call)]
    leaves_found = [node for node in found if isinstance(node, MetricQuery)]
    for call in called:
        yield from argument_doubts(call)
    for leaf in leaves_found:
        yield from leaf_doubts(leaf, in_monitor=isinstance(query, MonitorQuery))
    if isinstance(query, MonitorQuery):
        yield from _monitor_doubts(query, called, leaves_found)


def _formula_doubts(query: ChainQuery) -> Iterator[Doubt]:
    text = query.arguments[0] if query.arguments else None
    tree = parse_formula(aligned_formula(text.text)) if isinstance(text, StringLiteral) else None
    if text is None or tree is None or isinstance(tree, SyntaxProblem):
        return
    place, offset = text.span, text.span[0] + 1
    found = tuple(nodes(tree))
    if not any(isinstance(node, Name | MetricQuery) for node in found):
        yield Doubt("the formula names no query", place, "write the name of one of the option `variables`")
    for node in found:
        if isinstance(node, Call):
            for doubt in argument_doubts(node):
                start, end = doubt.span
                yield Doubt(doubt.message, (start + offset, end + offset), doubt.hint)


def _monitor_doubts(query: MonitorQuery, called: list[Call], leaves_found: list[MetricQuery]) -> Iterator[Doubt]:
    yield from _window_doubts(query, called)
    for call in called:
        yield from _call_doubts(call, query)
    if not leaves_found:
        yield Doubt("the query names no metric", query.expression.span)
    for leaf in leaves_found:
        if leaf.space == "histogram":
            message = "`histogram` draws a distribution, which no number can be compared with"
            yield Doubt(message, leaf.span, "write a percentile, such as `p95:metric{…}`, or `avg:metric{…}`")
    if query.aggregation.function == "percentile" and not any(map(_is_percentile, leaves_found)):
        message = "`percentile` over time asks for a percentile of a distribution"
        yield Doubt(message, query.aggregation.span, "write `percentile(last_1h):p99:metric{…}`")


def _is_percentile(leaf: MetricQuery) -> bool:
    return isinstance(leaf.space, str) and leaf.space.startswith("p")


def _window_doubts(query: MonitorQuery, called: list[Call]) -> Iterator[Doubt]:
    window = query.aggregation.window
    forecasts = any(call.name == "forecast" for call in called)
    if (window.kind == "next") != forecasts:
        message = "a window ahead is for `forecast`" if window.kind == "next" else "`forecast` asks for a window ahead"
        yield Doubt(message, window.span, "" if window.kind == "next" else "write `max(next_1w):forecast(…)`")
    if window.kind == "current" and (window.amount, window.unit) not in {(1, "h"), (1, "d"), (1, "mo")}:
        message = "only the current hour, day or month can be added up"
        yield Doubt(message, window.span, "write `current_1h`, `current_1d` or `current_1mo`")
    if window.kind == "last" and window_minutes(window) > _LONGEST_MINUTES:
        yield Doubt("the evaluation window is longer than a month", window.span, "write `last_1mo` or less")


def _call_doubts(call: Call, query: MonitorQuery) -> Iterator[Doubt]:
    function = FUNCTIONS.get(call.name)
    if function is not None and not function.in_monitors:
        yield Doubt(f"`{call.name}` cannot be used in a monitor", call.span, function.note)
    if call.name == "forecast":
        inner = (each for each in calls(call) if each.name in _NEVER_FORECAST)
        yield from (Doubt(f"`{each.name}` cannot stand inside `forecast`", each.span, "leave it out") for each in inner)
    elif call.name == "timeshift" and any(isinstance(each, Number) and each.value > 0 for each in call.args[1:2]):
        yield Doubt("`timeshift` by positive seconds looks ahead", call.args[1].span, "negative seconds look back")
    elif call.name == "outliers" and not any(leaf.group_by for leaf in leaves(call)):
        yield Doubt("`outliers` compares groups, and the query has none", call.span, "write `by {host}`")
    elif call.name == "anomalies":
        yield from _anomaly_doubts(call, query)
    elif call.name in _NESTED and len(call.args) == 1:
        yield from _nested_doubts(call, call.args[0])


def _nested_doubts(call: Call, query: Expression) -> Iterator[Doubt]:
    if isinstance(query, MetricQuery) and query.space is None and not query.group_by:
        message = f"`{call.name}(…)` aggregates over groups, and its metric has neither groups nor an aggregation"
        meant = MetricQuery(query.metric, call.name, query.scope, modifiers=query.modifiers)
        yield Doubt(message, call.span, f"did you mean {shown(print_query(meant))}?")


def _anomaly_doubts(call: Call, query: MonitorQuery) -> Iterator[Doubt]:
    if query.expression == call and isinstance(query.threshold, int | float) and not 0 < query.threshold <= 1:
        yield Doubt(
            "the threshold of `anomalies` is a share of the alert window, above 0 and at most 1", query.threshold_span
        )
    named = dict(call.kwargs)
    alert = named.get("alert_window")
    if isinstance(alert, StringLiteral) and _minutes(alert.text) > window_minutes(query.aggregation.window):
        yield Doubt(f"the alert window {shown(alert.text)} is longer than the evaluation window", alert.span)
    algorithm = call.args[1] if len(call.args) > 1 else None
    if isinstance(algorithm, StringLiteral) and algorithm.text == "basic" and "seasonality" in named:
        yield Doubt("the algorithm `basic` knows no seasonality", named["seasonality"].span)


def _minutes(text: str) -> float:
    kind, _, size = text.partition("_")
    number, unit = size.rstrip("mohdw"), size.lstrip("0123456789")
    is_window = kind == "last" and number.isascii() and number.isdigit() and len(number) <= 6
    return window_minutes(Window("last", int(number), unit)) if is_window else 0
