"""What the server refuses about a dashboard, as a table: each row has the server's words and where they come from."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from generator.localdog.organisation import Json, Payload
from generator.localdog.widgets import all_widgets, inner_widgets

LAYOUTS = ("ordered", "free")
MAX_TAGS = 5
MAX_TABS = 100
WIDGETS = (
    "alert_graph", "alert_value", "bar_chart", "change", "check_status", "cohort", "custom", "distribution",
    "embedded_app", "event_stream", "event_timeline", "free_text", "funnel", "geomap", "group", "heatgrid", "heatmap",
    "hostmap", "iframe", "image", "list_stream", "log_stream", "manage_status", "note", "point_plot", "powerpack",
    "query_table", "query_value", "retention_curve", "run_workflow", "sankey", "scatterplot", "servicemap", "slo",
    "slo_list", "split_group", "sunburst", "timeseries", "toplist", "topology_map", "trace_service", "treemap",
    "wildcard",
)  # fmt: skip
READ_ONLY_WORDS = (
    "The is_read_only attribute is no longer supported. "
    "https://docs.datadoghq.com/dashboards/guide/is-read-only-deprecation/"
)


def read_only_given(dashboard: Payload) -> Json:
    """The only refusal whose errors are objects."""
    if "is_read_only" not in dashboard:
        return None
    return {
        "id": None, "links": None, "status": "HTTPStatus.BAD_REQUEST", "code": None, "title": "Bad Request",
        "detail": READ_ONLY_WORDS, "source": None, "meta": None,
    }  # fmt: skip


def missing_field(dashboard: Payload) -> str | None:
    for field in ("title", "layout_type", "widgets"):
        if field not in dashboard or dashboard[field] is None:
            return f"The parameter '{field}' is required"
    return None


def wrong_field(dashboard: Payload) -> str | None:
    wanted = {"title": str, "layout_type": str, "widgets": list}
    for field, type_ in wanted.items():
        if not isinstance(dashboard[field], type_):
            return f"'{field}' is invalid"
    for field in ("template_variables", "template_variable_presets", "notify_list", "tags", "tabs", "restricted_roles"):
        if not isinstance(dashboard.get(field), (list, type(None))):
            return f"'{field}' is invalid"
    if not _holds_texts(dashboard.get("notify_list")):
        return "'notify_list' is invalid"
    return None


def wrong_tab(dashboard: Payload) -> str | None:
    tabs = dashboard.get("tabs")
    if _holds_objects(tabs) and all(_holds_widget_ids(tab.get("widget_ids")) for tab in tabs or ()):
        return None
    return "'tabs' is invalid"


def unknown_layout(dashboard: Payload) -> str | None:
    if dashboard["layout_type"] in LAYOUTS:
        return None
    return f"Value of parameter 'layout_type' should be any of these {list(LAYOUTS)}"


def reflow_of_free_layout(dashboard: Payload) -> str | None:
    if dashboard["layout_type"] == "free" and dashboard.get("reflow_type") is not None:
        return "'reflow_type' is invalid"
    return None


def wrong_widget(dashboard: Payload) -> str | None:
    for place, widget in enumerate(dashboard["widgets"]):
        if not isinstance(widget, dict) or not isinstance(widget.get("definition"), dict):
            return f"Invalid widget at position {place}. Error: 'definition' is a required property"
        if dashboard["layout_type"] == "free" and not isinstance(widget.get("layout"), dict):
            return f"Invalid widget at position {place}. Error: 'layout' is a required property"
    return None


def wrong_inner_widget(dashboard: Payload) -> str | None:
    for place, widget in enumerate(dashboard["widgets"]):
        inner = widget["definition"].get("widgets")
        if inner is not None and not _holds_objects(inner):
            return f"Invalid widget definition at position {place} of type {widget['definition'].get('type')}."
    if not all(isinstance(widget, dict) for widget in all_widgets(dashboard["widgets"])):
        return "'widgets' is invalid"
    return None


def unknown_widget(dashboard: Payload) -> str | None:
    """The beginning of the words is reported, for a widget and for one inside a group."""
    for place, widget in enumerate(dashboard["widgets"]):
        type_ = widget["definition"].get("type")
        told = f"Invalid widget definition at position {place} of type {type_}."
        if type_ not in WIDGETS:
            return f"{told} Error: {type_!r} is not one of {list(WIDGETS)}"
        for inner_place, inner in enumerate(inner_widgets(widget)):
            definition = inner.get("definition")
            inner_type = definition.get("type") if isinstance(definition, dict) else None
            if inner_type not in WIDGETS:
                return f"{told} Error: Invalid inner widget definition at position {inner_place} of type {inner_type}."
    return None


def foreign_tag(dashboard: Payload) -> str | None:
    tags = dashboard.get("tags") or ()
    if all(isinstance(tag, str) and tag.startswith("team:") for tag in tags):
        return None
    return "Invalid tag format. Valid tag keys are: team."


def too_many(dashboard: Payload) -> str | None:
    for field, most in (("tags", MAX_TAGS), ("tabs", MAX_TABS)):
        if len(dashboard.get(field) or ()) > most:
            return f"Maximum number of elements in parameter '{field}' should be {most}"
    return None


def doubled_template_default(dashboard: Payload) -> str | None:
    for variable in dashboard.get("template_variables") or ():
        if not isinstance(variable, dict):
            return "'template_variables' is invalid"
        if variable.get("default") is not None and variable.get("defaults") is not None:
            return "'template_variables' is invalid"
        if variable.get("defaults") == []:
            return "Minimum length of parameter 'defaults' should be 1"
    return None


def doubled_preset_value(dashboard: Payload) -> str | None:
    for preset in dashboard.get("template_variable_presets") or ():
        if not isinstance(preset, dict) or not isinstance(preset.get("template_variables"), (list, type(None))):
            return "'template_variable_presets' is invalid"
        for variable in preset.get("template_variables") or ():
            if not isinstance(variable, dict) or ("value" in variable and "values" in variable):
                return f"'template_variables' value '{variable}' is invalid"
            if variable.get("values") == []:
                return "Minimum number of elements in parameter 'values' should be 1"
    return None


def _holds_objects(value: Json) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(part, dict) for part in value))


def _holds_widget_ids(value: Json) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(part, (str, int)) for part in value))


def _holds_texts(value: Json) -> bool:
    return value is None or (isinstance(value, list) and all(isinstance(part, str) for part in value))


class Rule(NamedTuple):
    verdict: Callable[[Payload], Json]
    words: str
    source: str


RULES: tuple[Rule, ...] = (
    Rule(read_only_given, "recorded", "49 exchanges since 2025"),
    Rule(missing_field, "unknown", "worded as for monitors"),
    Rule(wrong_field, "unknown", "worded as for template_variables"),
    Rule(wrong_tab, "unknown", "worded as for template_variables"),
    Rule(unknown_layout, "unknown", "worded as the policy API words its own"),
    Rule(reflow_of_free_layout, "unknown", "documented: only with the ordered layout"),
    Rule(wrong_widget, "reported", "free layout, widget without layout"),
    Rule(wrong_inner_widget, "reported", "the beginning of a reported text"),
    Rule(unknown_widget, "reported", "the beginning of a reported text; the types of the API's specification"),
    Rule(foreign_tag, "reported", "newer wording"),
    Rule(too_many, "unknown", "documented: 5 tags, 100 tabs"),
    Rule(doubled_template_default, "recorded", "default and defaults together"),
    Rule(doubled_preset_value, "recorded", "value and values together, and empty values"),
)


def rejection(dashboard: Payload) -> Json:
    """The server's error about the first thing that is wrong, or None."""
    for rule in RULES:
        error = rule.verdict(dashboard)
        if error is not None:
            return error
    return None


def layout_change_rejection(before: str, after: str) -> str | None:
    """Refused by the server; its words are not known."""
    return None if before == after else "The layout_type of a dashboard cannot be changed"
