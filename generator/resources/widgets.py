"""Widgets of a dashboard: their normal form, and their ids, which links to a widget hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from generator.resources.dashboard_defaults import definition_form

Widget = Mapping[str, Any]


def _definition(widget: object) -> Mapping[str, Any]:
    definition = widget.get("definition") if isinstance(widget, Mapping) else None
    return definition if isinstance(definition, Mapping) else {}


def _nested(widget: object) -> Sequence[object]:
    nested = _definition(widget).get("widgets")
    return nested if isinstance(nested, list) else ()


def widgets_form(widgets: object) -> object:
    """Drop the ids and what is default, also inside groups."""
    return [_widget_form(widget) for widget in widgets] if isinstance(widgets, list) else widgets


def _widget_form(widget: object) -> object:
    if not isinstance(widget, Mapping):
        return widget
    form = {key: value for key, value in widget.items() if key != "id" and value is not None}
    definition = definition_form(_definition(widget))
    if "widgets" in definition:
        definition["widgets"] = widgets_form(definition["widgets"])
    return {**form, "definition": definition}


def with_ids_of(live: Sequence[object], widgets: Sequence[object]) -> list[object]:
    """Give each widget the id of the live one of equal type and title, else of the same place and type."""
    partners = _partners(live, widgets)
    return [_with_id(widget, partners.get(index)) for index, widget in enumerate(widgets)]


def _with_id(widget: object, partner: object) -> object:
    if not isinstance(widget, Mapping) or not isinstance(partner, Mapping):
        return widget
    restored = {"id": partner["id"], **widget} if "id" in partner else dict(widget)
    nested = _nested(widget)
    if not nested:
        return restored
    return {**restored, "definition": {**_definition(widget), "widgets": with_ids_of(_nested(partner), nested)}}


def _partners(live: Sequence[object], widgets: Sequence[object]) -> dict[int, object]:
    """Position of a widget → the live one that it was."""
    waiting: dict[tuple[object, ...], list[int]] = {}
    for index, widget in reversed(list(enumerate(live))):
        waiting.setdefault(_name(widget), []).append(index)
    by_name = {
        index: waiting[_name(widget)].pop() for index, widget in enumerate(widgets) if waiting.get(_name(widget))
    }
    taken = set(by_name.values())
    by_place = {
        index: index
        for index, (widget, there) in enumerate(zip(widgets, live, strict=False))
        if index not in by_name and index not in taken and _name(there)[0] == _name(widget)[0]
    }
    return {index: live[partner] for index, partner in (by_place | by_name).items()}


def _name(widget: object) -> tuple[object, ...]:
    definition = _definition(widget)
    return str(definition.get("type")), str(definition.get("title", ""))
