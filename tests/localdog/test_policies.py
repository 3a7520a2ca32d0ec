"""Monitor config policies and notification rules."""

from __future__ import annotations

import pytest

from tests.localdog.client import Client, Payload

POLICY = "/api/v2/monitor/policy"
RULE = "/api/v2/monitor/notification_rule"
NOBODY = "00000000-0000-0000-0000-00000000abcd"


def policy(key: str, *values: str, required: int = 1, **data: str) -> Payload:
    tag_policy = {"tag_key": key, "tag_key_required": bool(required), "valid_tag_values": list(values)}
    attributes = {"policy_type": "tag", "policy": tag_policy}
    return {"data": {"type": "monitor-config-policy", "attributes": attributes, **data}}


def rule(**attributes: object) -> Payload:
    whole = {"name": "ours", "filter": {"tags": ["team:data"]}, "recipients": ["slack-data"], **attributes}
    kept = {name: value for name, value in whole.items() if value is not None}
    return {"data": {"type": "monitor-notification-rule", "attributes": kept}}


def test_a_policy_lives_its_life(call: Client) -> None:
    created = call("POST", POLICY, policy("team", "data")).body["data"]
    path = f"{POLICY}/{created['id']}"
    assert call("GET", path).body["data"] == created
    assert call("GET", POLICY).body["data"] == [created]
    changed = call("PATCH", path, policy("team", "data", "web", id=created["id"])).body["data"]
    assert changed["attributes"]["policy"]["valid_tag_values"] == ["data", "web"]
    other = call("PATCH", path, policy("team", id=NOBODY))
    assert (other.status, other.body) == (
        422, {"errors": ["Policy id in request body does not match id in URL param"]},
    )  # fmt: skip
    assert call("DELETE", path).status == 204
    assert call("GET", path).body == {"errors": ["Monitor configuration policy not found"]}
    assert call("DELETE", path).body == {"errors": ["Monitor config policy not found"]}
    assert call("GET", f"{POLICY}/7").body == {"errors": ["Invalid URL param: policy_id must be an uuid"]}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "'data' is invalid"),
        (
            {"data": {"type": "monitor-config-policy", "attributes": {"policy_type": "name"}}},
            "Value of parameter 'policy_type' should be any of these ['tag']",
        ),
        (
            {"data": {"type": "monitor-config-policy", "attributes": {"policy_type": "tag", "policy": {}}}},
            "'policy' is invalid",
        ),
    ],
)
def test_an_odd_policy_is_refused(call: Client, sent: Payload, words: str) -> None:
    answer = call("POST", POLICY, sent)
    assert (answer.status, answer.body) == (400, {"errors": [words]})


def test_a_monitor_must_have_the_tags_of_the_policies(call: Client, monitor: Payload) -> None:
    earlier = call("POST", "/api/v1/monitor", {**monitor, "tags": []}).body
    call("POST", POLICY, policy("team", "data", "web"))
    call("POST", POLICY, policy("env", required=0))
    missing = call("POST", "/api/v1/monitor", {**monitor, "tags": ["env:prod"]})
    assert (missing.status, missing.body) == (400, {"errors": ["Missing required tag key(s): team"]})
    foreign = call("POST", "/api/v1/monitor/validate", {**monitor, "tags": ["team:sales"]})
    assert foreign.status == 400
    assert call("POST", "/api/v1/monitor", {**monitor, "tags": ["team:data"]}).status == 200
    assert call("GET", f"/api/v1/monitor/{earlier['id']}").status == 200, "it goes on alerting"
    assert call("PUT", f"/api/v1/monitor/{earlier['id']}", {"name": "new"}).status == 400, "but cannot be changed"


def test_a_notification_rule_lives_its_life(call: Client) -> None:
    created = call("POST", RULE, rule()).body["data"]
    path = f"{RULE}/{created['id']}"
    assert created["attributes"]["recipients"] == ["slack-data"]
    assert call("GET", path).body["data"] == created
    assert call("GET", RULE).body["data"] == [created]
    sent = rule(name="theirs", recipients=None, conditional_recipients={"conditions": [{"recipients": ["a"]}]})
    sent["data"]["id"] = created["id"]
    changed = call("PATCH", path, sent).body["data"]["attributes"]
    assert (changed["name"], "recipients" in changed, changed["created"]) == (
        "theirs", False, created["attributes"]["created"],
    )  # fmt: skip
    assert call("DELETE", path).status == 204
    assert call("DELETE", path).body == {"errors": ["Monitor Notification Rule not found"]}


@pytest.mark.parametrize(
    "attributes",
    [
        {"name": ""},
        {"filter": {}},
        {"filter": {"tags": ["a"], "scope": "b"}},
        {"recipients": None},
        {"recipients": []},
        {"recipients": [7]},
        {"conditional_recipients": {"conditions": []}},
        {"recipients": None, "conditional_recipients": {"conditions": [{"recipients": ["@a"]}]}},
    ],
)
def test_an_odd_notification_rule_is_refused(call: Client, attributes: Payload) -> None:
    assert call("POST", RULE, rule(**attributes)).status == 400


def test_a_recipient_has_no_sign(call: Client) -> None:
    answer = call("POST", RULE, rule(recipients=["@slack-data"]))
    assert answer.body == {"errors": ["Invalid recipients: Recipient handle should not start with '@'"]}
