"""Entry points: text in, tree or SyntaxProblem out. No text raises."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from generator.query.chain import search_chain, service_check
from generator.query.composite import composite_query
from generator.query.cursor import BLANKS
from generator.query.expression import formula, query_list
from generator.query.leaf import ExpressionCursor
from generator.query.monitor import metric_monitor
from generator.query.nodes import Expression, MonitorQuery, Opaque, Query
from generator.query.problem import SyntaxProblem, nearest, nearest_name, outcome, shown
from generator.query.scope import parse_scope

_HEAD = re.compile(rf"[{BLANKS}]*+([a-z][a-z_-]*+)[{BLANKS}]*+\(")
_SEARCH = re.compile(rf"[{BLANKS}]*+([A-Za-z][\w-]*+)[{BLANKS}]*+\([{BLANKS}]*+[\"']")
_COMPOSITE = re.compile(rf"[{BLANKS}(!]*+(?:[0-9]|%\{{)")
_FORMULA = re.compile(rf"[{BLANKS}]*+formula[{BLANKS}]*+\(")

Grammar = Callable[[str], Query]


def parse_monitor(monitor_type: str, text: str) -> Query | SyntaxProblem:
    """Parse the query of a monitor of Datadog's type `monitor_type`."""
    grammar = GRAMMARS.get(monitor_type)
    if grammar is None:
        return SyntaxProblem(f"unknown monitor type {shown(monitor_type)}", 0, 0, nearest(monitor_type, GRAMMARS))
    found = outcome(grammar, text)
    return _of_another_type(found, text) if isinstance(found, SyntaxProblem) else found


def _of_another_type(problem: SyntaxProblem, text: str) -> SyntaxProblem:
    """Hint at the type whose query it is, if it is refused at its start and one would take it."""
    likely = likely_type(text)
    if text[: problem.start].strip() or isinstance(outcome(GRAMMARS[likely], text), SyntaxProblem):
        return problem
    return SyntaxProblem(
        problem.message, problem.start, problem.end, f"this is the query of a monitor of type `{likely}`"
    )


def parse_metric_monitor(text: str) -> MonitorQuery | SyntaxProblem:
    """Parse a metric monitor's query that is no `formula(…)`."""
    tree = outcome(_metric_or_formula, text)
    return tree if isinstance(tree, MonitorQuery | SyntaxProblem) else outcome(metric_monitor, text)


def likely_type(text: str) -> str:
    """Return the monitor type whose queries start like this one, or nearly: a metric monitor's where none does."""
    if text.lstrip(BLANKS)[:1] in {"'", '"'}:
        return "service check"
    if _COMPOSITE.match(text):
        return "composite"
    if (head := _HEAD.match(text)) and head[1] in _TYPES:
        return _TYPES[head[1]]
    # No metric query has a text in quotes right after its first bracket.
    if search := _SEARCH.match(text):
        return _TYPES.get(nearest_name(search[1], _TYPES), "query alert")
    return "query alert"


def parse_expression(text: str) -> Expression | SyntaxProblem:
    """Parse what has neither window nor threshold: a dashboard's metric query, a leaf of a monitor, a formula."""
    return outcome(_expression_or_formula, text)


def parse_formula(text: str) -> Expression | SyntaxProblem:
    """Parse what stands inside `formula("…")`, quotes unescaped."""
    return outcome(formula, text)


def parse_dashboard_query(text: str) -> Expression | SyntaxProblem:
    """Parse a dashboard's metric query, in which bare names mean nothing."""
    return outcome(_expression, text)


def _expression(text: str) -> Expression:
    return query_list(ExpressionCursor(text, names=False))


def _expression_or_formula(text: str) -> Expression:
    return query_list(ExpressionCursor(text, names=True))


def _metric_or_formula(text: str) -> Query:
    if _FORMULA.match(text):
        return search_chain(text, ("formula",))
    return metric_monitor(text)


def _chain(*heads: str) -> Grammar:
    return partial(search_chain, heads=heads)


GRAMMARS: dict[str, Grammar] = {
    "audit alert": _chain("audits", "formula"),
    "ci-pipelines alert": _chain("ci-pipelines", "formula"),
    "ci-tests alert": _chain("ci-tests", "formula"),
    "composite": composite_query,
    "cost alert": _chain("formula"),
    "data-jobs alert": _chain("formula"),
    "data-quality alert": _chain("formula"),
    # Datadog's API names the type and documents no query of it.
    "datadog-usage alert": Opaque,
    "database-monitoring alert": _chain("database-monitoring", "formula"),
    "error-tracking alert": _chain(
        "error-tracking", "error-tracking-rum", "error-tracking-logs", "error-tracking-traces", "formula"
    ),
    "event alert": _chain("events"),
    "event-v2 alert": _chain("events", "formula"),
    "llm-observability alert": _chain("llm-observability", "formula"),
    "log alert": _chain("logs", "formula"),
    "metric alert": _metric_or_formula,
    "network-path alert": _chain("network-path", "formula"),
    "network-performance alert": _chain("network-performance", "formula"),
    "process alert": _chain("processes"),
    "query alert": _metric_or_formula,
    "rum alert": _chain("rum", "formula"),
    "service check": service_check,
    "slo alert": _chain("error_budget", "burn_rate"),
    # A synthetic test's monitor carries the text `no_query`.
    "synthetics alert": Opaque,
    "trace-analytics alert": _chain("trace-analytics", "formula"),
}

# Of the types that share a head, the one that Datadog makes now.
_TYPES: dict[str, str] = {
    head: monitor_type
    for monitor_type, grammar in GRAMMARS.items()
    if isinstance(grammar, partial)
    for head in grammar.keywords["heads"]
    if head != "formula"
}

__all__ = [
    "GRAMMARS",
    "SyntaxProblem",
    "likely_type",
    "parse_dashboard_query",
    "parse_expression",
    "parse_formula",
    "parse_metric_monitor",
    "parse_monitor",
    "parse_scope",
]
