"""Composites follow the states of their parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.localdog.evaluated import Driven, driven


@pytest.fixture
def server() -> Iterator[Driven]:
    with driven() as found:
        yield found


def part(server: Driven, metric: str, by: str = "") -> int:
    return server.monitor(f"avg(last_1m):avg:{metric}{{*}}{by} > 5", name=metric, message="")


def composite(server: Driven, query: str) -> int:
    sent = {
        "type": "composite",
        "name": "Both",
        "message": "{{#is_alert}}Both. @slack-ops{{/is_alert}}",
        "query": query,
    }
    found: int = server.call("POST", "/api/v1/monitor", sent).body["id"]
    return found


def of_composite(server: Driven, monitor: int) -> list[tuple[str, str]]:
    return [(each["at"][11:16], each["status"]) for each in server.told(monitor=monitor)]


@pytest.mark.parametrize(
    "steps", [["30m"], ["1m"] * 30, ["7m", "1m", "22m"]], ids=["at once", "each minute", "in parts"]
)
def test_both_parts_alert(server: Driven, steps: list[str]) -> None:
    server.push([1.0] * 5 + [9.0] * 15 + [1.0] * 20, metric="a")
    server.push([1.0] * 10 + [9.0] * 15 + [1.0] * 20, metric="b")
    both = composite(server, f"{part(server, 'a')} && {part(server, 'b')}")
    for step in steps:
        server.advance(step)
    assert of_composite(server, both) == [("08:10", "Alert"), ("08:20", "OK")]
    assert server.state(both) == "OK"
    assert server.told(monitor=both)[0]["handles"] == ["@slack-ops"]


def test_a_part_that_never_had_data_is_no_alert(server: Driven) -> None:
    server.push([9.0] * 30, metric="a")
    a, b = part(server, "a"), part(server, "b")
    either, both = composite(server, f"{a} || {b}"), composite(server, f"{a} && {b}")
    server.advance("10m")
    assert (server.state(either), server.state(both)) == ("Alert", "OK")


def test_groups_that_the_parts_share_are_told_apart(server: Driven) -> None:
    for metric, host, value in (("a", "x", 9.0), ("a", "y", 9.0), ("b", "x", 9.0), ("b", "y", 1.0), ("b", "z", 9.0)):
        server.push([value] * 20, metric=metric, host=host)
    both = composite(server, f"{part(server, 'a', ' by {host}')} && {part(server, 'b', ' by {host}')}")
    server.advance("10m")
    assert server.groups(both) == {"host:x": "Alert", "host:y": "OK"}


def test_a_part_that_is_not_evaluated_is_named(server: Driven) -> None:
    log = 'logs("*").index("*").rollup("count").last("5m") > 5'
    sent = {"type": "log alert", "name": "l", "message": "", "query": log, "options": {"thresholds": {"critical": 5}}}
    other = server.call("POST", "/api/v1/monitor", sent).body["id"]
    server.push([9.0] * 20, metric="a")
    both = composite(server, f"{part(server, 'a')} && {other}")
    server.advance("10m")
    assert server.state(both) == "No Data"
    assert f"its part `{other}`: a monitor of this type" in server.why_not(both)
