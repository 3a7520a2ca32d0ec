"""A widget's query has a `$variable` that the dashboard does not define, so that the widget shows nothing.

Datadog puts the chosen value in the place of `$env`; of an unknown one it looks for a tag of that very text. It begins
with a widget copied from another dashboard. Define the variable under `template_variables`, or write the tag.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rule import Complaint
from generator.lint.widgets import names, template_variables, uses, widget_queries
from generator.message.problem import nearest, shown
from generator.render.model import Resource

SEVERITY = Severity.ERROR
REACH = "resource"
RESOURCES = ("dashboard",)


def findings(resource: Resource) -> Iterator[Complaint]:
    defined = [name for _, name in template_variables(resource.payload)]
    for query in widget_queries(resource.payload):
        for use in uses(query.text) if query.is_metric else ():
            if not any(names(use.name, name) for name in defined):
                yield Complaint(
                    f"the dashboard has no template variable {shown('$' + use.name)}",
                    query.field,
                    hint=_hint(use.name, defined),
                    start=use.start,
                    end=use.end,
                )


def _hint(name: str, defined: list[str]) -> str:
    meant = nearest(name, defined)
    return f"did you mean `${meant}`?" if meant else "define it under `template_variables`, or write the tag"
