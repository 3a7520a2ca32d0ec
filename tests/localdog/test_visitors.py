"""Browsers of other sites change nothing, by whatever name they come."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.localdog.gate import Keys
from generator.localdog.server import Begin, embedded
from tests.localdog.client import Client, Payload

WRITES = (
    ("POST", "/api/v1/monitor"),
    ("DELETE", "/api/v1/monitor/7"),
    ("POST", "/_toban/reset"),
    ("PUT", "/_toban/faults"),
)


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://["])
def test_another_site_changes_nothing(call: Client, monitor: Payload, method: str, path: str, origin: str) -> None:
    call("POST", "/api/v1/monitor", monitor)
    assert call(method, path, {}, Origin=origin).status == 403
    assert len(call("GET", "/api/v1/monitor").body) == 1


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8126", "127.0.0.1.evil.example", "localhost.evil.example", "["]
)
def test_a_name_of_the_internet_is_not_answered(call: Client, host: str) -> None:
    for path in ("/api/v1/monitor", "/_toban/state", "/"):
        assert call("GET", path, Host=host).status == 403


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:8126", "dog", "host.docker.internal", "10.0.0.7:80"]
)
def test_names_of_this_machine_and_its_networks_are_answered(call: Client, host: str) -> None:
    assert call("GET", "/api/v1/monitor", Host=host).status == 200


def test_where_keys_are_asked_for_the_api_has_no_other_fence(connect: Callable[[str], Client]) -> None:
    with embedded(None, begin=Begin(keys=Keys("a", "b"))) as url:
        call = connect(url)
        keys = {"DD_API_KEY": "a", "DD_APPLICATION_KEY": "b", "Host": "dog.example"}
        assert call("GET", "/api/v1/monitor", **keys).status == 200
        assert call("GET", "/api/v1/monitor", Host="dog.example").status == 403
        assert call("GET", "/_toban/state", **keys).status == 403
