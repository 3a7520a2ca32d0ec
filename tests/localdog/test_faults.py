"""Faults on request: what strikes which request, what the client sees, and what is in the database afterwards."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from generator.localdog.fault import ScenarioUnreadable, read_scenario
from generator.localdog.server import embedded
from tests.localdog.client import Answer, Client, Payload

FAULTS = "/_toban/faults"
SCENARIOS = Path("docs/faults")
CUT = (OSError, http.client.HTTPException)
LOST = "no answer"


def set_faults(call: Client, *faults: Payload, **fields: Any) -> None:
    answer = call("PUT", FAULTS, {"faults": list(faults), **fields})
    assert answer.status == 200, answer.body


def attempt(call: Client, method: str, path: str, body: object = None, **headers: str) -> Answer | str:
    """Send a request on a connection of its own."""
    client = Client(call.url)
    try:
        return client(method, path, body, **headers)
    except CUT:
        return LOST
    finally:
        client.close()


def statuses(call: Client, count: int, method: str = "GET", path: str = "/api/v1/monitor") -> list[int]:
    return [call(method, path).status for _ in range(count)]


def names(call: Client) -> list[str]:
    return [found["name"] for found in call("GET", "/api/v1/monitor").body]


def test_without_a_scenario_nothing_goes_wrong(call: Client) -> None:
    assert statuses(call, 3) == [200, 200, 200]
    assert call("GET", FAULTS).body == {"name": "", "seed": 0, "faults": [], "rate_limits": {}}


CHOICES = [
    ({"nth": 2}, [200, 500, 200, 200, 200, 200]),
    ({"nth": [1, 4]}, [500, 200, 200, 500, 200, 200]),
    ({"first": 2}, [500, 500, 200, 200, 200, 200]),
    ({"every": 3}, [200, 200, 500, 200, 200, 500]),
    ({"share": 0}, [200] * 6),
    ({"share": 1}, [500] * 6),
    ({}, [500] * 6),
]


@pytest.mark.parametrize(("when", "expected"), CHOICES, ids=[str(when) for when, _ in CHOICES])
def test_a_fault_strikes_those_of_the_matching_requests_that_it_names(
    call: Client, when: Payload, expected: list[int]
) -> None:
    set_faults(call, {"when": {"path": "/api/v1/monitor", **when}, "do": {"status": 500}})
    call("GET", "/api/v1/validate")
    assert statuses(call, 6) == expected


MATCHING: list[tuple[Payload, tuple[str, str, object]]] = [
    ({"method": "POST"}, ("POST", "/api/v1/monitor/validate", {})),
    ({"method": "post"}, ("POST", "/api/v1/monitor/validate", {})),
    ({"path": "/api/v1/monitor/*"}, ("GET", "/api/v1/monitor/7", None)),
    ({"query": "monitor_tags="}, ("GET", "/api/v1/monitor?monitor_tags=a:b", None)),
    ({"body": "load"}, ("POST", "/api/v1/monitor", {"name": "the load"})),
    ({"body": {"name": "load"}}, ("POST", "/api/v1/monitor", {"name": "load", "type": "x"})),
]
OTHERS: list[tuple[Payload, tuple[str, str, object]]] = [
    ({"method": "POST"}, ("GET", "/api/v1/monitor", None)),
    ({"path": "/api/v1/monitor/*"}, ("GET", "/api/v1/monitor", None)),
    ({"query": "monitor_tags="}, ("GET", "/api/v1/monitor?page=0", None)),
    ({"body": "load"}, ("POST", "/api/v1/monitor", {"name": "the disk"})),
    ({"body": {"name": "load"}}, ("POST", "/api/v1/monitor", {"name": "the load"})),
    ({"body": {"name": "load"}}, ("POST", "/api/v1/monitor", b"{")),
]


@pytest.mark.parametrize(("when", "request_"), MATCHING)
def test_a_request_matches_by_method_path_query_and_body(
    call: Client, when: Payload, request_: tuple[str, str, object]
) -> None:
    set_faults(call, {"when": when, "do": {"status": 503}})
    assert call(*request_).status == 503


@pytest.mark.parametrize(("when", "request_"), OTHERS)
def test_a_request_that_differs_in_one_of_these_is_left_alone(
    call: Client, when: Payload, request_: tuple[str, str, object]
) -> None:
    set_faults(call, {"when": when, "do": {"status": 503}})
    assert call(*request_).status != 503


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 512])
def test_a_status_is_answered_instead_of_carrying_the_request_out(call: Client, monitor: Payload, status: int) -> None:
    set_faults(call, {"when": {"method": "POST"}, "do": {"status": status}})
    answer = call("POST", "/api/v1/monitor", monitor)
    assert answer.status == status
    assert answer.body["errors"]
    assert int(answer.headers["X-RateLimit-Period"]) >= int(answer.headers["X-RateLimit-Reset"]) > 0
    assert (answer.headers["X-RateLimit-Remaining"] == "0") is (status == 429)
    assert names(call) == []


def test_a_status_may_come_after_the_request_was_carried_out(call: Client, monitor: Payload) -> None:
    set_faults(call, {"when": {"method": "POST"}, "do": {"status": 504, "after_write": True}})
    assert call("POST", "/api/v1/monitor", monitor).status == 504
    assert names(call) == [monitor["name"]]


def test_a_status_may_have_headers_and_a_body_of_its_own(call: Client) -> None:
    set_faults(call, {"do": {"status": 503, "headers": {"Retry-After": "7"}, "body": {"errors": ["later"]}}})
    answer = call("GET", "/api/v1/monitor")
    assert (answer.body, answer.headers["Retry-After"]) == ({"errors": ["later"]}, "7")


@pytest.mark.parametrize(("reset", "kept"), [("before_write", 0), ("after_write", 1)])
def test_a_reset_connection_leaves_the_request_undone_or_done(
    call: Client, monitor: Payload, reset: str, kept: int
) -> None:
    set_faults(call, {"when": {"method": "POST", "nth": 1}, "do": {"reset": reset}})
    client = Client(call.url)
    with pytest.raises(ConnectionResetError):
        client("POST", "/api/v1/monitor", monitor)
    client.close()
    assert len(names(call)) == kept
    again = attempt(call, "POST", "/api/v1/monitor", monitor)
    assert isinstance(again, Answer)
    assert again.status == (400 if kept else 200)


def test_half_an_answer_breaks_off_after_the_request_was_carried_out(call: Client, monitor: Payload) -> None:
    set_faults(call, {"when": {"method": "POST"}, "do": {"half": True}})
    client = Client(call.url)
    with pytest.raises(http.client.IncompleteRead):
        client("POST", "/api/v1/monitor", monitor)
    client.close()
    assert names(call) == [monitor["name"]]


def test_an_answer_of_another_kind_is_no_json(call: Client) -> None:
    set_faults(call, {"do": {"content_type": "text/html"}})
    client = Client(call.url)
    with pytest.raises(json.JSONDecodeError):
        client("GET", "/api/v1/monitor")
    client.close()


def test_refused_connections_come_back_after_the_time(call: Client) -> None:
    set_faults(call, {"when": {"nth": 1}, "do": {"refuse_seconds": 0.2}})
    assert attempt(call, "GET", "/api/v1/monitor") == LOST
    client = Client(call.url)
    with pytest.raises(ConnectionRefusedError):
        client("GET", "/api/v1/monitor")
    call.close()
    answer = attempt(call, "GET", "/api/v1/monitor")
    while answer == LOST:
        time.sleep(0.01)
        answer = attempt(call, "GET", "/api/v1/monitor")
    assert isinstance(answer, Answer)
    assert answer.status == 200


def test_a_stale_list_shows_what_was_there_when_the_fault_was_set(call: Client, monitor: Payload) -> None:
    call("POST", "/api/v1/monitor", monitor)
    set_faults(call, {"when": {"method": "GET", "path": "/api/v1/monitor", "first": 1}, "do": {"stale": True}})
    call("POST", "/api/v1/monitor", {**monitor, "name": "newer"})
    assert names(call) == [monitor["name"]]
    assert names(call) == [monitor["name"], "newer"]


def test_a_header_asks_for_a_stale_answer_only_where_a_moment_was_set(call: Client, monitor: Payload) -> None:
    asked = {"X_Toban_Fault": "{stale: true}"}
    refusal = call("GET", "/api/v1/monitor", **asked)
    assert refusal.status == 400
    assert "PUT one first" in refusal.body["errors"][0]
    set_faults(call, {"when": {"path": "/none"}, "do": {"stale": True}})
    call("POST", "/api/v1/monitor", monitor)
    assert call("GET", "/api/v1/monitor", **asked).body == []


@pytest.mark.parametrize("deed", ['{content_type: "a\\r\\nb: c"}', "{delay: {uniform: [3, 1]}}"])
def test_what_cannot_be_done_is_refused(call: Client, deed: str) -> None:
    assert call("GET", "/api/v1/validate", X_Toban_Fault=deed).status == 400


def test_a_refusal_for_the_rate_is_the_same_from_a_limit_and_from_a_fault(call: Client) -> None:
    asked = call("GET", "/api/v1/validate", X_Toban_Fault="{status: 429}")
    call("PUT", FAULTS, {"rate_limits": {"default": {"limit": 1, "period_seconds": 600}}})
    limited = [call("GET", "/api/v1/validate") for _ in range(3)][-1]
    assert (asked.status, asked.body) == (limited.status, limited.body) == (429, {"errors": ["Too many requests"]})


def test_only_reads_are_stale(call: Client, monitor: Payload) -> None:
    set_faults(call, {"do": {"stale": True}})
    created = call("POST", "/api/v1/monitor", monitor).body
    assert names(call) == []
    call("DELETE", FAULTS)
    assert call("GET", f"/api/v1/monitor/{created['id']}").status == 200


def test_delays_add_up_and_the_answer_is_the_same(call: Client, monitor: Payload) -> None:
    set_faults(
        call,
        {"when": {"method": "POST"}, "do": {"delay": 0.02}},
        {"do": {"delay": {"uniform": [0.01, 0.02]}}},
        {"when": {"method": "POST"}, "do": {"delay": 0.01, "status": 500, "after_write": True}},
    )
    assert call("POST", "/api/v1/monitor", monitor).status == 500
    newest = call("GET", "/_toban/requests?most=1").body["requests"][0]
    assert newest["milliseconds"] >= 40


@pytest.mark.parametrize("delay", [{"normal": [0.001, 0.001]}, {"exponential": 0.001}, {"exponential": 0}, 0])
def test_delays_may_be_drawn(call: Client, delay: object) -> None:
    set_faults(call, {"do": {"delay": delay}})
    assert statuses(call, 3) == [200, 200, 200]


def test_of_several_faults_the_first_is_carried_out_and_each_counts_its_own(call: Client) -> None:
    set_faults(
        call,
        {"when": {"nth": 2}, "do": {"status": 502}},
        {"when": {"path": "/api/v1/monitor", "nth": [2, 3]}, "do": {"status": 503}},
    )
    assert statuses(call, 4) == [200, 502, 503, 200]
    told = [(fault["matched"], fault["struck"]) for fault in call("GET", FAULTS).body["faults"]]
    assert told == [(4, 1), (4, 2)]


def test_setting_a_scenario_again_counts_anew(call: Client) -> None:
    for _ in range(2):
        set_faults(call, {"when": {"nth": 2}, "do": {"status": 502}})
        assert statuses(call, 3) == [200, 502, 200]


def test_a_seed_draws_the_same_again(call: Client) -> None:
    runs = []
    for seed in (1, 1, 2):
        set_faults(call, {"when": {"share": 0.5}, "do": {"status": 500}}, seed=seed)
        runs.append(statuses(call, 30))
    assert runs[0] == runs[1] != runs[2]


def test_a_header_asks_for_a_fault_of_one_request(call: Client, monitor: Payload) -> None:
    asked = {"X_Toban_Fault": "{status: 504, after_write: true}"}
    assert call("POST", "/api/v1/monitor", monitor, **asked).status == 504
    assert names(call) == [monitor["name"]]
    assert attempt(call, "GET", "/api/v1/monitor", X_Toban_Fault="reset: before_write") == LOST
    refused = call("GET", "/api/v1/monitor", X_Toban_Fault="status: high")
    assert refused.status == 400
    assert "x-toban-fault: " in refused.body["errors"][0]


def test_the_last_requests_tell_what_struck_them(call: Client, monitor: Payload) -> None:
    call("DELETE", "/_toban/requests")
    set_faults(call, {"when": {"method": "POST", "nth": 1}, "do": {"reset": "after_write"}})
    attempt(call, "POST", "/api/v1/monitor", monitor)
    call("GET", "/api/v1/monitor?page=0")
    newest, lost = call("GET", "/_toban/requests").body["requests"]
    assert (newest["number"], newest["method"], newest["path"], newest["query"], newest["status"]) == (
        2, "GET", "/api/v1/monitor", "page=0", 200,
    )  # fmt: skip
    assert (lost["status"], lost["fault"]) == (None, '{"reset":"after_write"}')
    assert json.loads(lost["body"])["name"] == monitor["name"]


def test_deleting_the_faults_ends_them(call: Client) -> None:
    set_faults(call, {"do": {"status": 500}})
    assert call("DELETE", FAULTS).status == 200
    assert statuses(call, 1) == [200]


def test_a_reset_leaves_nothing_and_gives_no_id_twice(call: Client, monitor: Payload) -> None:
    first = call("POST", "/api/v1/monitor", monitor).body["id"]
    set_faults(call, {"do": {"status": 500}})
    assert call("POST", "/_toban/reset").status == 200
    assert names(call) == []
    assert call("POST", "/api/v1/monitor", monitor).body["id"] > first


UNREADABLE = {
    "an unknown key": "fautls: []",
    "an unknown deed": "faults: [{do: {explode: true}}]",
    "nothing to do": "faults: [{do: {}}]",
    "two deeds": "faults: [{do: {status: 500, half: true}}]",
    "two choices": "faults: [{when: {nth: 1, first: 2}, do: {half: true}}]",
    "the zeroth": "faults: [{when: {nth: 0}, do: {half: true}}]",
    "a delay of two kinds": "faults: [{do: {delay: {uniform: [0, 1], exponential: 2}}}]",
    "a delay without end": "faults: [{do: {delay: 1e9}}]",
    "no number": "faults: [{do: {delay: .nan}}]",
    "a broken header": 'faults: [{do: {status: 500, headers: {"a\\r\\nb": "c"}}}]',
    "no YAML": "faults: [",
    "a list": "[]]",
    "an object of Python": "!!python/object/apply:os.system ['true']",
    "aliases of aliases": "a: &a [x,x]\nb: &b [*a,*a]\nfaults: *b",
    "a text": "nothing",
    "too much": "#" * 300_000,
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_unreadable_scenario_is_refused_and_changes_nothing(call: Client, name: str) -> None:
    set_faults(call, {"do": {"status": 503}})
    answer = call("PUT", FAULTS, UNREADABLE[name].encode())
    assert answer.status == 400
    assert len(answer.body["errors"]) == 1
    assert statuses(call, 1) == [503]


def test_another_site_may_not_set_faults(call: Client) -> None:
    answer = call("PUT", FAULTS, {"faults": []}, Origin="https://example.com")
    assert answer.status == 403
    assert call("PUT", FAULTS, {"faults": []}, Origin=call.url).status == 200


@pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_scenario_that_users_are_given_can_be_read(call: Client, path: Path) -> None:
    assert read_scenario(path.read_text()).name
    assert call("PUT", FAULTS, path.read_bytes()).status == 200


def test_words_about_a_scenario_name_the_place() -> None:
    with pytest.raises(ScenarioUnreadable, match=r"\$\.faults\[0\]\.do\.status"):
        read_scenario("faults: [{do: {status: high}}]")


LIMIT = {"rate_limits": {"monitor_create": {"limit": 2, "period_seconds": 3600}}}


def test_a_bucket_refuses_what_is_above_its_limit(call: Client, monitor: Payload) -> None:
    call("PUT", FAULTS, LIMIT)
    answers = [call("POST", "/api/v1/monitor", {**monitor, "name": str(number)}) for number in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"2"}
    assert {answer.headers["X-RateLimit-Name"] for answer in answers} == {"monitor_create"}
    assert answers[2].body["errors"] == ["Too many requests"]
    assert statuses(call, 3) == [200, 200, 200]
    assert len(names(call)) == 2


def test_the_default_limit_holds_for_each_bucket_alone(call: Client) -> None:
    call("PUT", FAULTS, {"rate_limits": {"default": {"limit": 1, "period_seconds": 3600}}})
    assert [call("GET", path).status for path in ("/api/v1/monitor", "/api/v1/monitor/7", "/api/v1/dashboard")] == [
        200, 404, 200,
    ]  # fmt: skip
    assert statuses(call, 1) == [429]


def test_an_empty_bucket_is_full_again_in_the_next_period(connect: Callable[[str], Client]) -> None:
    moments = [datetime(2026, 2, 9, 19, 47, 8, tzinfo=UTC)]
    with embedded(None, clock=lambda: moments[-1]) as url:
        call = connect(url)
        call("PUT", FAULTS, {"rate_limits": {"default": {"limit": 1, "period_seconds": 10}}})
        assert statuses(call, 2) == [200, 429]
        moments.append(moments[0] + timedelta(seconds=1))
        last = call("GET", "/api/v1/monitor")
        assert (last.status, last.headers["X-RateLimit-Reset"]) == (429, "1")
        moments.append(moments[0] + timedelta(seconds=2))
        assert statuses(call, 2) == [200, 429], "periods start at multiples of their length"
