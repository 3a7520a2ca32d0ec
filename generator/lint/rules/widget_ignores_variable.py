"""A widget's query does not use every template variable that others of the dashboard use.

The reader chooses `service: api` and all graphs change but one, which still shows every service. Add the variable to
the scope of the query. Where the widget is meant to show the whole, say so in its title, and suppress this.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rule import Complaint
from generator.lint.widgets import names, template_variables, uses, widget_queries
from generator.render.model import Resource

SEVERITY = Severity.NOTICE
REACH = "resource"
RESOURCES = ("dashboard",)

_MOST_COMPLAINTS = 20


def findings(resource: Resource) -> Iterator[Complaint]:
    defined = [name for _, name in template_variables(resource.payload)]
    queries = [each for each in widget_queries(resource.payload) if each.is_metric] if defined else []
    used_by = [{use.name for use in uses(each.text)} for each in queries]
    used = [name for name in defined if any(names(each, name) for found in used_by for each in found)]
    told = 0
    for query, found in zip(queries, used_by, strict=True):
        missing = [name for name in used if not any(names(each, name) for each in found)]
        if missing and told < _MOST_COMPLAINTS:
            told += 1
            listed = ", ".join(f"`${name}`" for name in missing)
            hint = f"add to its scope: `{','.join(f'${name}' for name in missing)}`"
            yield Complaint(f"the query does not change with {listed}", query.field, hint=hint)
