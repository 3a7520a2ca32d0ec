"""Monitors change their state on what is pushed, and what they tell is kept in the sink."""

from __future__ import annotations

import http.client
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from generator.localdog.server import embedded
from tests.localdog.client import Client, Payload
from tests.localdog.evaluated import START, Driven, driven

HIGH = [1.0] * 3 + [9.0] * 9 + [1.0] * 18


@pytest.fixture
def server() -> Iterator[Driven]:
    with driven() as found:
        yield found


def test_a_pushed_metric_alerts_and_recovers(server: Driven) -> None:
    monitor = server.monitor()
    server.push(HIGH)
    assert server.state(monitor) == "No Data"
    server.advance("4m")
    assert server.state(monitor) == "OK"
    server.advance("1m")
    assert server.state(monitor) == "Alert"
    server.advance("20m")
    assert server.state(monitor) == "OK"
    assert server.changes() == [("08:05", "host:a", "Alert"), ("08:14", "host:a", "OK")]


def test_the_sink_has_the_message_as_it_arrives(server: Driven) -> None:
    monitor = server.monitor(name="Load of {{host.name}} is high")
    server.push(HIGH)
    server.advance("20m")
    alert, recovery = server.told()
    assert alert["title"] == "[Triggered on {host:a}] Load of a is high"
    assert alert["text"] == "Look at a: 5.8 > 5.0. @pagerduty-data @slack-ops"
    assert alert["handles"] == ["@pagerduty-data", "@slack-ops"]
    assert (alert["monitor_id"], alert["previous"], alert["value"]) == (monitor, "OK", 5.8)
    assert (recovery["text"], recovery["handles"]) == ("a is well again. @slack-ops", ["@slack-ops"])
    assert [each["id"] for each in server.told(after=alert["id"])] == [recovery["id"]]
    assert server.told(monitor=monitor + 1) == []


TITLES = [
    ({}, {}, "[Triggered on {host:a}] Load is high"),
    ({"priority": 2}, {}, "[P2] [Triggered on {host:a}] Load is high"),
    ({}, {"include_tags": False}, "[Triggered] Load is high"),
]


@pytest.mark.parametrize(("fields", "options", "title"), TITLES)
def test_a_title_says_how_urgent_what_and_where(server: Driven, fields: Payload, options: Payload, title: str) -> None:
    server.monitor(**fields, options=options)
    server.push(HIGH)
    server.advance("10m")
    assert [each["title"] for each in server.told()] == [title]


def test_each_group_has_a_state_of_its_own(server: Driven) -> None:
    monitor = server.monitor()
    server.push(HIGH)
    server.push([1.0] * 30, host="b")
    server.advance("10m")
    assert server.groups(monitor) == {"host:a": "Alert", "host:b": "OK"}
    assert server.groups(monitor, "alert") == {"host:a": "Alert"}
    assert server.groups(monitor, "warn,no data") == {}
    group = server.read(monitor)["state"]["groups"]["host:a"]
    assert group == {
        "name": "host:a", "status": "Alert", "last_triggered_ts": START + 300, "last_notified_ts": START + 300,
        "last_resolved_ts": 0, "last_nodata_ts": 0,
    }  # fmt: skip


def test_a_monitor_without_groups_has_one_called_star(server: Driven) -> None:
    monitor = server.monitor("avg(last_5m):avg:load{*} > 5")
    server.push(HIGH)
    server.advance("10m")
    assert server.groups(monitor) == {"*": "Alert"}
    assert server.told()[0]["title"] == "[Triggered] Load is high"


def test_lists_and_searches_show_the_states(server: Driven) -> None:
    monitor, other = server.monitor(), server.monitor(query="avg(last_5m):avg:other{*} > 5", name="Other")
    server.push(HIGH)
    server.push([1.0] * 30, host="b")
    server.advance("10m")
    listed = server.call("GET", "/api/v1/monitor?group_states=alert").body
    assert [(each["id"], each["overall_state"], list(each["state"]["groups"])) for each in listed] == [
        (monitor, "Alert", ["host:a"]), (other, "No Data", []),
    ]  # fmt: skip
    assert listed[0]["overall_state_modified"] == "2027-01-12T08:05:00+00:00"
    assert "state" not in server.call("GET", "/api/v1/monitor").body[0]
    found = server.call("GET", "/api/v1/monitor/search?query=status:alert").body
    assert [(each["id"], each["status"], each["last_triggered_ts"]) for each in found["monitors"]] == [
        (monitor, "Alert", START + 300)
    ]
    assert found["counts"]["status"] == [{"name": "Alert", "count": 1}]


def test_a_search_for_groups_finds_them_by_their_own_state(server: Driven) -> None:
    monitor = server.monitor(tags=["team:data", "env:prod"], priority=2)
    server.push(HIGH)
    server.push([1.0] * 30, host="b")
    server.advance("10m")
    found = server.call("GET", "/api/v1/monitor/groups/search?query=status:ok").body
    assert found["metadata"]["total_count"] == 1
    assert found["groups"] == [
        {
            "status": "OK", "last_nodata_ts": 0, "env_tags": ["prod"], "muted_remaining": None, "muted_until_ts": None,
            "all_tags": ["team:data", "env:prod", "host:b"], "monitor_name": "Load is high", "team_tags": ["data"],
            "last_triggered_ts": 0, "group": "host:b", "downtimes": [], "monitor_id": monitor, "priority": 2,
            "muted": False, "group_tags": ["host:b"],
        }
    ]  # fmt: skip
    assert server.call("GET", "/api/v1/monitor/groups/search").body["counts"]["status"] == [
        {"name": "Alert", "count": 1}, {"name": "OK", "count": 1},
    ]  # fmt: skip


def test_a_change_of_state_is_no_modification(server: Driven) -> None:
    monitor = server.monitor()
    before = server.read(monitor)
    server.push(HIGH)
    server.advance("10m")
    after = server.read(monitor)
    assert (after["modified"], after["overall_state"]) == (before["modified"], "Alert")
    changed = server.call("PUT", f"/api/v1/monitor/{monitor}", {"name": "Other"}).body
    assert changed["overall_state"] == "Alert"


def test_reminders_come_at_their_interval(server: Driven) -> None:
    server.monitor(options={"renotify_interval": 10, "escalation_message": "Still. @oncall"})
    server.push([9.0] * 60)
    for _ in range(6):
        server.advance("5m")
    told = server.told()
    assert [(each["at"][11:16], each["is_renotify"]) for each in told] == [
        ("08:00", False), ("08:10", True), ("08:20", True), ("08:30", True),
    ]  # fmt: skip
    assert "Still. @oncall" in told[1]["text"]
    assert told[1]["title"] == "[Re-Triggered on {host:a}] Load is high"


def test_missing_data_is_told_of_where_the_monitor_says_so(server: Driven) -> None:
    monitor = server.monitor(options={"on_missing_data": "show_and_notify_no_data"})
    server.push([1.0] * 10)
    server.advance("20m")
    assert server.state(monitor) == "No Data"
    assert [(group, status) for _, group, status in server.changes()] == [("host:a", "No Data")]
    assert server.read(monitor)["state"]["groups"]["host:a"]["last_nodata_ts"] > START


def test_steps_of_any_length_come_to_the_same(server: Driven) -> None:
    server.monitor(options={"renotify_interval": 10, "on_missing_data": "show_and_notify_no_data"})
    server.push(HIGH + [9.0] * 30 + [None] * 20 + [1.0] * 10)
    with driven() as other:
        other.monitor(options={"renotify_interval": 10, "on_missing_data": "show_and_notify_no_data"})
        other.push(HIGH + [9.0] * 30 + [None] * 20 + [1.0] * 10)
        other.advance("90m")
        for step in ("1m", "7m", "30s", "90s", "20m", "60m"):
            server.advance(step)
        assert server.changes() == other.changes()
        assert len(server.changes()) > 4


def test_another_query_begins_anew(server: Driven) -> None:
    monitor = server.monitor()
    server.push(HIGH)
    server.advance("10m")
    sent = {"query": "avg(last_5m):avg:load{env:prod} by {host} > 50", "options": {"thresholds": {"critical": 50}}}
    assert server.call("PUT", f"/api/v1/monitor/{monitor}", sent).status == 200
    server.advance("1m")
    assert server.state(monitor) == "OK"
    assert [status for _, _, status in server.changes()] == ["Alert"], "the alert was of the other query"


def test_a_deleted_monitor_tells_nobody(server: Driven) -> None:
    monitor = server.monitor()
    server.push(HIGH)
    server.call("DELETE", f"/api/v1/monitor/{monitor}")
    server.advance("20m")
    assert server.told() == []


NOT_EVALUATED = [
    (
        {"type": "log alert", "query": 'logs("*").index("*").rollup("count").last("5m") > 5'},
        "a monitor of this type: only metric monitors and composites are evaluated",
    ),
    (
        {"type": "query alert", "query": "avg(last_4h):anomalies(avg:load{*}, 'basic', 2) >= 1"},
        "`anomalies`",
    ),
    ({"query": "avg(last_5m):avg:nothing{*} > 5"}, "no point was ever sent of `nothing`"),
]


@pytest.mark.parametrize(("fields", "words"), NOT_EVALUATED, ids=[words for _, words in NOT_EVALUATED])
def test_what_is_not_evaluated_stays_as_it_is_and_says_why(server: Driven, fields: dict[str, str], words: str) -> None:
    options = {"thresholds": {"critical": float(fields["query"].rpartition("=" if "=" in fields["query"] else ">")[2])}}
    sent = {"type": "metric alert", "name": "n", "message": "m", "tags": [], "options": options, **fields}
    monitor = server.call("POST", "/api/v1/monitor", sent).body["id"]
    server.push(HIGH)
    server.advance("10m")
    assert server.state(monitor) == "No Data"
    assert words in server.why_not(monitor)


def test_what_was_told_is_told_once_whatever_is_restarted(tmp_path: Path) -> None:
    with driven(tmp_path / "dog.db") as server:
        monitor = server.monitor(options={"renotify_interval": 30})
        server.push([1.0] * 3 + [9.0] * 60)
        now = server.advance("10m")["now"]
    with embedded(tmp_path / "dog.db") as url, closing(Client(url)) as call:
        server = Driven(call)
        assert server.state(monitor) == "Alert"
        call("POST", "/_toban/clock", {"now": now})
        server.advance("30m")
        assert server.changes() == [("08:05", "host:a", "Alert"), ("08:35", "host:a", "Alert")]


def test_a_round_that_was_cut_off_is_ended_and_tells_nothing_twice(server: Driven) -> None:
    """Each monitor's evaluations are written at once, the end of the round after all of them."""
    server.monitor()
    server.push(HIGH)
    server.advance("10m")
    saved = server.call("GET", "/_toban/state").body
    for row in saved["tables"]["standing"]:
        row[1] = START if row[0] == 0 else row[1]
    server.call("PUT", "/_toban/state", saved)
    server.advance("10m")
    assert server.changes() == [("08:05", "host:a", "Alert"), ("08:14", "host:a", "OK")]


def test_of_two_servers_with_one_database_one_tells(tmp_path: Path) -> None:
    with driven(tmp_path / "dog.db") as one, driven(tmp_path / "dog.db") as other:
        one.monitor()
        one.push(HIGH)
        one.advance("10m")
        other.advance("10m")
        assert one.changes() == other.changes() == [("08:05", "host:a", "Alert")]
        other.advance("10m")
        one.advance("10m")
        assert [status for _, _, status in one.changes()] == ["Alert", "OK"]


def test_a_saved_state_brings_the_states_along(server: Driven) -> None:
    monitor = server.monitor()
    server.push(HIGH)
    server.advance("10m")
    saved = server.call("GET", "/_toban/state").body
    server.call("POST", "/_toban/reset")
    assert server.told() == []
    assert server.call("PUT", "/_toban/state", saved).status == 200
    assert server.groups(monitor) == {"host:a": "Alert"}
    assert len(server.told()) == 1


BROKEN = [
    ("standing", [1, 5, "q", "", "{"]),
    ("standing", [1, "x", "q", "", "{}"]),
    ("standing", [1, 5, "q", "", '{"a": {"status": 7}}']),
    ("notification", [1, 1, "7", ""]),
    ("notification", [1, 1, '{"at": 7}', ""]),
]


@pytest.mark.parametrize(("table", "row"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_saved_state_is_refused(server: Driven, table: str, row: list[object]) -> None:
    saved = server.call("GET", "/_toban/state").body
    saved["tables"][table] = [row]
    answer = server.call("PUT", "/_toban/state", saved)
    assert answer.status == 400, answer.body


SERVE = """
import sys
from datetime import datetime
from pathlib import Path
from generator.localdog.server import Begin, serve
begin = Begin(now=datetime.fromisoformat("2027-01-12T08:00:00+00:00"))
serve(Path(sys.argv[1]), 0, lambda url: print(url, flush=True), begin=begin)
"""


def test_a_kill_between_evaluations_tells_nothing_twice(tmp_path: Path) -> None:
    """Killed while it evaluates an hour for many monitors; then the hour is evaluated again."""
    command = [sys.executable, "-c", SERVE, str(tmp_path / "dog.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with closing(Client(process.stdout.readline().strip())) as call:
            server = Driven(call)
            for number in range(60):
                server.monitor(name=f"m{number}")
            server.push(HIGH)
            killed = threading.Timer(0.25, process.kill)
            killed.start()
            with suppress(OSError, http.client.HTTPException):
                for _ in range(100):
                    server.advance("1m")
            killed.join()
    with driven(tmp_path / "dog.db") as server:
        server.advance("60m")
        told = [(each["monitor_id"], each["at"]) for each in server.told()]
        assert len(set(told)) == len(told)


NOTHING_NUMERIC = """
import sys
from generator.localdog.server import embedded
from tests.localdog.client import Client, Payload
with embedded(None) as url:
    call = Client(url)
    sent = {"type": "metric alert", "query": "avg(last_5m):avg:load{*} > 5", "options": {"thresholds": {"critical": 5}}}
    assert call("POST", "/api/v1/monitor", sent).status == 200
    assert call("GET", "/api/v1/monitor?group_states=all").status == 200
    assert call("POST", "/api/v1/series", {"series": [{"metric": "other", "points": [[1, 1]]}]}).status == 202
    assert call("POST", "/_toban/clock", {"now": "2027-01-12T08:00:00Z"}).status == 200
print(sorted({"numpy", "generator.simulate.evaluating"} & set(sys.modules)))
"""


def test_what_computes_is_loaded_when_there_is_something_to_compute() -> None:
    done = subprocess.run([sys.executable, "-c", NOTHING_NUMERIC], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


ODD_STANDINGS = [
    '{"host:a": {"status": "Alert", "standing": {"state": 7}}}',
    '{"x,y": {"status": "?", "standing": []}}',
]


@pytest.mark.parametrize("groups", ODD_STANDINGS)
def test_a_standing_that_nobody_wrote_begins_anew(server: Driven, groups: str) -> None:
    monitor = server.monitor()
    server.push(HIGH)
    saved = server.call("GET", "/_toban/state").body
    query = server.read(monitor)["query"]
    saved["tables"]["standing"] = [[monitor, START, query, "", groups], [0, START, "", "", "{}"]]
    assert server.call("PUT", "/_toban/state", saved).status == 200
    server.advance("10m")
    assert server.groups(monitor) == {"host:a": "Alert"}


HOSTILE_QUERIES = [
    "sum(last_5m):sum:load{*} by {host} * 1000000000000000000000000000000 > 5",
    "avg(last_5m):avg:load{*} / 0 > 5",
    "avg(last_1mo):avg:load{*} by {host} > 5",
    "avg(last_5m):timeshift(avg:load{*}, -31536000) > 5",
    "max(last_5m):top(avg:load{*} by {host}, 10, 'mean', 'desc') > 5",
    "sum(last_5m):avg:load{*}.rollup(sum, 1) > 5",
    "sum(last_5m):avg:load{*}.rollup(sum, 3600) > 5",
    "change(avg(last_5m),last_1h):avg:load{host:*} > 5",
    "avg(last_5m):avg:load{*} by {host,host,env} > 5",
    "avg(current_1d):avg:load{*} > 5",
]


@pytest.mark.parametrize("query", HOSTILE_QUERIES)
def test_no_query_breaks_the_others(server: Driven, query: str) -> None:
    sent = {"type": "query alert", "query": query, "options": {"thresholds": {"critical": 5}}}
    server.call("POST", "/api/v1/monitor", sent)
    good = server.monitor()
    server.push([9.0, -1e308, 1e308, 1e308, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0], host="a")
    server.push([9.0] * 5, host="<b>{x}", tags=["env:prod", "a b", ":", "::", "host:"])
    server.advance("20m")
    assert server.read(good)["state"]["groups"]
    assert all("simulator failed" not in each["not_evaluated"] for each in evaluations(server))


def evaluations(server: Driven) -> list[Payload]:
    found: list[Payload] = server.call("GET", "/_toban/evaluations").body["monitors"]
    return found
