"""Monitors over HTTP: the life of one, lists, updates, deletion and the errors word for word."""

from __future__ import annotations

import pytest

from tests.localdog.client import Answer, Client, Payload


def create(call: Client, monitor: Payload, **fields: object) -> Payload:
    answer = call("POST", "/api/v1/monitor", {**monitor, **fields})
    assert answer.status == 200, answer.body
    return answer.body


def names(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.body
    return [found["name"] for found in answer.body]


def test_a_created_monitor_is_read_back_without_what_only_a_write_shows(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    read = call("GET", f"/api/v1/monitor/{created['id']}").body
    assert {"restriction_policy", "assets"} <= created.keys()
    assert read == {name: value for name, value in created.items() if name not in {"restriction_policy", "assets"}}


def test_a_new_monitor_has_no_data_and_no_changes(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    assert created["overall_state"] == "No Data"
    assert created["created"] == created["modified"]
    assert created["created"].endswith("+00:00")
    assert created["deleted"] is None
    assert created["overall_state_modified"] is None


def test_the_same_definition_twice_is_a_duplicate_that_names_the_first(call: Client, monitor: Payload) -> None:
    first = create(call, monitor)
    second = call("POST", "/api/v1/monitor", monitor)
    assert second.status == 400
    assert second.body == {"errors": [f"Duplicate of an existing monitor_id:{first['id']} org_id:{first['org_id']}"]}


@pytest.mark.parametrize(
    "field",
    [{"name": "other"}, {"message": "other"}, {"tags": ["team:other"]}, {"priority": 2}, {"options": {}}],
)
def test_a_definition_that_differs_in_one_field_is_no_duplicate(call: Client, monitor: Payload, field: Payload) -> None:
    assert create(call, monitor)["id"] != create(call, monitor, **field)["id"]


def test_a_deleted_monitor_is_no_duplicate_and_its_id_is_not_used_again(call: Client, monitor: Payload) -> None:
    first = create(call, monitor)
    assert call("DELETE", f"/api/v1/monitor/{first['id']}").body == {"deleted_monitor_id": first["id"]}
    assert create(call, monitor)["id"] > first["id"]


def test_an_update_keeps_absent_fields_and_replaces_the_options(call: Client, monitor: Payload) -> None:
    options = {"thresholds": {"critical": 5}, "renotify_interval": 60, "silenced": {"host:a": None}}
    created = create(call, monitor, options=options, priority=3)
    answer = call("PUT", f"/api/v1/monitor/{created['id']}", {"name": "new", "options": {"notify_audit": True}})
    assert answer.status == 200
    assert answer.body["name"] == "new"
    assert {name: answer.body[name] for name in ("query", "message", "tags", "priority")} == {
        name: created[name] for name in ("query", "message", "tags", "priority")
    }
    assert answer.body["options"] == {
        "notify_audit": True,
        "silenced": {"host:a": None},
        "include_tags": True,
        "new_host_delay": 300,
        "notify_no_data": False,
    }


def test_an_update_without_options_keeps_them_all(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    updated = call("PUT", f"/api/v1/monitor/{created['id']}", {"name": "new"}).body
    assert updated["options"] == created["options"]


def test_an_update_answers_without_creator_and_moves_only_modified(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    updated = call("PUT", f"/api/v1/monitor/{created['id']}", {"name": "new"}).body
    assert "creator" not in updated
    assert updated["created"] == created["created"]
    assert updated["modified"] > created["modified"]
    read = call("GET", f"/api/v1/monitor/{created['id']}").body
    assert read["creator"] == created["creator"]


def test_an_update_is_judged_like_a_creation(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    answer = call("PUT", f"/api/v1/monitor/{created['id']}", {"options": {"thresholds": {"critical": 6}}})
    assert answer.status == 400
    assert answer.body == {"errors": ["Alert threshold (6.0) does not match that used in the query (5.0)."]}
    assert call("GET", f"/api/v1/monitor/{created['id']}").body["modified"] == created["modified"]


@pytest.mark.parametrize(
    ("type_", "status"), [("query alert", 200), ("metric alert", 200), ("log alert", 400), ("composite", 400)]
)
def test_only_metric_and_query_alerts_may_change_into_each_other(
    call: Client, monitor: Payload, type_: str, status: int
) -> None:
    created = create(call, monitor)
    answer = call("PUT", f"/api/v1/monitor/{created['id']}", {"type": type_})
    assert answer.status == status
    if status == 400:
        assert answer.body == {"errors": ["Monitor type change not allowed"]}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("monitor_id", ["1", "0", "-1", "nonsense", "9" * 40])
def test_an_unknown_monitor_is_not_found(call: Client, method: str, monitor_id: str) -> None:
    answer = call(method, f"/api/v1/monitor/{monitor_id}", {} if method == "PUT" else None)
    assert (answer.status, answer.body) == (404, {"errors": ["Monitor not found"]})


def test_validation_answers_an_empty_object_and_stores_nothing(call: Client, monitor: Payload) -> None:
    assert call("POST", "/api/v1/monitor/validate", monitor)[:2] == (200, {})
    assert call("GET", "/api/v1/monitor").body == []


def test_validation_of_an_existing_monitor_refuses_another_type(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    path = f"/api/v1/monitor/{created['id']}/validate"
    assert call("POST", path, monitor)[:2] == (200, {})
    other = {**monitor, "type": "log alert", "query": 'logs("a").index("*").rollup("count").last("5m") > 5'}
    assert call("POST", path, other)[:2] == (400, {"errors": ["Monitor type change not allowed"]})


def test_without_a_page_all_monitors_come_at_once(call: Client, monitor: Payload) -> None:
    for number in range(130):
        create(call, monitor, name=f"m{number:03}")
    assert len(call("GET", "/api/v1/monitor?page_size=10").body) == 130
    assert len(call("GET", "/api/v1/monitor?page=0").body) == 100
    assert names(call("GET", "/api/v1/monitor?page=2&page_size=50")) == [f"m{number:03}" for number in range(100, 130)]
    assert call("GET", "/api/v1/monitor?page=3&page_size=50").body == []


def test_pages_by_id_offset_are_not_shifted_by_a_deletion(call: Client, monitor: Payload) -> None:
    ids = [create(call, monitor, name=f"m{number}")["id"] for number in range(6)]
    first = [found["id"] for found in call("GET", "/api/v1/monitor?id_offset=0&page_size=3").body]
    call("DELETE", f"/api/v1/monitor/{ids[0]}")
    second = [found["id"] for found in call("GET", f"/api/v1/monitor?id_offset={first[-1]}&page_size=3").body]
    assert first + second == ids
    assert call("GET", f"/api/v1/monitor?id_offset={ids[-1]}").body == []


def test_a_list_shows_matching_downtimes(call: Client, monitor: Payload) -> None:
    create(call, monitor)
    assert call("GET", "/api/v1/monitor").body[0]["matching_downtimes"] == []


def test_several_monitor_tags_must_all_be_there(call: Client, monitor: Payload) -> None:
    create(call, monitor, name="both", tags=["a:1", "b:2"])
    create(call, monitor, name="one", tags=["a:1"])
    assert names(call("GET", "/api/v1/monitor?monitor_tags=a:1")) == ["both", "one"]
    assert names(call("GET", "/api/v1/monitor?monitor_tags=a:1,b:2")) == ["both"]
    assert names(call("GET", "/api/v1/monitor?monitor_tags=a:")) == []


def test_a_tag_is_found_where_it_is_now(call: Client, monitor: Payload) -> None:
    created = create(call, monitor, tags=["old:1"])
    call("PUT", f"/api/v1/monitor/{created['id']}", {"tags": ["new:1"]})
    assert names(call("GET", "/api/v1/monitor?monitor_tags=old:1")) == []
    assert names(call("GET", "/api/v1/monitor?monitor_tags=new:1")) == [monitor["name"]]


def test_a_list_narrows_by_name_and_by_scope(call: Client, monitor: Payload) -> None:
    create(call, monitor, name="Disk full")
    create(call, monitor, name="Load", query="avg(last_5m):avg:system.load.5{env:test} by {host} > 5")
    assert names(call("GET", "/api/v1/monitor?name=disk")) == ["Disk full"]
    assert names(call("GET", "/api/v1/monitor?tags=env:test")) == ["Load"]
    assert names(call("GET", "/api/v1/monitor?name=l&page=1&page_size=1")) == ["Load"]


@pytest.mark.parametrize("query", ["page=x", "page=-1", "page_size=0", "id_offset=1.5"])
def test_a_page_that_is_no_number_is_refused(call: Client, query: str) -> None:
    assert call("GET", f"/api/v1/monitor?{query}").status == 400


def test_unknown_group_states_are_refused(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    answer = call("GET", f"/api/v1/monitor/{created['id']}?group_states=notagroupstate")
    assert (answer.status, answer.body) == (400, {"errors": ["Invalid group_state filters."]})
    assert call("GET", f"/api/v1/monitor/{created['id']}?group_states=all,no%20data").status == 200


def test_a_read_shows_assets_and_downtimes_on_request(call: Client, monitor: Payload) -> None:
    asset = {"name": "Runbook", "url": "/notebook/1", "category": "runbook"}
    created = create(call, monitor, assets=[asset])
    read = call("GET", f"/api/v1/monitor/{created['id']}?with_assets=true&with_downtimes=true").body
    assert read["assets"] == created["assets"]
    assert read["assets"][0]["monitor_id"] == created["id"]
    assert read["matching_downtimes"] == []


def test_a_part_of_a_composite_is_deleted_only_by_force(call: Client, monitor: Payload) -> None:
    part = create(call, monitor)
    whole = create(call, monitor, type="composite", query=f"{part['id']} && !{part['id']}", options={}, name="both")
    path = f"/api/v1/monitor/{part['id']}"
    refused = call("DELETE", path)
    assert refused.status == 400
    assert refused.body["errors"][0].startswith("Monitor is part of the following composite monitors")
    assert str(whole["id"]) in refused.body["errors"][0]
    assert call("DELETE", f"{path}?force=true").status == 200


def test_a_part_is_free_once_the_composite_is_gone(call: Client, monitor: Payload) -> None:
    part = create(call, monitor)
    whole = create(call, monitor, type="composite", query=f"{part['id']}", options={}, name="one")
    call("DELETE", f"/api/v1/monitor/{whole['id']}")
    assert call("DELETE", f"/api/v1/monitor/{part['id']}").status == 200


def test_can_delete_tells_who_refers(call: Client, monitor: Payload) -> None:
    part, free = create(call, monitor), create(call, monitor, name="free")
    whole = create(call, monitor, type="composite", query=f"{part['id']}", options={}, name="one")
    assert call("GET", f"/api/v1/monitor/can_delete?monitor_ids={free['id']}")[:2] == (
        200,
        {"data": {"ok": [free["id"]]}, "errors": None},
    )
    reason = (
        f"monitor [{part['id']},{part['name']}] is referenced in composite monitors: [{whole['id']},{whole['name']}]"
    )
    assert call("GET", f"/api/v1/monitor/can_delete?monitor_ids={part['id']}")[:2] == (
        409,
        {"data": {"ok": []}, "errors": {str(part["id"]): [reason]}},
    )
    assert call("GET", "/api/v1/monitor/can_delete?monitor_ids=")[:2] == (
        400,
        {"errors": ["monitor_ids are required"]},
    )


def test_a_composite_of_a_grouped_monitor_is_multi(call: Client, monitor: Payload) -> None:
    grouped = create(call, monitor)
    simple = create(call, monitor, name="s", query="avg(last_5m):avg:system.load.5{*} > 5")
    composite = {"type": "composite", "options": {}}
    assert create(call, monitor, **composite, query=f"{grouped['id']} && {simple['id']}")["multi"] is True
    assert create(call, monitor, **composite, query=f"{simple['id']}")["multi"] is False


def test_an_exported_monitor_can_be_sent_again_as_it_is(call: Client, monitor: Payload) -> None:
    created = create(call, monitor)
    updated = call("PUT", f"/api/v1/monitor/{created['id']}", {**created, "id": 5, "created": "yesterday"}).body
    assert {**updated, "modified": None, "creator": None} == {**created, "modified": None, "creator": None}


def test_a_scope_of_the_list_is_a_whole_tag_of_the_query(call: Client, monitor: Payload) -> None:
    create(call, monitor, name="in production")
    create(call, monitor, name="elsewhere", query="avg(last_5m):avg:system.load.5{env:production} by {host} > 5")
    create(call, monitor, name="not there", query="avg(last_5m):avg:system.load.5{!env:prod} by {host} > 5")
    assert names(call("GET", "/api/v1/monitor?tags=env:prod")) == ["in production"]


def test_thousands_of_tags_may_be_asked_for(call: Client, monitor: Payload) -> None:
    several = [f"t:{number}" for number in range(50)]
    create(call, monitor, tags=several)
    asked = ",".join(several)
    assert len(call("GET", f"/api/v1/monitor?monitor_tags={asked}").body) == 1
    many = ",".join(f"t:{number}" for number in range(2000))
    assert call("GET", f"/api/v1/monitor?monitor_tags={many}").body == []


@pytest.mark.parametrize("path", ["/api/v1/monitor", "/api/v1/monitor/validate"])
def test_the_monitor_of_a_synthetic_test_is_not_made_here(call: Client, monitor: Payload, path: str) -> None:
    answer = call("POST", path, {**monitor, "type": "synthetics alert", "query": "no_query", "options": {}})
    assert answer.status == 400
    assert "synthetic test" in answer.body["errors"][0]
