"""State saved, loaded, seeded and read by other tools."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from generator.localdog.seed import SeedRefused
from generator.localdog.server import Begin, embedded
from tests.localdog.client import Client, Payload

Connect = Callable[[str], Client]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "seed").mkdir()
    return tmp_path / "seed"


def write(folder: Path, name: str, content: object) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content))


def test_a_saved_state_is_the_same_elsewhere(call: Client, connect: Connect, monitor: Payload) -> None:
    created = call("POST", "/api/v1/monitor", monitor).body
    composite = {"type": "composite", "name": "whole", "query": str(created["id"])}
    call("POST", "/api/v1/monitor", composite)
    saved = call("GET", "/_toban/state").body
    with embedded(None) as url:
        other = connect(url)
        assert other("PUT", "/_toban/state", saved).status == 200
        assert other("GET", "/api/v1/monitor").body == call("GET", "/api/v1/monitor").body
        assert len(other("GET", "/api/v1/monitor?monitor_tags=team:data").body) == 1
        assert other("DELETE", f"/api/v1/monitor/{created['id']}").status == 400, "references are kept"
        assert other("POST", "/api/v1/monitor", monitor).status == 400, "duplicates are known"
        assert other("POST", "/api/v1/monitor", {**monitor, "name": "new"}).body["id"] > created["id"]
        assert other("GET", "/_toban/state").body != saved


@pytest.mark.parametrize(
    "state",
    [
        b"{", b"[]", b'{"version": 2, "tables": {}}', b'{"version": 1, "tables": {"resource": [[1]]}}',
        b'{"version": 1, "tables": {"resource": [["monitor", 1, null, null, null]]}}',
        b'{"version": 1, "tables": {"resource": [["monitor", 1, "no JSON", "{}", null]]}}',
        b'{"version": 1, "tables": {"resource": [["monitor", 1, "{}", "{}", null]]}}',
        b'{"version": 1, "tables": {"resource": [["slo", "a", "[]", "{}", null]]}}',
        b'{"version": 1, "tables": {"counter": [["monitor", 99999999999999999999]]}}',
    ],
)  # fmt: skip
def test_a_state_that_does_not_fit_is_refused_and_changes_nothing(call: Client, monitor: Payload, state: bytes) -> None:
    call("POST", "/api/v1/monitor", monitor)
    answer = call("PUT", "/_toban/state", state)
    assert answer.status == 400
    assert "saved state" in answer.body["errors"][0]
    assert [found["name"] for found in call("GET", "/api/v1/monitor").body] == [monitor["name"]]


def test_exports_keep_their_ids_and_dates(
    call: Client, connect: Connect, folder: Path, monitor: Payload, dashboard: Payload
) -> None:
    first = call("POST", "/api/v1/monitor", monitor).body
    composite = call("POST", "/api/v1/monitor", {"type": "composite", "name": "w", "query": str(first["id"])}).body
    board = call("POST", "/api/v1/dashboard", dashboard).body
    slo = {
        "type": "monitor", "name": "held", "monitor_ids": [first["id"]],
        "thresholds": [{"timeframe": "7d", "target": 99}],
    }  # fmt: skip
    kept = call("POST", "/api/v1/slo", slo).body["data"][0]
    write(folder, "slo.json", kept)
    write(folder, "all.json", [composite, first])
    write(folder, "dashboards/one.json", board)
    with embedded(None, begin=Begin(seed=folder)) as url:
        other = connect(url)
        assert other("GET", "/api/v1/monitor").body == call("GET", "/api/v1/monitor").body
        assert other("GET", f"/api/v1/dashboard/{board['id']}").body == board
        assert other("GET", f"/api/v1/slo/{kept['id']}").body["data"] == kept
        assert other("GET", f"/api/v1/monitor/can_delete?monitor_ids={first['id']}").status == 409
        assert other("POST", "/api/v1/monitor", {**monitor, "name": "new"}).body["id"] > composite["id"]


def test_what_was_not_exported_is_made(connect: Connect, folder: Path, monitor: Payload, dashboard: Payload) -> None:
    write(folder, "monitors.json", {"monitors": [monitor, {**monitor, "name": "another"}]})
    write(folder, "dashboard.json", dashboard)
    with embedded(None, begin=Begin(seed=folder)) as url:
        other = connect(url)
        assert [found["name"] for found in other("GET", "/api/v1/monitor").body] == [monitor["name"], "another"]
        assert len(other("GET", "/api/v1/dashboard").body["dashboards"]) == 1


def test_a_saved_state_is_a_seed(call: Client, connect: Connect, folder: Path, monitor: Payload) -> None:
    call("POST", "/api/v1/monitor", monitor)
    write(folder, "state.json", call("GET", "/_toban/state").body)
    with embedded(None, begin=Begin(seed=folder)) as url:
        assert connect(url)("GET", "/api/v1/monitor").body == call("GET", "/api/v1/monitor").body


UNFIT: list[tuple[object, str]] = [
    ("text", "expected resources, found"),
    ({"name": "what am I"}, r"the fields \['name'\] is none of monitor"),
    ({"type": "metric alert", "query": "nothing"}, "POST /api/v1/monitor answers 400"),
    ({"version": 9, "tables": {}}, "version 9"),
]


ODD: list[object] = [
    {"id": 2**70, "type": "metric alert", "query": "avg(last_5m):avg:a{*} > 1"},
    {"id": -1, "type": [], "query": {}},
    {"id": 5, "type": "metric alert", "query": "avg(last_5m):avg:a{*} > 1", "options": {"thresholds": []}},
    {"id": "a", "type": {}, "thresholds": [], "tags": []},
    {"id": "a", "type": "metric", "thresholds": [], "tags": [], "monitor_ids": 7},
    {"id": "a", "title": "t", "widgets": [7], "layout_type": "ordered", "tags": 7},
    {"data": [], "series": 7},
]


@pytest.mark.parametrize("content", ODD)
def test_an_odd_seed_is_taken_or_refused(connect: Connect, folder: Path, content: object) -> None:
    write(folder, "odd.json", content)
    with contextlib.suppress(SeedRefused), embedded(None, begin=Begin(seed=folder)) as url:
        assert connect(url)("GET", "/api/v1/monitor").status == 200


@pytest.mark.parametrize(("content", "words"), UNFIT)
def test_a_seed_that_does_not_fit_is_refused_by_file(folder: Path, content: object, words: str) -> None:
    write(folder, "unfit.json", content)
    with pytest.raises(SeedRefused, match=words) as refused, embedded(None, begin=Begin(seed=folder)):
        pass
    assert "unfit.json" in str(refused.value)


def test_the_database_is_read_by_ordinary_sql(tmp_path: Path, connect: Connect, monitor: Payload) -> None:
    """While the server runs, in the words of the documentation."""
    with embedded(tmp_path / "local.db") as url:
        call = connect(url)
        created = call("POST", "/api/v1/monitor", monitor).body
        call("POST", "/api/v1/dashboard", {"title": "d", "layout_type": "ordered", "widgets": []})
        with closing(sqlite3.connect(tmp_path / "local.db")) as database:
            assert database.execute("SELECT id, name, type, query FROM monitors").fetchall() == [
                (created["id"], monitor["name"], monitor["type"], monitor["query"])
            ]
            assert database.execute("SELECT title FROM dashboards").fetchall() == [("d",)]
            owners = database.execute("SELECT id FROM tag WHERE type = 'monitor' AND tag = 'team:data'").fetchall()
            assert owners == [(created["id"],)]
            assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
