"""What the server's rules and answers ask of a query."""

from __future__ import annotations

import msgspec

from generator.query.inspection import comparator, group_keys, leaves, metrics, nodes, threshold
from generator.query.nodes import (
    AllOf,
    Call,
    ChainQuery,
    CompositeQuery,
    Inverse,
    MetricQuery,
    MonitorId,
    MonitorQuery,
    Number,
    Operand,
    Query,
    Reference,
    StringLiteral,
    Terms,
)
from generator.query.parser import parse_monitor
from generator.query.printer import print_query
from generator.query.problem import SyntaxProblem

METRIC_TYPES = frozenset({"metric alert", "query alert"})


class SimpleMetric(msgspec.Struct, frozen=True):
    """The one metric of a query that does nothing else with it, and its scope as Datadog reads it."""

    metric: str
    scope: str


class SloPart(msgspec.Struct, frozen=True):
    """The SLO that an alert looks at; only one on its burn rate has windows."""

    slo_id: str
    burns: bool
    long_window: str = ""
    short_window: str = ""


class Reading(msgspec.Struct, frozen=True):
    """A query as the rules see it; what is not known is None or empty, for the server takes queries we cannot parse."""

    readable: bool
    grouped: bool = False
    threshold: float | None = None
    comparator: str | None = None
    functions: frozenset[str] = frozenset()
    references: tuple[int, ...] = ()
    current_window: str | None = None
    last_checks: float | None = None
    alert_window: str | None = None
    time_aggregation: str = ""
    last_window: str = ""
    simple: SimpleMetric | None = None
    slo: SloPart | None = None
    group_keys: tuple[str, ...] = ()
    last_text: str = ""


def read(monitor_type: str, query: str) -> Reading:
    tree = parse_monitor(monitor_type, query)
    if isinstance(tree, SyntaxProblem):
        return Reading(readable=False, grouped=".by(" in query)
    if isinstance(tree, CompositeQuery):
        return Reading(readable=True, references=monitor_ids(tree))
    if isinstance(tree, MonitorQuery):
        return _metric_reading(tree)
    return Reading(
        readable=True,
        grouped=bool(group_keys(tree)),
        threshold=threshold(tree),
        comparator=comparator(tree),
        last_checks=_last_checks(tree),
        slo=_slo_part(tree),
        group_keys=group_keys(tree),
        last_text=_argument(tree, "last"),
    )


def metrics_and_scopes(monitor_type: str, query: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a search result shows of a query; nothing where it cannot be parsed or has no metrics."""
    tree = parse_monitor(monitor_type, query)
    return ((), ()) if isinstance(tree, SyntaxProblem) else (metrics(tree), _scopes(tree))


def _scopes(query: Query) -> tuple[str, ...]:
    """One text a tag, as recorded: `env:prod,host:a` are two; what is joined otherwise stays whole."""
    scopes = [leaf.scope for leaf in leaves(query)]
    parts = [part for scope in scopes for part in (scope.operands if isinstance(scope, Terms | AllOf) else (scope,))]
    return (*dict.fromkeys(print_query(part) for part in parts), *_checked(query))


def _checked(query: Query) -> tuple[str, ...]:
    """What a service check is asked of."""
    methods = query.methods if isinstance(query, ChainQuery) else ()
    return tuple(
        argument.text
        for method in methods
        if method.name == "over"
        for argument in method.args
        if isinstance(argument, StringLiteral)
    )


def _metric_reading(query: MonitorQuery) -> Reading:
    calls = [node for node in nodes(query) if isinstance(node, Call)]
    window = query.aggregation.window
    return Reading(
        readable=True,
        grouped=bool(group_keys(query)),
        threshold=threshold(query),
        comparator=comparator(query),
        functions=frozenset(call.name for call in calls),
        current_window=f"current_{window.amount}{window.unit}" if window.kind == "current" else None,
        alert_window=next((found for call in calls if (found := _alert_window(call)) is not None), None),
        time_aggregation=query.aggregation.function,
        last_window=f"{window.amount}{window.unit}" if window.kind == "last" else "",
        simple=_simple_metric(query),
        group_keys=group_keys(query),
    )


def _simple_metric(query: MonitorQuery) -> SimpleMetric | None:
    only = query.expression
    if query.aggregation.change is not None or query.aggregation.window.kind != "last":
        return None
    return SimpleMetric(only.metric, print_query(only.scope)) if isinstance(only, MetricQuery) else None


def _alert_window(call: Call) -> str | None:
    found = dict(call.kwargs).get("alert_window")
    return found.text if isinstance(found, StringLiteral) else None


def _slo_part(query: Query) -> SloPart | None:
    if not isinstance(query, ChainQuery) or query.head not in {"burn_rate", "error_budget"} or not query.arguments:
        return None
    first = query.arguments[0]
    if not isinstance(first, StringLiteral):
        return None
    long_window, short_window = _argument(query, "long_window"), _argument(query, "short_window")
    return SloPart(first.text, query.head == "burn_rate", long_window, short_window)


def _argument(query: Query, method: str) -> str:
    """The text that a method of a chain is called with: `5m` of `.last("5m")`."""
    if not isinstance(query, ChainQuery):
        return ""
    found = [each.args[0] for each in query.methods if each.name == method and each.args]
    return found[0].text if found and isinstance(found[0], StringLiteral) else ""


def _last_checks(query: Query) -> float | None:
    """How many checks a service check looks at; the windows of other monitors are texts."""
    if not isinstance(query, ChainQuery):
        return None
    numbers = [
        argument.value
        for method in query.methods
        if method.name == "last"
        for argument in method.args
        if isinstance(argument, Number)
    ]
    return numbers[0] if numbers else None


def monitor_ids(query: CompositeQuery) -> tuple[int, ...]:
    """The monitors that a composite names, each once."""
    return _monitor_ids(query.tree)


def _monitor_ids(operand: Operand) -> tuple[int, ...]:
    """A reference that was not replaced by a number names no monitor: -1 is never one."""
    if isinstance(operand, MonitorId):
        return (operand.number,)
    if isinstance(operand, Reference):
        return (-1,)
    inner = (operand.operand,) if isinstance(operand, Inverse) else operand.operands
    return tuple(dict.fromkeys(number for part in inner for number in _monitor_ids(part)))
