"""Downtimes and mutes hold back what is told, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.localdog.client import Payload
from tests.localdog.evaluated import START, Driven, driven

FLAPPING = [1.0] * 5 + [9.0] * 20 + [1.0] * 20 + [9.0] * 60
ALERT_AND_BACK = [("08:07", "host:a", "Alert"), ("08:27", "host:a", "OK"), ("08:47", "host:a", "Alert")]


@pytest.fixture
def server() -> Iterator[Driven]:
    with driven() as found:
        found.monitor()
        found.push(FLAPPING)
        yield found


def monitor_id(server: Driven) -> int:
    found: int = server.call("GET", "/api/v1/monitor").body[0]["id"]
    return found


def downtime(server: Driven, **attributes: Any) -> str:
    whole = {"monitor_identifier": {"monitor_tags": ["team:data"]}, "scope": "*", **attributes}
    answer = server.call("POST", "/api/v2/downtime", {"data": {"type": "downtime", "attributes": whole}})
    assert answer.status == 200, answer.body
    found: str = answer.body["data"]["id"]
    return found


def until(clock: str) -> Payload:
    return {"start": "2027-01-12T08:00:00+00:00", "end": f"2027-01-12T{clock}:00+00:00"}


def test_without_any_all_is_told(server: Driven) -> None:
    server.advance("60m")
    assert server.changes() == ALERT_AND_BACK


def test_a_muted_monitor_changes_its_state_and_tells_nobody(server: Driven) -> None:
    server.call("POST", f"/api/v1/monitor/{monitor_id(server)}/mute", {})
    server.advance("10m")
    assert server.state(monitor_id(server)) == "Alert"
    assert server.changes() == []
    told = server.told()
    assert [(each["muted"], each["handles"], each["status"]) for each in told] == [(True, [], "Alert")]


def test_a_mute_may_end(server: Driven) -> None:
    server.call("POST", f"/api/v1/monitor/{monitor_id(server)}/mute", {"end": START + 40 * 60})
    server.advance("60m")
    assert server.changes() == ALERT_AND_BACK[2:]


@pytest.mark.parametrize(("scope", "expected"), [("host:a", []), ("host:b", ALERT_AND_BACK)])
def test_a_mute_may_be_of_some_groups(server: Driven, scope: str, expected: list[tuple[str, str, str]]) -> None:
    server.call("POST", f"/api/v1/monitor/{monitor_id(server)}/mute", {"scope": scope})
    server.advance("60m")
    assert server.changes() == expected


def test_all_monitors_are_muted_and_unmuted(server: Driven) -> None:
    server.call("POST", "/api/v1/monitor/mute_all")
    server.advance("40m")
    assert server.changes() == []
    server.call("POST", "/api/v1/monitor/unmute_all")
    server.advance("20m")
    assert server.changes() == ALERT_AND_BACK[2:]


def test_a_downtime_holds_back_what_its_scope_names(server: Driven) -> None:
    server.push(FLAPPING, host="b")
    downtime(server, scope="host:a", schedule=until("08:40"))
    server.advance("60m")
    assert [each for each in server.changes() if each[1] == "host:a"] == ALERT_AND_BACK[2:]
    assert len([each for each in server.changes() if each[1] == "host:b"]) == 3


def test_what_a_downtime_hid_is_told_at_its_end(server: Driven) -> None:
    downtime(server, schedule=until("08:15"))
    server.advance("20m")
    assert server.changes() == [("08:15", "host:a", "Alert")]


def test_a_canceled_downtime_no_longer_holds(server: Driven) -> None:
    found = downtime(server, schedule=until("23:00"))
    server.advance("20m")
    server.call("DELETE", f"/api/v2/downtime/{found}")
    server.advance("40m")
    assert ("08:47", "host:a", "Alert") in server.changes()


def test_a_downtime_of_other_monitors_changes_nothing(server: Driven) -> None:
    downtime(server, monitor_identifier={"monitor_tags": ["team:web"]}, schedule=until("23:00"))
    server.advance("60m")
    assert server.changes() == ALERT_AND_BACK


def test_what_cannot_be_read_of_a_downtime_is_said(server: Driven) -> None:
    downtime(server, scope="host:(((", schedule=until("23:00"))
    server.advance("10m")
    assert "a downtime whose scope cannot be read" in server.why_not(monitor_id(server))
