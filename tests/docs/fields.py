"""The tables of fields in docs/, from the types that decode them.

Between `<!-- fields: NAME -->` and `<!-- end -->` stands the table of a kind, or of what every monitor takes.
"""

from __future__ import annotations

import gc
import re
import sys
from pathlib import Path
from typing import Any

from generator.render.downtime_fields import Downtime, Once, Recurring, Weekly
from generator.render.fields import Common, Placement
from generator.render.monitors import kinds
from generator.render.slo_fields import Metric, OfMonitors, Slo, Target, TimeSlice
from generator.source.files import AwsAccount, BusinessHours, Environment, Organization, Service
from generator.source.schema import json_schema

SHARED: dict[str, tuple[type, ...]] = {
    "every monitor": (Common, Placement),
    "organization": (Organization,),
    "business_hours": (BusinessHours,),
    "environment": (Environment,),
    "aws": (AwsAccount,),
    "service": (Service,),
    "downtime": (Downtime, Placement),
    "once": (Once,),
    "weekly": (Weekly,),
    "recurring": (Recurring,),
    "slo": (Slo, Placement),
    "slo metric": (Metric,),
    "slo monitor": (OfMonitors,),
    "slo time slice": (TimeSlice,),
    "slo threshold": (Target,),
}
NAMES = {"array": "list", "object": "group", "string": "text", "boolean": "true or false"}
MARKED = re.compile(r"(<!-- fields: (?P<name>[\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with every table as the types say it now."""
    return MARKED.sub(lambda found: f"{found[1]}{_table(found['name'])}{found[3]}", page)


def _table(name: str) -> str:
    classes = SHARED[name] if name in SHARED else (kinds()[name].module.Parameters,)
    rows = [row for cls in classes for row in _rows(json_schema(cls))]
    return "".join(["| field | takes | |\n|---|---|---|\n", *rows])


def _rows(schema: dict[str, Any]) -> list[str]:
    required = schema.get("required", ())
    return [
        f"| `{name}`{' (needed)' * (name in required)} | {_takes(value)} | {_cell(value.get('description', ''))} |\n"
        for name, value in schema["properties"].items()
    ]


def _takes(schema: dict[str, Any]) -> str:
    choices = schema.get("enum") or [each for part in schema.get("anyOf", ()) for each in part.get("enum", ())]
    if choices:
        return _cell(", ".join(f"`{each}`" for each in choices[:12]) + (" …" if len(choices) > 12 else ""))
    if "properties" in schema:
        return _cell(f"`{{{', '.join(schema['properties'])}}}`")
    types = schema.get("type", "")
    names = [NAMES.get(each, each) for each in (types if isinstance(types, list) else [types])]
    return _cell(schema.get("title") or " or ".join(names))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(with_tables(path.read_text(encoding="utf-8")), encoding="utf-8")
    gc.freeze()
