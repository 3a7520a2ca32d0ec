"""An entry → a dashboard: Datadog's own JSON, with our title, tags and tracking id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from generator.finding import Finding
from generator.render.decoding import layered
from generator.render.entries import Entry
from generator.render.fields import PLACEMENT
from generator.render.filling import filled
from generator.render.layers import merged
from generator.render.model import Resource
from generator.render.ownership import tracked_resource
from generator.resources.types import resource_types

Objects = list[dict[str, Any]]


class Dashboard(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A dashboard in Datadog's own fields: https://docs.datadoghq.com/api/latest/dashboards/."""

    title: Annotated[str, Meta(description="Title in Datadog.", min_length=1)]
    layout_type: Annotated[
        Literal["ordered", "free"], Meta(description="How widgets are laid out; changing it is a replace.")
    ]
    widgets: Annotated[Objects, Meta(description="Widgets, in Datadog's JSON.")]
    description: (
        Annotated[str, Meta(description="What the dashboard is for; our tracking line is added.")] | UnsetType
    ) = UNSET
    reflow_type: Annotated[Literal["auto", "fixed"], Meta(description="Only with layout_type ordered.")] | UnsetType = (
        UNSET
    )
    template_variables: Annotated[Objects, Meta(description="Variables that widgets use as $NAME.")] | UnsetType = UNSET
    template_variable_presets: Annotated[Objects, Meta(description="Saved values of the variables.")] | UnsetType = (
        UNSET
    )
    notify_list: Annotated[list[str], Meta(description="Handles told of changes.")] | UnsetType = UNSET
    restricted_roles: Annotated[list[str], Meta(description="Roles that may edit it.")] | UnsetType = UNSET
    tags: Annotated[list[str], Meta(description="At most five, all `team:…`.")] | UnsetType = UNSET
    tabs: Annotated[Objects, Meta(description="Tabs, in Datadog's JSON.")] | UnsetType = UNSET
    default_timeframe: Annotated[dict[str, Any], Meta(description="Time frame on opening.")] | UnsetType = UNSET
    experience_type: Annotated[str, Meta(description="Datadog's own field.")] | UnsetType = UNSET
    template: Annotated[bool, Meta(description="Fill in << … >> in all texts.")] | UnsetType = UNSET


def dashboard_resources(entry: Entry) -> Iterator[Resource | Finding]:
    """The dashboard of one entry, or what is wrong with it."""
    document = entry.definition.document
    written = merged(layer for layer in entry.layers if layer.document is document)
    own = {name: value for name, value in written.items() if name not in PLACEMENT}
    fields = filled(own, entry.variables, entry.layers) if own.get("template") is True else own
    if isinstance(fields, tuple):
        yield from fields
        return
    dashboard = layered(fields, Dashboard, entry.layers)
    if isinstance(dashboard, tuple):
        yield from dashboard
        return
    resource = tracked_resource(entry, entry.name, _payload(entry, dashboard), resource_types()["dashboard"])
    line = document.line(entry.definition.place)
    yield resource if isinstance(resource, Finding) else msgspec.structs.replace(resource, line=line)


def _payload(entry: Entry, dashboard: Dashboard) -> dict[str, Any]:
    payload: Mapping[str, Any] = msgspec.to_builtins(dashboard)
    own = {name: value for name, value in payload.items() if name != "template"}
    team = (f"team:{entry.around.team}",) if entry.around.team else ()
    return {**own, "tags": list(dict.fromkeys((*own.get("tags", ()), *team)))}
