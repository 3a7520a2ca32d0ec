"""What every answer has in common: keys, headers, errors, and requests that are not what they should be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from generator.localdog.gate import Keys
from generator.localdog.server import Begin, embedded
from tests.localdog.client import Client, Payload


def test_any_keys_are_good_unless_told_which(call: Client) -> None:
    assert call("GET", "/api/v1/validate")[:2] == (200, {"valid": True})


@pytest.mark.parametrize(
    ("headers", "path", "status", "words"),
    [
        ({"DD_API_KEY": "a", "DD_APPLICATION_KEY": "b"}, "/api/v1/monitor", 200, None),
        ({"DD_API_KEY": "a"}, "/api/v1/validate", 200, None),
        ({"DD_API_KEY": "a"}, "/api/v1/monitor", 403, "Forbidden"),
        ({"DD_API_KEY": "a", "DD_APPLICATION_KEY": "x"}, "/api/v1/monitor", 403, "Forbidden"),
        ({"DD_API_KEY": "x", "DD_APPLICATION_KEY": "b"}, "/api/v1/validate", 403, "Forbidden"),
        ({"DD_APPLICATION_KEY": "b"}, "/api/v1/monitor", 403, "API key required"),
    ],
)
def test_known_keys_are_asked_for(
    connect: Callable[[str], Client], headers: dict[str, str], path: str, status: int, words: str
) -> None:
    with embedded(None, begin=Begin(Keys("a", "b"))) as url:
        answer = connect(url)("GET", path, **headers)
    assert answer.status == status
    if words is not None:
        assert answer.body["errors"] == [words]


BOTH = {"DD_API_KEY": "a", "DD_APPLICATION_KEY": "b"}
READING = {"DD_API_KEY": "a", "DD_APPLICATION_KEY": "r"}
ENTRIES: list[tuple[dict[str, str], str, str, int]] = [
    (READING, "GET", "/api/v1/monitor", 200),
    (READING, "POST", "/api/v1/monitor/validate", 200),
    (READING, "POST", "/api/v1/monitor", 403),
    (READING, "DELETE", "/api/v1/monitor/7", 403),
    (BOTH, "DELETE", "/api/v1/monitor/7", 404),
    ({"DD_API_KEY": "a"}, "POST", "/api/v1/series", 400),
    ({}, "POST", "/api/v1/series", 403),
    ({}, "GET", "/api/v2/downtime", 401),
    ({"DD_API_KEY": "a"}, "GET", "/api/v2/downtime", 401),
    ({"DD_API_KEY": "a", "DD_APPLICATION_KEY": "x"}, "GET", "/api/v2/downtime", 403),
    (BOTH, "GET", "/api/v2/downtime", 200),
    ({}, "GET", "/api/v1/monitor?api_key=a&application_key=b", 200),
    ({}, "GET", "/api/v1/monitor?api_key=a&application_key=x", 403),
]


@pytest.fixture(scope="module")
def guarded() -> Iterator[Client]:
    """A server that knows its keys."""
    with embedded(None, begin=Begin(Keys("a", "b", "r"))) as url, closing(Client(url)) as client:
        yield client


@pytest.mark.parametrize("entry", ENTRIES)
def test_each_kind_of_key_enters_where_it_may(
    guarded: Client, monitor: Payload, entry: tuple[dict[str, str], str, str, int]
) -> None:
    headers, method, path, status = entry
    answer = guarded(method, path, monitor if method == "POST" else None, **headers)
    assert answer.status == status, answer.body
    if status == 401:
        assert answer.body == {"errors": ["Unauthorized"]}


def test_keys_are_not_written_down(guarded: Client) -> None:
    guarded("GET", "/api/v1/monitor?page=0&application_key=b&api_key=a&name=c", **BOTH)
    newest = guarded("GET", "/_toban/requests?most=1").body["requests"][0]
    assert newest["query"] == "page=0&application_key=hidden&api_key=hidden&name=c"


def test_the_page_and_the_admin_endpoints_ask_for_no_key(guarded: Client) -> None:
    assert guarded("GET", "/_toban/faults").status == 200


@pytest.mark.parametrize("path", ["/api/v1/validate", "/api/v1/monitor/1", "/api/v1/nothing"])
def test_every_answer_tells_what_is_left_of_the_rate_limit(call: Client, path: str) -> None:
    headers = call("GET", path).headers
    limit, remaining, reset = (int(headers[f"X-RateLimit-{part}"]) for part in ("Limit", "Remaining", "Reset"))
    assert 0 <= remaining < limit
    assert 0 < reset <= int(headers["X-RateLimit-Period"])
    assert headers["X-RateLimit-Name"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/nothing"), ("PATCH", "/api/v1/monitor"), ("GET", "/nothing"), ("POST", "/api/v1/monitor/")],
)
def test_an_unknown_route_is_not_found(call: Client, method: str, path: str) -> None:
    answer = call(method, path)
    assert answer.status == 404
    assert answer.body["errors"] == ["Not found"]


HOSTILE = {
    "no JSON": b"{",
    "no UTF-8": b'{"name": "\xff"}',
    "half a surrogate": b'{"type":"metric alert","query":"\\ud800"}',
    "a low surrogate": b'{"type":"metric alert","query":"\\udc00"}',
    "an array": b"[]",
    "null": b"null",
    "nothing": b"",
    "not a number": b'{"type": NaN}',
    "a number beyond floats": b'{"type": 1e999}',
    "a long number": b'{"type": ' + b"9" * 100_000 + b"}",
    "deep": b'{"a":' * 100_000,
    "deep and closed": b'{"options":' + b"[" * 500 + b"]" * 500 + b"}",
    "too large": b'{"message": "' + b"x" * 6_000_000 + b'"}',
    "a list as type": b'{"type": [], "query": "a"}',
    "a number as query": b'{"type": "metric alert", "query": 7}',
    "a text as options": b'{"type": "metric alert", "query": "a", "options": "x"}',
    "a text as thresholds": b'{"type": "metric alert", "query": "a", "options": {"thresholds": "x"}}',
    "a number as tag": b'{"type": "metric alert", "query": "a", "tags": [1]}',
    "a text as variables": b'{"type": "query alert", "query": "a", "options": {"variables": "x"}}',
    "parentheses": b'{"type": "metric alert", "query": "avg(last_5m):' + b"(" * 50_000 + b'"}',
    "a composite of parentheses": b'{"type": "composite", "query": "' + b"(" * 50_000 + b'"}',
    "a composite of a huge id": b'{"type": "composite", "query": "' + b"9" * 10_000 + b'"}',
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("path", ["/api/v1/monitor", "/api/v1/monitor/validate", "/api/v1/dashboard"])
def test_a_hostile_body_is_refused_and_the_server_lives_on(call: Client, path: str, name: str) -> None:
    answer = call("POST", path, HOSTILE[name])
    assert answer.status == 400
    assert set(answer.body) == {"errors"}
    assert call("GET", "/api/v1/validate").status == 200


def test_texts_of_all_languages_come_back(call: Client, monitor: Payload) -> None:
    name = "夜間集計 🔥 \u2028 'quoted\" \\ {{host.name}}"
    created = call("POST", "/api/v1/monitor", {**monitor, "name": name, "tags": ["チーム:データ"]}).body
    assert call("GET", f"/api/v1/monitor/{created['id']}").body["name"] == name
    assert call("GET", "/api/v1/monitor?monitor_tags=%E3%83%81%E3%83%BC%E3%83%A0:%E3%83%87%E3%83%BC%E3%82%BF").body


def test_the_clock_of_the_caller_dates_monitors_and_counts_the_rate_limit(
    connect: Callable[[str], Client], monitor: Payload
) -> None:
    moment = datetime(2026, 2, 9, 19, 47, 8, tzinfo=UTC)
    with embedded(None, clock=lambda: moment) as url:
        call = connect(url)
        created = call("POST", "/api/v1/monitor", monitor)
        again = call("POST", "/api/v1/monitor", {**monitor, "name": "another"})
    assert created.body["created"] == "2026-02-09T19:47:08.000000+00:00"
    assert created.body["created_at"] == 1770666428000
    assert created.headers["X-RateLimit-Reset"] == "2"
    assert int(created.headers["X-RateLimit-Remaining"]) - int(again.headers["X-RateLimit-Remaining"]) == 1
