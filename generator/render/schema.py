"""JSON Schema (2020-12) of the project files, for editors: what may stand where, by the kind of each monitor."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.render.dashboards import Dashboard
from generator.render.downtime_fields import Downtime
from generator.render.fields import Common, Placement
from generator.render.monitors import Kind, kinds
from generator.render.slo_fields import Slo
from generator.source.files import DashboardFile, Organization, Service, Set
from generator.source.monitor_tests import MonitorTestFile
from generator.source.schema import DIALECT, Schema, json_schema


def project_schemas() -> dict[str, Schema]:
    """Name of a kind of project file → its schema."""
    return {
        "organization": _titled(json_schema(Organization), "toban: monitors/organization.yaml"),
        "service": _titled(_with_monitors(json_schema(Service)), "toban: monitors of a service"),
        "set": _titled(_with_monitors(json_schema(Set)), "toban: monitors/sets/NAME.yaml"),
        "tests": _titled(json_schema(MonitorTestFile), "toban: tests of a service's monitors"),
        "dashboards": _titled(_with_dashboards(json_schema(DashboardFile)), "toban: dashboards"),
    }


def _titled(schema: Schema, title: str) -> Schema:
    return {"$schema": DIALECT, "title": title, **{key: value for key, value in schema.items() if key != "title"}}


def _with_monitors(schema: Schema) -> Schema:
    changed = _with_values(schema, "monitors", {"$ref": "#/$defs/monitor"})
    for section, fields in (("slos", Slo), ("downtimes", Downtime)):
        if section in changed["properties"]:
            changed = _with_values(changed, section, _closed(_templated(_properties(Placement, fields))))
    return {**changed, "$defs": {"monitor": _monitor()}}


def _with_dashboards(schema: Schema) -> Schema:
    return _with_values(schema, "dashboards", _closed(_templated(_properties(Placement, Dashboard))))


def _with_values(schema: Schema, name: str, value: Schema) -> Schema:
    properties = dict(schema["properties"])
    properties[name] = {**properties[name], "additionalProperties": value}
    return {**schema, "properties": properties}


def _monitor() -> Schema:
    """`if kind … then …`: an error is about the kind that was meant. Nothing is required, since a set may give it."""
    kind = {"description": "What the monitor watches.", "enum": list(kinds())}
    branches = [{"if": _is_kind(name), "then": _of_kind(each, kind)} for name, each in kinds().items()]
    return {"type": "object", "properties": {"kind": kind}, "allOf": branches}


def _is_kind(name: str) -> Schema:
    return {"properties": {"kind": {"const": name}}, "required": ["kind"]}


def _of_kind(kind: Kind, kind_property: Schema) -> Schema:
    schema = json_schema(kind.module.Parameters)
    properties = {"kind": kind_property, **_properties(Placement, Common), **schema["properties"]}
    if not kind.is_templated:
        properties["template"] = {"type": "boolean", "description": "Fill in `<< … >>` in all texts."}
    described = {key: value for key, value in schema.items() if key == "description"}
    return {**described, **_closed(_templated(properties) if kind.is_templated else properties)}


def _properties(*classes: type) -> Schema:
    return {name: value for cls in classes for name, value in json_schema(cls)["properties"].items()}


def _closed(properties: Mapping[str, Any]) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _templated(properties: Schema) -> Schema:
    """A text that is one look-up may stand for a value of any type."""
    return {name: _or_template(value) for name, value in properties.items()}


def _or_template(schema: Schema) -> Schema:
    kept: Schema = {key: value for key, value in schema.items() if key in ("description", "default")}
    if "properties" in schema:
        return {**schema, "properties": _templated(schema["properties"])}
    if _takes_any_text(schema):
        return schema
    bare = {key: value for key, value in schema.items() if key not in kept}
    return {**kept, "anyOf": [bare, {"type": "string", "pattern": "<<.*>>|<%.*%>"}]}


def _takes_any_text(schema: Schema) -> bool:
    types = schema.get("type", ())
    return (
        "string" in (types if isinstance(types, list) else [types]) and "pattern" not in schema and "enum" not in schema
    )
