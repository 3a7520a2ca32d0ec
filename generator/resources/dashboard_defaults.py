"""What means nothing in a dashboard: what the server adds, and the defaults that the browser writes into widgets.

A default is dropped from both sides. The widget defaults are those that kennel has collected; the API itself echoes
widgets as sent, 570 of 570 recorded, but for the place of a note's tick.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.resources.canonical import canonical_or_escaped

Json = Mapping[str, Any]

READ_ONLY = frozenset(
    (
        *("id", "url", "author_handle", "author_name", "author_info", "created_at", "modified_at", "deleted_at"),
        *("experience_type", "popularity", "is_favorite", "is_shared"),
        "is_read_only",  # refused since 2025, whether true or false
    )
)

TOP_LEVEL = frozenset(
    (
        *("title", "description", "layout_type", "reflow_type", "widgets", "tags", "notify_list", "tabs"),
        *("template_variables", "template_variable_presets", "default_timeframe"),
    )
)
SETS = frozenset(("tags", "notify_list", "restricted_roles"))
"""Their order means nothing: the server sorts `notify_list`, 5 of 5."""

_TITLE = {"title_align": "left", "title_size": "16"}
_WIDGET: Mapping[str, Json] = {
    "timeseries": {
        **_TITLE,
        "legend_size": "0",
        "legend_layout": "auto",
        "legend_columns": ["avg", "min", "max", "value", "sum"],
        "markers": [],
        "time": {},
        "yaxis": {"include_zero": True, "label": "", "scale": "linear", "min": "auto", "max": "auto"},
    },
    "note": {
        "show_tick": False,
        "tick_edge": "left",
        "tick_pos": "50%",
        "text_align": "left",
        "has_padding": True,
        "background_color": "white",
        "font_size": "14",
    },
    "query_value": {**_TITLE, "time": {}},
    "check_status": _TITLE,
    "query_table": _TITLE,
    "free_text": {"font_size": "auto"},
    "slo": {**_TITLE, "global_time_target": "0"},
}
_STYLE: Json = {"line_width": "normal", "palette": "dog_classic", "line_type": "solid"}


def definition_form(definition: Json) -> dict[str, Any]:
    """Drop the defaults of the widget and of its requests, and order the conditional formats.

    The order of conditional formats changes between reads (kennel).
    """
    defaults = _WIDGET.get(str(definition.get("type")), {})
    form = {key: value for key, value in definition.items() if value is not None and defaults.get(key, _NONE) != value}
    if isinstance(form.get("yaxis"), Mapping) and "yaxis" in defaults:
        form["yaxis"] = _without_defaults(form["yaxis"], defaults["yaxis"])
    requests = form.get("requests")
    if isinstance(requests, list):
        form["requests"] = [_request_form(request) for request in requests]
    return {key: value for key, value in form.items() if value != {}}


_NONE = object()


def _without_defaults(part: Json, defaults: Json) -> dict[str, Any]:
    return {key: value for key, value in part.items() if value is not None and defaults.get(key, _NONE) != value}


def _request_form(request: object) -> object:
    if not isinstance(request, Mapping):
        return request
    form = {key: value for key, value in request.items() if value is not None}
    if isinstance(form.get("style"), Mapping):
        form["style"] = _without_defaults(form["style"], _STYLE)
    formats = form.get("conditional_formats")
    if isinstance(formats, list):
        form["conditional_formats"] = sorted(formats, key=canonical_or_escaped)
    return {key: value for key, value in form.items() if value not in ({}, [])}
