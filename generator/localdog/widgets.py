"""The ids of a dashboard's widgets, also of those inside groups, and the tabs that name them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from generator.localdog.organisation import Json, Payload

TakeIds = Callable[[int], Iterator[int]]


def with_ids(widgets: list[Payload], take_ids: TakeIds) -> list[Payload]:
    """Give each widget without an id a new one; an id that was sent stays."""
    fresh = take_ids(sum(1 for widget in all_widgets(widgets) if not has_id(widget)))
    return [_with_id(widget, fresh) for widget in widgets]


def _with_id(widget: Payload, fresh: Iterator[int]) -> Payload:
    definition = widget.get("definition")
    inner = inner_widgets(widget)
    if isinstance(definition, dict) and inner:
        definition = {**definition, "widgets": [_with_id(part, fresh) for part in inner]}
    return {**widget, "definition": definition, "id": widget["id"] if has_id(widget) else next(fresh)}


def has_id(widget: Payload) -> bool:
    return isinstance(widget.get("id"), int) and widget["id"] > 0


def all_widgets(widgets: list[Payload]) -> Iterator[Payload]:
    """Yield also what stands in the place of a widget and is none."""
    for widget in widgets:
        yield widget
        if isinstance(widget, dict):
            yield from all_widgets(inner_widgets(widget))


def inner_widgets(widget: Payload) -> list[Payload]:
    definition = widget.get("definition")
    inner = definition.get("widgets") if isinstance(definition, dict) else None
    return inner if isinstance(inner, list) else []


def tabs_with_ids(tabs: Json, widgets: list[Payload]) -> Json:
    """A tab may name a widget of the same request by its place: `@1` is the first one."""
    if not isinstance(tabs, list):
        return tabs
    places = {f"@{place}": widget["id"] for place, widget in enumerate(widgets, 1)}
    return [
        {**tab, "widget_ids": [places.get(widget_id, widget_id) for widget_id in tab.get("widget_ids") or ()]}
        for tab in tabs
    ]
