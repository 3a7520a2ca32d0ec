"""Each rule refuses its case in the server's words, and takes the case next to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.localdog.monitor_rules import RULES
from tests.localdog.client import Client, Payload

FOLDER = Path(__file__).parent


def rows(name: str) -> list[Payload]:
    return [json.loads(line) for line in (FOLDER / name).read_text().splitlines()]


CASES = rows("monitor_rules.jsonl")
SHAPES = rows("monitor_shapes.jsonl")
DEFAULTS = rows("monitor_defaults.jsonl")


def with_ids(call: Client, definition: Payload, monitor: Payload) -> Payload:
    """Put the ids of a real monitor, of a real composite and of an SLO into the query."""
    if definition["type"] == "slo alert":
        slo = {
            "name": "of nine in ten", "type": "metric", "thresholds": [{"timeframe": "30d", "target": 90}],
            "query": {"numerator": "sum:a.b{ok:true}.as_count()", "denominator": "sum:a.b{*}.as_count()"},
        }  # fmt: skip
        slo_id = call("POST", "/api/v1/slo", slo).body["data"][0]["id"]
        return {**definition, "query": definition["query"].replace("{slo}", slo_id)}
    if definition["type"] != "composite":
        return definition
    part = call("POST", "/api/v1/monitor", {**monitor, "name": "part"}).body["id"]
    composite = {"type": "composite", "name": "whole", "query": str(part)}
    whole = call("POST", "/api/v1/monitor", composite).body["id"]
    query = definition["query"].replace("{part}", str(part)).replace("{whole}", str(whole))
    return {**definition, "query": query}


def test_every_rule_has_a_case() -> None:
    assert {case["rule"] for case in CASES} == {rule.verdict.__name__ for rule in RULES}


def test_every_rule_tells_where_its_words_come_from() -> None:
    assert {rule.words for rule in RULES} == {"recorded", "reported", "unknown"}
    assert all(rule.source for rule in RULES)


@pytest.mark.parametrize("path", ["/api/v1/monitor", "/api/v1/monitor/validate"])
@pytest.mark.parametrize("case", CASES, ids=[case["rule"] for case in CASES])
def test_a_rule_refuses_in_its_words(call: Client, monitor: Payload, case: Payload, path: str) -> None:
    definition = with_ids(call, {**monitor, **case["refused"]}, monitor)
    answer = call("POST", path, definition)
    assert (answer.status, answer.body) == (400, {"errors": [case["words"]]})


@pytest.mark.parametrize("case", CASES, ids=[case["rule"] for case in CASES])
def test_a_rule_takes_the_neighbour_of_what_it_refuses(call: Client, monitor: Payload, case: Payload) -> None:
    definition = with_ids(call, {**monitor, **case["accepted"]}, monitor)
    answer = call("POST", "/api/v1/monitor", definition)
    assert answer.status == 200, answer.body


@pytest.mark.parametrize("case", SHAPES, ids=[case["words"] for case in SHAPES])
def test_a_value_of_the_wrong_shape_is_refused(call: Client, monitor: Payload, case: Payload) -> None:
    answer = call("POST", "/api/v1/monitor", {**monitor, **case["refused"]})
    assert (answer.status, answer.body) == (400, {"errors": [case["words"]]})


@pytest.mark.parametrize("case", DEFAULTS, ids=[case["what"] for case in DEFAULTS])
def test_the_server_completes_a_monitor(call: Client, monitor: Payload, case: Payload) -> None:
    answer = call("POST", "/api/v1/monitor", {**monitor, **case["sent"]})
    assert answer.status == 200, answer.body
    completed = answer.body["options"] if "options" in case else answer.body
    expected = case.get("options") or case["answered"]
    assert {name: completed.get(name, "ABSENT") for name in expected} == expected


@pytest.mark.parametrize("case", DEFAULTS, ids=[case["what"] for case in DEFAULTS])
def test_what_the_server_completed_stays_when_it_is_sent_again(call: Client, monitor: Payload, case: Payload) -> None:
    created = call("POST", "/api/v1/monitor", {**monitor, **case["sent"]}).body
    again = call("PUT", f"/api/v1/monitor/{created['id']}", created)
    if "custom_schedule" in created["options"].get("scheduling_options", {}):
        assert again.status == 400, "the server drops on_missing_data there, yet asks for it"
        return
    assert again.status == 200, again.body
    assert {**again.body, "modified": ""} == {**{k: v for k, v in created.items() if k != "creator"}, "modified": ""}


def test_a_custom_schedule_is_not_added_to_a_monitor_that_has_none(call: Client, monitor: Payload) -> None:
    scheduled = next(case["accepted"] for case in CASES if case["rule"] == "schedule_without_missing_data")
    created = call("POST", "/api/v1/monitor", monitor).body
    assert call("PUT", f"/api/v1/monitor/{created['id']}", scheduled).status == 400
    second = call("POST", "/api/v1/monitor", {**monitor, **scheduled}).body
    assert call("PUT", f"/api/v1/monitor/{second['id']}", scheduled).status == 200
    assert call("PUT", f"/api/v1/monitor/{second['id']}", {"options": {}}).status == 400
