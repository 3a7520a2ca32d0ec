"""A metric query of a dashboard's widget, or a formula over such queries, cannot be parsed.

Datadog takes most dashboards unseen, and the widget then shows an error to whoever opens it, in the middle of an
incident. The finding points at the place and says what is allowed there. Logs, traces and other sources are left to
Datadog.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rule import Complaint
from generator.lint.widgets import widget_formulas, widget_queries
from generator.query.parser import parse_dashboard_query, parse_formula
from generator.query.problem import SyntaxProblem
from generator.render.model import Resource

SEVERITY = Severity.ERROR
REACH = "resource"
RESOURCES = ("dashboard",)


def findings(resource: Resource) -> Iterator[Complaint]:
    for query in widget_queries(resource.payload):
        found = parse_dashboard_query(query.text) if query.is_metric and query.text.strip() else None
        if isinstance(found, SyntaxProblem):
            yield Complaint(found.message, query.field, hint=found.hint, start=found.start, end=found.end)
    for formula in widget_formulas(resource.payload):
        tree = parse_formula(formula.text)
        if isinstance(tree, SyntaxProblem):
            yield Complaint(tree.message, formula.field, hint=tree.hint, start=tree.start, end=tree.end)
