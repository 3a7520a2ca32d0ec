"""Dashboards over HTTP."""

from __future__ import annotations

import pytest

from tests.localdog.client import Client, Payload


def create(call: Client, dashboard: Payload, **fields: object) -> Payload:
    answer = call("POST", "/api/v1/dashboard", {**dashboard, **fields})
    assert answer.status == 200, answer.body
    return answer.body


def test_a_created_dashboard_is_read_back(call: Client, dashboard: Payload) -> None:
    created = create(call, dashboard)
    assert call("GET", f"/api/v1/dashboard/{created['id']}").body == created
    assert created["url"] == f"/dashboard/{created['id']}/usage-dashboard"
    assert (created["description"], created["notify_list"], created["template_variables"]) == (None, None, None)
    assert created["restricted_roles"] == []
    assert "is_read_only" not in created


def test_ids_are_three_groups_of_three_and_differ(call: Client, dashboard: Payload) -> None:
    ids = {create(call, dashboard)["id"] for _ in range(50)}
    assert len(ids) == 50
    assert all([len(group) for group in found.split("-")] == [3, 3, 3] for found in ids)


def test_each_widget_gets_an_id_also_inside_groups(call: Client, dashboard: Payload) -> None:
    group = {"definition": {"type": "group", "widgets": [{"definition": {"type": "note"}}]}}
    created = create(call, dashboard, widgets=[group, {"definition": {"type": "note"}}])
    ids = [created["widgets"][0]["id"], created["widgets"][1]["id"]]
    ids.append(created["widgets"][0]["definition"]["widgets"][0]["id"])
    assert len(set(ids)) == 3
    assert all(isinstance(found, int) for found in ids)


def test_widget_ids_change_on_an_update_unless_they_are_sent_again(call: Client, dashboard: Payload) -> None:
    created = create(call, dashboard, widgets=dashboard["widgets"] * 2)
    kept = created["widgets"][0]["id"]
    widgets = [{**dashboard["widgets"][0], "id": kept}, dashboard["widgets"][0]]
    updated = call("PUT", f"/api/v1/dashboard/{created['id']}", {**dashboard, "widgets": widgets}).body
    assert updated["widgets"][0]["id"] == kept
    assert updated["widgets"][1]["id"] != created["widgets"][1]["id"]


def test_an_update_replaces_the_whole_document(call: Client, dashboard: Payload) -> None:
    created = create(call, dashboard, description="d", tabs=[{"id": "t", "name": "T", "widget_ids": ["@1"]}])
    updated = call("PUT", f"/api/v1/dashboard/{created['id']}", dashboard).body
    assert updated["description"] is None
    assert "tabs" not in updated
    assert updated["created_at"] == created["created_at"]
    assert updated["modified_at"] > created["modified_at"]


def test_tabs_may_name_widgets_by_place(call: Client, dashboard: Payload) -> None:
    tabs = [{"id": "t", "name": "T", "widget_ids": ["@2", "@1"]}]
    created = create(call, dashboard, widgets=dashboard["widgets"] * 2, tabs=tabs)
    first, second = (widget["id"] for widget in created["widgets"])
    assert created["tabs"] == [{"id": "t", "name": "T", "widget_ids": [second, first]}]


def test_the_notify_list_comes_back_sorted(call: Client, dashboard: Payload) -> None:
    assert create(call, dashboard, notify_list=["b@example.com", "a@example.com"])["notify_list"] == [
        "a@example.com",
        "b@example.com",
    ]


def test_a_list_shows_summaries_page_by_page(call: Client, dashboard: Payload) -> None:
    made = {create(call, dashboard, title=f"d{number}")["id"] for number in range(5)}
    whole = call("GET", "/api/v1/dashboard").body["dashboards"]
    parts = [
        *call("GET", "/api/v1/dashboard?count=3&start=0").body["dashboards"],
        *call("GET", "/api/v1/dashboard?count=3&start=3").body["dashboards"],
    ]
    assert parts == whole
    assert {found["id"] for found in whole} == made
    assert all("widgets" not in found for found in whole)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_dashboard_is_not_found(call: Client, dashboard: Payload, method: str) -> None:
    answer = call(method, "/api/v1/dashboard/abc-def-ghi", dashboard if method == "PUT" else None)
    assert (answer.status, answer.body) == (404, {"errors": ["Dashboard with ID abc-def-ghi not found"]})


def test_a_deleted_dashboard_is_gone(call: Client, dashboard: Payload) -> None:
    created = create(call, dashboard)
    path = f"/api/v1/dashboard/{created['id']}"
    assert call("DELETE", path)[:2] == (200, {"deleted_dashboard_id": created["id"]})
    assert call("GET", path).status == 404


def test_the_layout_type_cannot_change(call: Client, dashboard: Payload) -> None:
    created = create(call, dashboard)
    widget = {**dashboard["widgets"][0], "layout": {"x": 0, "y": 0, "width": 1, "height": 1}}
    free = {**dashboard, "layout_type": "free", "widgets": [widget]}
    assert call("PUT", f"/api/v1/dashboard/{created['id']}", free).status == 400


REFUSED = [
    ({"title": None}, "The parameter 'title' is required"),
    ({"layout_type": "wide"}, "Value of parameter 'layout_type' should be any of these ['ordered', 'free']"),
    ({"layout_type": "free", "reflow_type": "auto"}, "'reflow_type' is invalid"),
    ({"layout_type": "free"}, "Invalid widget at position 0. Error: 'layout' is a required property"),
    ({"widgets": [7]}, "Invalid widget at position 0. Error: 'definition' is a required property"),
    ({"widgets": {}}, "'widgets' is invalid"),
    (
        {"widgets": [{"definition": {"type": "group", "widgets": [7]}}]},
        "Invalid widget definition at position 0 of type group.",
    ),
    ({"widgets": [{"definition": {"widgets": [{"definition": {"widgets": [7]}}]}}]}, "'widgets' is invalid"),
    ({"tags": ["env:prod"]}, "Invalid tag format. Valid tag keys are: team."),
    ({"tags": [f"team:{n}" for n in range(6)]}, "Maximum number of elements in parameter 'tags' should be 5"),
    ({"tabs": [3]}, "'tabs' is invalid"),
    ({"notify_list": [3]}, "'notify_list' is invalid"),
    ({"template_variables": [{"name": "a", "default": "x", "defaults": ["x"]}]}, "'template_variables' is invalid"),
    (
        {"template_variables": [{"name": "a", "defaults": []}]},
        "Minimum length of parameter 'defaults' should be 1",
    ),
    (
        {"template_variable_presets": [{"template_variables": [{"name": "d", "value": "*", "values": ["*"]}]}]},
        "'template_variables' value '{'name': 'd', 'value': '*', 'values': ['*']}' is invalid",
    ),
    (
        {"template_variable_presets": [{"template_variables": [{"name": "d", "values": []}]}]},
        "Minimum number of elements in parameter 'values' should be 1",
    ),
]


@pytest.mark.parametrize(("fields", "words"), REFUSED, ids=[words[:40] for _, words in REFUSED])
def test_a_dashboard_is_refused_in_the_server_s_words(
    call: Client, dashboard: Payload, fields: Payload, words: str
) -> None:
    answer = call("POST", "/api/v1/dashboard", {**dashboard, **fields})
    assert (answer.status, answer.body) == (400, {"errors": [words]})


def test_is_read_only_is_refused_with_an_object(call: Client, dashboard: Payload) -> None:
    answer = call("POST", "/api/v1/dashboard", {**dashboard, "is_read_only": False})
    assert answer.status == 400
    assert answer.body["errors"][0]["detail"].startswith("The is_read_only attribute is no longer supported.")


@pytest.mark.parametrize("place", ["outside", "in a group"])
def test_a_widget_of_no_known_type_is_refused(call: Client, dashboard: Payload, place: str) -> None:
    is_inner = place == "in a group"
    odd = {"definition": {"type": "pie"}}
    group = {"definition": {"type": "group", "layout_type": "ordered", "widgets": [*dashboard["widgets"], odd]}}
    answer = call("POST", "/api/v1/dashboard", {**dashboard, "widgets": [group if is_inner else odd]})
    assert answer.status == 400
    told = (
        "position 0 of type group. Error: Invalid inner widget definition at position 1" if is_inner else "position 0"
    )
    assert f"Invalid widget definition at {told} of type pie." in answer.body["errors"][0]
