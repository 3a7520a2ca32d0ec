"""Lists of dashboards, and several dashboards deleted and restored at once."""

from __future__ import annotations

import pytest

from tests.localdog.client import Client, Payload

MANUAL = "/api/v1/dashboard/lists/manual"


@pytest.fixture
def boards(call: Client, dashboard: Payload) -> list[str]:
    return [call("POST", "/api/v1/dashboard", {**dashboard, "title": str(number)}).body["id"] for number in range(3)]


def members(*ids: str) -> Payload:
    return {"dashboards": [{"id": each, "type": "custom_timeboard"} for each in ids]}


def test_a_list_lives_its_life(call: Client) -> None:
    created = call("POST", MANUAL, {"name": "ours"}).body
    path = f"{MANUAL}/{created['id']}"
    assert (created["dashboard_count"], created["dashboards"], created["is_favorite"]) == (0, None, False)
    assert created["type"] == "manual_dashboard_list"
    assert call("GET", path).body == created
    assert call("PUT", path, {"name": "theirs"}).body["name"] == "theirs"
    assert [each["name"] for each in call("GET", MANUAL).body["dashboard_lists"]] == ["theirs"]
    assert call("DELETE", path).body == {"deleted_dashboard_list_id": created["id"]}
    gone = call("GET", path)
    assert (gone.status, gone.body) == (404, {"errors": [f"Manual Dashboard List with id {created['id']} not found"]})


@pytest.mark.parametrize("sent", [{}, {"name": ""}, {"name": 7}])
def test_a_list_needs_a_name(call: Client, sent: Payload) -> None:
    assert call("POST", MANUAL, sent).body == {"errors": ["'name' parameter can't be empty"]}


def test_dashboards_are_put_on_a_list_and_taken_off(call: Client, boards: list[str]) -> None:
    list_id = call("POST", MANUAL, {"name": "ours"}).body["id"]
    path = f"/api/v2/dashboard/lists/manual/{list_id}/dashboards"
    first, second, third = boards
    added = call("POST", path, members(first, second, "nnn-nnn-nnn")).body["added_dashboards_to_list"]
    assert [each["id"] for each in added] == [first, second]
    assert call("POST", path, members(first)).body == {"added_dashboards_to_list": []}
    listed = call("GET", path).body
    assert ([each["title"] for each in listed["dashboards"]], listed["total"]) == (["0", "1"], 2)
    assert call("GET", f"{MANUAL}/{list_id}").body["dashboard_count"] == 2
    gone = call("DELETE", path, members(second, third)).body["deleted_dashboards_from_list"]
    assert [each["id"] for each in gone] == [second]
    assert call("PUT", path, members(third)).status == 200
    assert [each["id"] for each in call("GET", path).body["dashboards"]] == [third]


@pytest.mark.parametrize("sent", [{}, {"dashboards": [7]}, {"dashboards": [{"id": 7, "type": "custom_timeboard"}]}])
def test_odd_members_are_refused(call: Client, sent: Payload) -> None:
    list_id = call("POST", MANUAL, {"name": "ours"}).body["id"]
    assert call("POST", f"/api/v2/dashboard/lists/manual/{list_id}/dashboards", sent).status == 400


def several(*ids: str) -> Payload:
    return {"data": [{"id": each, "type": "dashboard"} for each in ids]}


def live(call: Client) -> set[str]:
    return {each["id"] for each in call("GET", "/api/v1/dashboard").body["dashboards"]}


def test_several_dashboards_are_deleted_and_restored(call: Client, boards: list[str]) -> None:
    before = call("GET", f"/api/v1/dashboard/{boards[0]}").body
    assert call("DELETE", "/api/v1/dashboard", several(*boards[:2])).status == 204
    assert live(call) == {boards[2]}
    deleted = call("GET", "/api/v1/dashboard?filter[deleted]=true").body["dashboards"]
    assert {each["id"] for each in deleted} == set(boards[:2])
    assert call("PATCH", "/api/v1/dashboard", several(boards[0])).status == 204
    assert live(call) == {boards[0], boards[2]}
    assert call("GET", f"/api/v1/dashboard/{boards[0]}").body == before


def test_one_deleted_alone_is_restored_too(call: Client, boards: list[str]) -> None:
    call("DELETE", f"/api/v1/dashboard/{boards[0]}")
    assert call("PATCH", "/api/v1/dashboard", several(boards[0])).status == 204
    assert live(call) == set(boards)


def test_with_one_unknown_none_is_deleted(call: Client, boards: list[str]) -> None:
    answer = call("DELETE", "/api/v1/dashboard", several(boards[0], "nnn-nnn-nnn"))
    assert (answer.status, answer.body) == (404, {"errors": ["Dashboard with ID nnn-nnn-nnn not found"]})
    assert live(call) == set(boards)


@pytest.mark.parametrize("sent", [{}, {"data": []}, {"data": [7]}, {"data": [{"id": 7, "type": "dashboard"}]}])
def test_odd_requests_for_several_are_refused(call: Client, sent: Payload) -> None:
    assert call("DELETE", "/api/v1/dashboard", sent).status == 400
