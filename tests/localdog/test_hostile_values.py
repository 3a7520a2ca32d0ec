"""Any JSON value in any field is taken or refused: it never breaks the server."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.localdog.client import Client, Payload

SCALARS = (
    st.none() | st.booleans() | st.integers(-5, 30) | st.just(10**400) | st.floats(-1e9, 1e9) | st.text(max_size=5)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("a", "critical", "widgets", "definition", "name", "value")), inner, max_size=3
        )
    ),
    max_leaves=6,
)
TYPES = st.sampled_from(("metric alert", "query alert", "log alert", "service check", "composite", "event-v2 alert"))
MONITOR_FIELDS = (
    "type", "query", "name", "message", "tags", "options", "priority", "restricted_roles", "assets", "draft_status",
)  # fmt: skip
OPTIONS = (
    "thresholds", "silenced", "scheduling_options", "threshold_windows", "escalation_message", "on_missing_data",
    "notify_no_data", "no_data_timeframe", "renotify_statuses", "renotify_interval", "renotify_occurrences",
    "notify_by", "variables", "timeout_h", "new_group_delay", "new_host_delay", "notification_preset_name",
)  # fmt: skip
INNER = {
    "thresholds": ("critical", "warning", "ok", "critical_recovery", "warning_recovery"),
    "scheduling_options": ("evaluation_window", "custom_schedule"),
    "threshold_windows": ("trigger_window",),
}
DASHBOARD_FIELDS = (
    "title", "layout_type", "widgets", "tabs", "tags", "notify_list", "template_variables",
    "template_variable_presets", "description", "reflow_type", "restricted_roles", "id",
)  # fmt: skip
HOSTILE = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@st.composite
def options(draw: Any) -> Payload:
    found: Payload = {}
    for name in draw(st.lists(st.sampled_from(OPTIONS), max_size=4)):
        inner = INNER.get(name)
        whole = inner is None or draw(st.booleans())
        found[name] = draw(VALUES) if whole else draw(st.dictionaries(st.sampled_from(inner), VALUES, max_size=3))
    return found


def changed(fields: tuple[str, ...]) -> st.SearchStrategy[Payload]:
    return st.dictionaries(st.sampled_from(fields), VALUES, max_size=3)


@HOSTILE
@given(type_=TYPES, options=options(), fields=changed(MONITOR_FIELDS))
def test_a_monitor_of_any_values(call: Client, monitor: Payload, type_: str, options: Payload, fields: Payload) -> None:
    sent = {**monitor, "type": type_, "options": options, **fields}
    created = call("POST", "/api/v1/monitor", sent)
    assert created.status in {200, 400}, created.body
    other = call("POST", "/api/v1/monitor", {**monitor, "name": "of the test"})
    if other.status == 200:
        updated = call("PUT", f"/api/v1/monitor/{other.body['id']}", {"options": options, **fields})
        assert updated.status in {200, 400}, updated.body
    assert call("GET", "/api/v1/monitor?name=of").status == 200


@HOSTILE
@given(
    fields=changed(DASHBOARD_FIELDS), widget=changed(("definition", "id", "layout")), tab=changed(("widget_ids", "id"))
)
def test_a_dashboard_of_any_values(
    call: Client, dashboard: Payload, fields: Payload, widget: Payload, tab: Payload
) -> None:
    widgets = [
        {**dashboard["widgets"][0], **widget},
        {"definition": {"type": "group", "widgets": [widget, {"definition": widget}]}},
    ]
    answer = call("POST", "/api/v1/dashboard", {**dashboard, "widgets": widgets, "tabs": [tab], **fields})
    assert answer.status in {200, 400}, answer.body
    assert call("GET", "/api/v1/dashboard").status == 200


@pytest.mark.parametrize(
    "query", ["page=999999999999&page_size=1000", "id_offset=999999999999999999", "monitor_tags=,,"]
)
def test_a_list_of_any_page(call: Client, query: str) -> None:
    assert call("GET", f"/api/v1/monitor?{query}").status in {200, 400}
