"""A widget's formula names a query that does not stand beside it, so that the widget shows an error.

It begins with a query that was renamed or removed. Datadog takes the dashboard as it is. Name one of the `queries` of
the same request by its `name`.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rule import Complaint
from generator.lint.widgets import Formula, widget_formulas
from generator.message.problem import nearest, shown
from generator.query.inspection import nodes
from generator.query.nodes import Name
from generator.query.parser import parse_formula
from generator.query.problem import SyntaxProblem
from generator.render.model import Resource

SEVERITY = Severity.WARNING
REACH = "resource"
RESOURCES = ("dashboard",)


def findings(resource: Resource) -> Iterator[Complaint]:
    for formula in widget_formulas(resource.payload):
        tree = parse_formula(formula.text)
        for node in () if isinstance(tree, SyntaxProblem) else nodes(tree):
            if isinstance(node, Name) and node.text not in formula.queries:
                yield _complaint(node, formula)


def _complaint(node: Name, formula: Formula) -> Complaint:
    meant = nearest(node.text, formula.queries)
    hint = f"did you mean `{meant}`?" if meant else "name one of the `queries` beside it"
    message = f"there is no query {shown(node.text)} beside the formula"
    return Complaint(message, formula.field, hint=hint, start=node.span[0], end=node.span[1])
