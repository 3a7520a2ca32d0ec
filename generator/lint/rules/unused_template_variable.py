"""A dashboard offers a template variable that no widget uses: whoever chooses a value sees no change.

A reader who picks `env: staging` and looks at the same graph as before believes that staging is well. Use the variable
in the queries (`{$env}`), or remove it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.finding import Severity
from generator.lint.rule import Complaint
from generator.lint.widgets import names, template_variables, uses
from generator.message.problem import shown
from generator.render.model import Resource

SEVERITY = Severity.NOTICE
REACH = "resource"
RESOURCES = ("dashboard",)


def findings(resource: Resource) -> Iterator[Complaint]:
    variables = template_variables(resource.payload)
    if not variables:
        return
    used = {use.name for use in uses(json.dumps(resource.payload.get("widgets"), ensure_ascii=False))}
    for index, name in variables:
        if not any(names(each, name) for each in used):
            hint = "write `{$…}` with its name into the queries, or remove it"
            yield Complaint(f"no widget uses {shown('$' + name)}", ("template_variables", index), hint=hint)
