"""Searching monitors by what people write into the search bar."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from generator.localdog.search_query import SearchProblem, search
from tests.localdog.client import Client, Payload

SEARCH = "/api/v1/monitor/search"


@pytest.fixture
def monitors(call: Client, monitor: Payload) -> dict[str, int]:
    """Their ids by name."""
    logs = 'logs("service:api status:error").index("*").rollup("count").last("5m") > 5'
    definitions = [
        {**monitor, "name": "load", "tags": ["team:data", "env:prod"], "priority": 1},
        {**monitor, "name": "disk is full", "tags": ["team:web", "env:prod"], "message": "Tell @pagerduty-web."},
        {"type": "log alert", "name": "Errors", "query": logs, "message": "", "tags": ["toban_id:main/api/x"]},
    ]
    made = {each["name"]: call("POST", "/api/v1/monitor", each).body["id"] for each in definitions}
    call("POST", f"/api/v1/monitor/{made['load']}/mute", {})
    return made


QUERIES = [
    ("", ["load", "disk is full", "Errors"]),
    ("disk", ["disk is full"]),
    ('"is full"', ["disk is full"]),
    ("LOAD", ["load"]),
    ("title:load", ["load"]),
    ("message:host.name", ["load"]),
    ("type:log", ["Errors"]),
    ("type:metric", ["load", "disk is full"]),
    ('type:"metric alert"', ["load", "disk is full"]),
    ("tag:team:data", ["load"]),
    ('tag:"team:data"', ["load"]),
    ("team:data", ["load"]),
    ("team:*", ["load", "disk is full"]),
    ("toban_id:main/api/x", ["Errors"]),
    ("env:prod AND NOT team:data", ["disk is full"]),
    ("env:prod -team:data", ["disk is full"]),
    ("team:data OR type:log", ["load", "Errors"]),
    ("team:(data OR web) muted:false", ["disk is full"]),
    ("(team:data OR team:web) AND muted:true", ["load"]),
    ("muted:true", ["load"]),
    ("status:alert", []),
    ('status:"no data"', ["load", "disk is full", "Errors"]),
    ("priority:p1", ["load"]),
    ("notification:pagerduty-web", ["disk is full"]),
    ("metric:system.load.5", ["load", "disk is full"]),
    ("scope:env:prod", ["load", "disk is full"]),
    ("NOT NOT team:data", ["load"]),
    ("nothing", []),
]


@pytest.mark.parametrize(("query", "names"), QUERIES)
def test_a_search_finds_what_it_means(call: Client, monitors: dict[str, int], query: str, names: list[str]) -> None:
    answer = call("GET", f"{SEARCH}?query={quote(query)}")
    assert answer.status == 200, answer.body
    assert [found["name"] for found in answer.body["monitors"]] == names
    assert answer.body["metadata"]["total_count"] == len(names)


def test_an_id_is_searched_as_a_word(call: Client, monitors: dict[str, int]) -> None:
    found = call("GET", f"{SEARCH}?query={monitors['disk is full']}").body["monitors"]
    assert [each["name"] for each in found] == ["disk is full"]


UNREADABLE = [
    ("status:notastatus", "'notastatus' is not a valid monitor status"),
    ("(a", "a bracket is not closed"),
    ("a)", "unexpected ')'"),
    ('"a', "a quotation mark is not closed"),
    ("a AND", "the query ends too early"),
    ("OR a", "unexpected 'OR'"),
    ("team:", "'team:' has no value"),
    ("(" * 500, "brackets are nested deeper than 20"),
    ("a " * 2000, "a query has at most 2000 characters"),
]


@pytest.mark.parametrize("path", [SEARCH, "/api/v1/monitor/groups/search"])
@pytest.mark.parametrize(("query", "words"), UNREADABLE)
def test_an_unreadable_search_is_refused(call: Client, path: str, query: str, words: str) -> None:
    answer = call("GET", f"{path}?query={quote(query)}")
    assert (answer.status, answer.body) == (400, {"errors": [f"Query parsing error: {words}"]})


def test_many_words_are_read_in_no_time() -> None:
    with pytest.raises(SearchProblem):
        search("- " * 1000)
    assert search("NOT " * 400 + "a")(lambda field: ("a",) if not field else None)
    assert search("a*" * 900)(lambda _: ("a" * 50,)) is False


def test_counts_tell_how_many_there_are_of_each(call: Client, monitors: dict[str, int]) -> None:
    counts = call("GET", SEARCH).body["counts"]
    assert {each["name"]: each["count"] for each in counts["type"]} == {"metric": 2, "log": 1}
    assert {each["name"]: each["count"] for each in counts["muted"]} == {False: 2, True: 1}
    assert {each["name"]: each["count"] for each in counts["status"]} == {"No Data": 3}
    assert counts["tag"][0] == {"count": 2, "name": "env:prod"}


def test_pages_and_order_are_asked_for(call: Client, monitors: dict[str, int]) -> None:
    answer = call("GET", f"{SEARCH}?sort=name,desc&page=1&per_page=2").body
    assert [found["name"] for found in answer["monitors"]] == ["disk is full"]
    assert answer["metadata"] == {"total_count": 3, "page_count": 2, "page": 1, "per_page": 2}
    assert call("GET", f"{SEARCH}?sort=colour").status == 400
    assert call("GET", f"{SEARCH}?page=-1").status == 400


def test_a_result_shows_metrics_scopes_and_handles(call: Client, monitors: dict[str, int]) -> None:
    found = call("GET", f"{SEARCH}?query=team:web").body["monitors"][0]
    assert (found["metrics"], found["scopes"]) == (["system.load.5"], ["env:prod"])
    assert found["notifications"] == [{"handle": "pagerduty-web", "name": "pagerduty-web"}]
    assert (found["classification"], found["status"]) == ("metric", "No Data")


def test_each_tag_of_a_scope_is_a_text_of_its_own(call: Client, monitor: Payload) -> None:
    query = "avg(last_5m):avg:a.b{env:prod,host:a} + avg:c.d{env:prod OR env:test} > 5"
    call("POST", "/api/v1/monitor", {**monitor, "name": "sum", "query": query})
    (found,) = call("GET", f"{SEARCH}?query=sum").body["monitors"]
    assert found["scopes"] == ["env:prod", "host:a", "env:prod OR env:test"]


def test_a_result_tells_until_when_it_is_muted(call: Client, monitors: dict[str, int]) -> None:
    assert call("GET", f"{SEARCH}?query=team:web").body["monitors"][0]["muted_until_ts"] is None
    (found,) = call("GET", f"{SEARCH}?query=team:web").body["monitors"]
    call("POST", f"/api/v1/monitor/{found['id']}/mute", {"end": 4_000_000_000})
    assert call("GET", f"{SEARCH}?query=team:web").body["monitors"][0]["muted_until_ts"] == 4_000_000_000


def test_a_monitor_of_anomalies_is_classified_as_one(call: Client, monitor: Payload) -> None:
    query = "avg(last_4h):anomalies(avg:a.b{*}, 'basic', 2) >= 1"
    call("POST", "/api/v1/monitor", {**monitor, "query": query, "options": {}})
    assert call("GET", f"{SEARCH}?query=type:anomaly").body["monitors"][0]["classification"] == "anomaly"


def test_no_group_is_found_before_there_is_data(call: Client, monitors: dict[str, int]) -> None:
    answer = call("GET", "/api/v1/monitor/groups/search").body
    assert (answer["groups"], answer["metadata"]["total_count"]) == ([], 0)
    one = call("GET", f"/api/v1/monitor/{monitors['load']}?group_states=all").body
    assert one["state"] == {"groups": {}}
    assert call("GET", "/api/v1/monitor?group_states=alert,warn").body[0]["state"] == {"groups": {}}


def test_known_handles_are_those_of_the_user_and_of_monitors(call: Client, monitors: dict[str, int]) -> None:
    groups = call("GET", "/api/v1/monitor/notifications").body["handles"]
    values = {each["value"] for members in groups.values() for each in members}
    assert values == {"@local@example.com", "@slack-ops", "@pagerduty-web"}
