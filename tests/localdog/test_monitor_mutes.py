"""Muting and unmuting monitors by the old calls."""

from __future__ import annotations

import pytest

from tests.localdog.client import Client, Payload


@pytest.fixture
def path(call: Client, monitor: Payload) -> str:
    return f"/api/v1/monitor/{call('POST', '/api/v1/monitor', monitor).body['id']}"


MUTES: list[tuple[Payload, Payload]] = [
    ({}, {"*": None}),
    ({"end": None, "scope": []}, {"*": None}),
    ({"scope": "host:a", "end": 4_000_000_000}, {"host:a": 4_000_000_000}),
    ({"scope": ["host:a", "env:b"]}, {"host:a,env:b": None}),
]


@pytest.mark.parametrize(("sent", "silenced"), MUTES)
def test_a_mute_is_kept_in_the_options(call: Client, path: str, sent: Payload, silenced: Payload) -> None:
    muted = call("POST", f"{path}/mute", sent)
    assert muted.status == 200
    assert muted.body["options"]["silenced"] == silenced
    assert call("GET", path).body["options"]["silenced"] == silenced
    assert "creator" not in muted.body


def test_an_update_keeps_the_mute(call: Client, path: str) -> None:
    call("POST", f"{path}/mute", {})
    assert call("PUT", path, {"options": {}}).body["options"]["silenced"] == {"*": None}


def test_an_unmute_ends_one_scope_or_all(call: Client, path: str, monitor: Payload) -> None:
    for scope in ("host:a", "host:b"):
        call("POST", f"{path}/mute", {"scope": scope})
    assert call("POST", f"{path}/unmute", {"scope": "host:a"}).body["options"]["silenced"] == {"host:b": None}
    assert call("POST", f"{path}/unmute", {"all_scopes": True}).body["options"]["silenced"] == {}
    assert call("POST", f"{path}/unmute", {"all_scopes": True}).status == 200
    again = call("POST", f"{path}/unmute", {})
    assert (again.status, again.body) == (400, {"errors": [f'metric alert "{monitor["name"]}" is already unmuted']})


def test_everything_is_muted_at_once(call: Client) -> None:
    refused = call("POST", "/api/v1/monitor/unmute_all", {})
    assert (refused.status, refused.body["errors"]) == (400, ["Monitoring is not currently globally muted"])
    assert call("POST", "/api/v1/monitor/mute_all", {}).body["scope"] == ["*"]
    assert call("POST", "/api/v1/monitor/unmute_all", {}).status == 204
    assert call("POST", "/api/v1/monitor/unmute_all", {}).status == 400


@pytest.mark.parametrize("sent", [{"end": "soon"}, {"scope": 7}, {"scope": [7]}, {"end": True}])
def test_a_mute_of_odd_values_is_refused(call: Client, path: str, sent: Payload) -> None:
    assert call("POST", f"{path}/mute", sent).status == 400


def test_an_unknown_monitor_cannot_be_muted(call: Client) -> None:
    assert call("POST", "/api/v1/monitor/7/mute", {}).body == {"errors": ["Monitor not found"]}
