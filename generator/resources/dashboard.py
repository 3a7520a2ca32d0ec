"""Dashboards. They take no tags but `team:`, so that our id is a line of the description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.resources import dashboard_defaults
from generator.resources.canonical import canonical_or_escaped
from generator.resources.ownership import owner_in_tags, owner_in_text
from generator.resources.text_mark import marked_id, with_mark
from generator.resources.types import Listing, Payload, ResourceType
from generator.resources.widgets import widgets_form, with_ids_of

_AFTER_MONITORS_AND_SLOS = 3


def _description(payload: Payload) -> str:
    description = payload.get("description")
    return description if isinstance(description, str) else ""


def tracked(payload: Payload, tracking_id: str) -> dict[str, Any]:
    body = {key: value for key, value in payload.items() if key not in dashboard_defaults.READ_ONLY}
    return {**body, "description": with_mark(_description(payload), tracking_id)}


def comparable(payload: Payload, declared: Payload | None = None, /) -> dict[str, Any]:
    form = {
        key: value
        for key, value in payload.items()
        if value not in (None, [], "")
        and (
            key in dashboard_defaults.TOP_LEVEL
            or (declared is not None and key in declared and key not in dashboard_defaults.READ_ONLY)
        )
    }
    if form.get("reflow_type") == "auto":
        del form["reflow_type"]  # what `ordered` means without it (kennel)
    for key in dashboard_defaults.SETS & form.keys():
        form[key] = _sorted_set(form[key])
    if "description" in form:
        form["description"] = _description(form).strip()
    form["widgets"] = widgets_form(form.get("widgets", []))
    if "tabs" in form:
        form["tabs"] = _tabs_form(form["tabs"], payload.get("widgets"))
    return form


def _sorted_set(value: object) -> object:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return value
    return sorted(set(value))


def _tabs_form(tabs: object, widgets: object) -> object:
    """Name a tab's widgets by place, `@1` the first: the server answers with their ids."""
    if not isinstance(tabs, list):
        return tabs
    listed = widgets if isinstance(widgets, list) else []
    places = {
        str(each["id"]): f"@{place}"
        for place, each in enumerate(listed, start=1)
        if isinstance(each, Mapping) and "id" in each
    }
    return [_tab_form(tab, places) for tab in tabs]


def _tab_form(tab: object, places: Mapping[str, str]) -> object:
    if not isinstance(tab, Mapping):
        return tab
    named = tab.get("widget_ids")
    by_place = [places.get(str(each), each) for each in named] if isinstance(named, list) else named
    return {**{key: value for key, value in tab.items() if key != "id"}, "widget_ids": by_place}


def writable(desired: Payload, live: Payload | None = None, /) -> dict[str, Any]:
    """Keep the ids of the widgets, so that links to them stay valid; a PUT resets whatever it does not name."""
    if live is None:
        return dict(desired)
    kept = {"restricted_roles": live["restricted_roles"]} if live.get("restricted_roles") else {}
    before, widgets = live.get("widgets"), desired.get("widgets")
    if not isinstance(before, list) or not isinstance(widgets, list):
        return {**kept, **desired}
    return {**kept, **desired, "widgets": with_ids_of(before, widgets)}


def _likeness(payload: Payload) -> tuple[object, ...]:
    widgets = canonical_or_escaped(widgets_form(payload.get("widgets")))
    return str(payload.get("title")), payload.get("layout_type"), widgets


def _foreign_owner(payload: Payload) -> str | None:
    return owner_in_tags(payload.get("tags")) or owner_in_text(_description(payload))


def _creator(payload: Payload) -> str | None:
    """Name the author: Datadog does not tell who made the last edit."""
    return payload.get("author_name") or payload.get("author_handle")


TYPE = ResourceType(
    name="dashboard",
    path="/api/v1/dashboard",
    order=lambda _: _AFTER_MONITORS_AND_SLOS,
    title=lambda payload: str(payload.get("title", "")),
    listing=Listing(
        page_parameter="start",
        page_size_parameter="count",
        page_size=100,
        counts="resources",
        collection="dashboards",
        summaries=True,
    ),
    tracked=tracked,
    tracking_id=lambda payload: marked_id(_description(payload)),
    foreign_owner=_foreign_owner,
    comparable=comparable,
    writable=writable,
    identity=lambda payload: (payload.get("layout_type"),),
    likeness=_likeness,
    age=lambda payload: (str(payload.get("created_at", "")), str(payload.get("id", ""))),
    may_refer=lambda _: True,
    creator=_creator,
    unordered=frozenset((key,) for key in dashboard_defaults.SETS),
)
