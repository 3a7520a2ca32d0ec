"""Service level objectives over HTTP."""

from __future__ import annotations

import json

import pytest

from tests.localdog.client import Client, Payload

QUERY: Payload = {"numerator": "sum:good{*}.as_count()", "denominator": "sum:all{*}.as_count()"}
SLO: Payload = {"name": "Answers", "type": "metric", "query": QUERY, "thresholds": [{"timeframe": "7d", "target": 99}]}


def created(call: Client, **fields: object) -> Payload:
    answer = call("POST", "/api/v1/slo", {**SLO, **fields})
    assert answer.status == 200, answer.body
    assert answer.body["error"] is None
    (slo,) = answer.body["data"]
    return dict(slo)


def test_a_write_is_answered_with_a_list_of_one_and_a_read_without(call: Client) -> None:
    made = created(call)
    assert call("GET", f"/api/v1/slo/{made['id']}").body == {"data": made, "error": None}
    assert call("GET", "/api/v1/slo").body == {"data": [made], "error": None}


def test_a_read_shows_decimals_where_a_write_shows_what_was_sent(call: Client) -> None:
    sent = json.dumps({**SLO, "thresholds": [{"timeframe": "7d", "target": 95, "warning": 98}]}).encode()
    made = call("POST", "/api/v1/slo", sent).body["data"][0]
    read = call("GET", f"/api/v1/slo/{made['id']}").body["data"]
    shown = [(type(slo["target_threshold"]), type(slo["warning_threshold"])) for slo in (made, read)]
    assert shown == [(int, int), (float, float)]


def test_ids_that_are_asked_for_are_different_and_one_of_them_exists(call: Client) -> None:
    made = created(call)["id"]
    assert [each["id"] for each in call("GET", f"/api/v1/slo?ids={made},none").body["data"]] == [made]
    refusals = {"a,a": (400, "All items in parameter 'True' must be unique"),
                "a,b": (404, "no SLOs found for ids: ['a', 'b'] not found")}  # fmt: skip
    for ids, (status, words) in refusals.items():
        answer = call("GET", f"/api/v1/slo?ids={ids}")
        assert (answer.status, answer.body) == (status, {"errors": [words]})


def test_what_can_be_deleted_is_told_apart_from_what_is_denied(call: Client) -> None:
    made = created(call)["id"]
    answer = call("GET", f"/api/v1/slo/can_delete?ids={made}")
    assert (answer.status, answer.body) == (200, {"data": {"ok": [made], "denied_ids": []}, "errors": None})


def test_time_frames_are_deleted_of_several_and_an_slo_without_any_is_gone(call: Client) -> None:
    one, other = created(call)["id"], created(call, thresholds=[{"timeframe": frame, "target": 9} for frame in
                                                                ("7d", "30d")])["id"]  # fmt: skip
    answer = call("POST", "/api/v1/slo/bulk_delete", {one: ["7d"], other: ["7d"], "none": ["all"]}).body
    assert answer["data"] == {"deleted": [one], "updated": [other]}
    assert [each["id"] for each in answer["errors"]] == ["none"]
    (left,) = call("GET", "/api/v1/slo").body["data"]
    assert (left["id"], left["timeframe"], len(left["thresholds"])) == (other, "30d", 1)


def test_words_of_the_api_are_no_ids(call: Client) -> None:
    assert call("GET", "/api/v1/slo/search?query=x").body["errors"] == ["Not found"]


def test_a_history_needs_a_span(call: Client) -> None:
    made = created(call)["id"]
    answer = call("GET", f"/api/v1/slo/{made}/history?from_ts=123&to_ts=12")
    assert answer.body == {"errors": ["The timeframe is incorrect: invalid from 123 or to 12 timestamp"]}
    assert "does not play" in call("GET", f"/api/v1/slo/{made}/history?from_ts=12&to_ts=123").body["errors"][0]


def test_targets_are_numbers_and_shown_as_texts(call: Client) -> None:
    (threshold,) = created(call, thresholds=[{"timeframe": "30d", "target": 99, "warning": 99.5}])["thresholds"]
    assert threshold == {
        "timeframe": "30d", "target": 99.0, "target_display": "99.", "warning": 99.5, "warning_display": "99.5",
    }  # fmt: skip


def test_tags_are_kept_in_order_and_in_lower_case(call: Client) -> None:
    assert created(call, tags=["team:Web", "env:prod"])["tags"] == ["env:prod", "team:web"]


def test_a_count_is_answered_beside_the_query_and_a_query_beside_the_count(call: Client) -> None:
    count = created(call)["sli_specification"]["count"]
    assert count["good_events_formula"] == {"formula": "query1"}
    assert created(call, query=None, sli_specification={"count": count})["query"] == QUERY


def test_time_slices_are_of_five_minutes_unless_said(call: Client) -> None:
    part = {"comparator": ">", "threshold": 5, "query": {"formulas": [{"formula": "query1"}], "queries": []}}
    made = created(call, type="time_slice", query=None, sli_specification={"time_slice": part})
    assert made["sli_specification"]["time_slice"]["query_interval_seconds"] == 300


def test_an_update_replaces_the_whole_and_keeps_the_type(call: Client) -> None:
    made = created(call, description="d", tags=["a:b"])
    answer = call("PUT", f"/api/v1/slo/{made['id']}", {**SLO, "type": "monitor", "name": "Other"}).body["data"][0]
    assert (answer["name"], answer["description"], answer["tags"], answer["type"]) == ("Other", "", [], "metric")
    assert answer["created_at"] == made["created_at"]


def test_a_deletion_is_answered_with_the_id(call: Client) -> None:
    made = created(call)
    assert call("DELETE", f"/api/v1/slo/{made['id']}").body == {"data": [made["id"]], "error": None}
    assert call("DELETE", f"/api/v1/slo/{made['id']}").body == {"errors": [f"SLO not found: {made['id']} not found"]}


def test_what_a_dashboard_shows_is_deleted_only_by_force(call: Client) -> None:
    slo_id = created(call)["id"]
    widget = {"definition": {"type": "slo", "slo_id": slo_id, "view_type": "detail", "view_mode": "overall"}}
    board = call("POST", "/api/v1/dashboard", {"title": "t", "layout_type": "ordered", "widgets": [widget]}).body["id"]
    refusal = call("DELETE", f"/api/v1/slo/{slo_id}")
    assert refusal.status == 409
    assert refusal.body["errors"] == {slo_id: f"slo {slo_id} is referenced in dashboards: {board}"}
    assert call("GET", f"/api/v1/slo/can_delete?ids={slo_id}").status == 409
    assert call("DELETE", f"/api/v1/slo/{slo_id}?force=true").status == 200


def test_a_monitor_of_an_slo_is_deleted_only_by_force(call: Client, monitor: Payload) -> None:
    monitor_id = call("POST", "/api/v1/monitor", monitor).body["id"]
    slo = created(call, type="monitor", query=None, monitor_ids=[monitor_id])
    refusal = call("GET", f"/api/v1/monitor/can_delete?monitor_ids={monitor_id}")
    assert refusal.status == 409
    assert f"is referenced in slos: [{slo['id']},Answers]" in str(refusal.body["errors"])
    refusal = call("DELETE", f"/api/v1/monitor/{monitor_id}")
    words = f"monitor [{monitor_id},{monitor['name']}] is referenced in slos: [{slo['id']},Answers]"
    assert (refusal.status, refusal.body) == (401, {"errors": [words]})


REFUSED = {
    "no type": ({"type": None}, "should be any of these"),
    "no name": ({"name": ""}, "Minimum length of parameter 'name' should be 1"),
    "no query": ({"query": None}, "must specify the query for count types"),
    "half a query": ({"query": {"numerator": "a"}}, "must specify the query for count types"),
    "no counts": ({"query": {**QUERY, "numerator": "avg:good{*}"}}, "Metric queries require the 'as count' modifier"),
    "no monitors": ({"type": "monitor"}, "must specify monitor_ids"),
    "unknown monitors": ({"type": "monitor", "monitor_ids": [7]}, "invalid monitor ids: 7, monitors not found"),
    "no slice": ({"type": "time_slice"}, "sli_specification"),
    "no thresholds": ({"thresholds": []}, "thresholds"),
    "an unknown time frame": ({"thresholds": [{"timeframe": "1d", "target": 9}]}, "thresholds"),
    "a warning below the target": ({"thresholds": [{"timeframe": "7d", "target": 9, "warning": 8}]}, "thresholds"),
    "a text for a list": ({"tags": "a"}, "tags"),
}


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_sense_is_refused(call: Client, fields: Payload, words: str) -> None:
    answer = call("POST", "/api/v1/slo", {**SLO, **fields})
    assert answer.status == 400
    assert answer.body["errors"][0].startswith("Invalid payload: ")
    assert words in answer.body["errors"][0]
