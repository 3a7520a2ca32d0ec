"""Notification rules tell more people than the message names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.localdog.client import Payload
from tests.localdog.evaluated import Driven, driven

ALERT_ONLY = {"conditions": [{"scope": "transition_type:is_alert", "recipients": ["pagerduty-x"]}]}
WITH_FALLBACK = {**ALERT_ONLY, "fallback_recipients": ["slack-x"]}
BY_TAG = {"conditions": [{"scope": "host:b", "recipients": ["b"]}, {"scope": "priority:p2", "recipients": ["two"]}]}
TEAM = {"tags": ["team:data"]}

ROUTED: list[tuple[Payload, list[list[str]]]] = [
    ({"filter": TEAM, "recipients": ["slack-x", "a@b.example"]}, [["@slack-x", "@a@b.example"]] * 2),
    ({"filter": {"tags": ["TEAM:Data", "host:a"]}, "recipients": ["slack-x"]}, [["@slack-x"]] * 2),
    ({"filter": {"tags": ["team:data", "host:b"]}, "recipients": ["slack-x"]}, [[], []]),
    ({"filter": {"scope": "team:data AND NOT host:(b OR c)"}, "recipients": ["slack-x"]}, [["@slack-x"]] * 2),
    ({"filter": {"scope": "team:(((("}, "recipients": ["slack-x"]}, [[], []]),
    ({"filter": TEAM, "conditional_recipients": ALERT_ONLY}, [["@pagerduty-x"], []]),
    ({"filter": TEAM, "conditional_recipients": WITH_FALLBACK}, [["@pagerduty-x"], ["@slack-x"]]),
    ({"filter": TEAM, "conditional_recipients": BY_TAG}, [["@two"]] * 2),
]


@pytest.fixture
def server() -> Iterator[Driven]:
    with driven() as found:
        found.push([1.0] * 3 + [9.0] * 9 + [1.0] * 18)
        yield found


def add_rule(server: Driven, **attributes: Any) -> None:
    sent = {"data": {"type": "monitor-notification-rule", "attributes": {"name": "r", **attributes}}}
    answer = server.call("POST", "/api/v2/monitor/notification_rule", sent)
    assert answer.status == 200, answer.body


@pytest.mark.parametrize(("rule", "expected"), ROUTED, ids=range(len(ROUTED)))
def test_a_rule_tells_whom_it_names(server: Driven, rule: Payload, expected: list[list[str]]) -> None:
    server.monitor(message="No handle.", priority=2)
    add_rule(server, **rule)
    server.advance("20m")
    assert [each["handles"] for each in server.told()] == expected


def test_who_is_named_twice_is_told_once(server: Driven) -> None:
    server.monitor(message="@slack-x")
    add_rule(server, filter=TEAM, recipients=["slack-x"])
    server.advance("20m")
    assert [each["handles"] for each in server.told()] == [["@slack-x"]] * 2


def test_a_draft_tells_nobody(server: Driven) -> None:
    monitor = server.monitor(draft_status="draft")
    add_rule(server, filter=TEAM, recipients=["slack-x"])
    server.advance("10m")
    assert server.state(monitor) == "Alert"
    assert [(each["muted"], each["handles"]) for each in server.told()] == [(True, [])]


def test_a_rule_that_nobody_could_write_tells_nobody(server: Driven) -> None:
    server.monitor(message="")
    saved = server.call("GET", "/_toban/state").body
    body = '{"attributes": {"filter": {"tags": 7}, "conditional_recipients": {"conditions": [{}]}}}'
    saved["tables"]["resource"].append(["monitor-notification-rule", "x", body, "{}", None])
    assert server.call("PUT", "/_toban/state", saved).status == 200
    server.advance("10m")
    assert [each["handles"] for each in server.told()] == [[]]
