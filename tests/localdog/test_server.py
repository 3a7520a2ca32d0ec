"""The server as a process: it keeps what it confirmed, serves several clients and stops without a trace."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from generator.localdog.server import PortUnusable, embedded, serve
from generator.localdog.store import DatabaseUnusable
from tests.localdog.client import Client, Payload

SERVE = """
import sys
from pathlib import Path
from generator.localdog.server import serve
serve(Path(sys.argv[1]), 0, lambda url: print(url, flush=True))
"""

Connect = Callable[[str], Client]


def started(database: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(database)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def announced_url(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_nothing_confirmed_is_lost_by_a_kill(tmp_path: Path, connect: Connect, monitor: Payload) -> None:
    database = tmp_path / "local.db"
    with started(database) as process:
        call = connect(announced_url(process))
        confirmed = [call("POST", "/api/v1/monitor", {**monitor, "name": f"m{number}"}).body for number in range(50)]
        call("DELETE", f"/api/v1/monitor/{confirmed[0]['id']}")
        process.send_signal(signal.SIGKILL)
    with embedded(database) as url:
        call = connect(url)
        assert [found["id"] for found in call("GET", "/api/v1/monitor").body] == [each["id"] for each in confirmed[1:]]
        assert call("POST", "/api/v1/monitor", {**monitor, "name": "m1"}).status == 400
        assert call("POST", "/api/v1/monitor", monitor).body["id"] > confirmed[-1]["id"]


def test_a_kill_between_writes_of_several_clients_leaves_whole_monitors(
    tmp_path: Path, connect: Connect, monitor: Payload
) -> None:
    database = tmp_path / "local.db"
    confirmed: list[int] = []
    with started(database) as process:
        url = announced_url(process)
        clients = [connect(url) for _ in range(3)]
        killed = threading.Timer(0.3, process.kill)
        killed.start()
        with ThreadPoolExecutor(3) as pool:
            for ids in pool.map(
                lambda numbered: create_until_cut(numbered[1], monitor, numbered[0]), enumerate(clients)
            ):
                confirmed += ids
        killed.join()
    with embedded(database) as url:
        call = connect(url)
        listed = call("GET", "/api/v1/monitor").body
        assert set(confirmed) <= {found["id"] for found in listed}
        assert len({found["name"] for found in listed}) == len(listed)
        tagged = call("GET", "/api/v1/monitor?monitor_tags=team:data").body
        assert [found["id"] for found in tagged] == [found["id"] for found in listed]


def create_until_cut(call: Client, monitor: Payload, client_number: int) -> list[int]:
    confirmed: list[int] = []
    try:
        for number in range(100_000):
            body = call("POST", "/api/v1/monitor", {**monitor, "name": f"{client_number} {number}"}).body
            confirmed.append(body["id"])
    except (OSError, http.client.HTTPException):
        pass
    return confirmed


def test_several_clients_at_once_get_ids_of_their_own(connect: Connect, call: Client, monitor: Payload) -> None:
    clients = [connect(call.url) for _ in range(4)]

    def create_many(number: int) -> list[int]:
        return [
            clients[number]("POST", "/api/v1/monitor", {**monitor, "name": f"{number} {each}"}).body["id"]
            for each in range(40)
        ]

    with ThreadPoolExecutor(4) as pool:
        ids = [found for part in pool.map(create_many, range(4)) for found in part]
    assert len(set(ids)) == 160
    assert {found["id"] for found in call("GET", "/api/v1/monitor").body} == set(ids)


def test_of_several_equal_creations_at_once_one_wins(connect: Connect, call: Client, monitor: Payload) -> None:
    clients = [connect(call.url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: client("POST", "/api/v1/monitor", monitor), clients))
    assert sorted(answer.status for answer in answers) == [200, 400, 400, 400]
    assert len(call("GET", "/api/v1/monitor").body) == 1


def test_two_servers_may_share_one_database(tmp_path: Path, connect: Connect, monitor: Payload) -> None:
    with embedded(tmp_path / "local.db") as first, embedded(tmp_path / "local.db") as second:
        created = connect(first)("POST", "/api/v1/monitor", monitor).body
        assert connect(second)("GET", f"/api/v1/monitor/{created['id']}").body["name"] == monitor["name"]
        other = connect(second)("POST", "/api/v1/monitor", {**monitor, "name": "other"}).body
        assert other["id"] == created["id"] + 1


def test_nothing_answers_after_the_stop_and_no_thread_stays(connect: Connect) -> None:
    before = set(threading.enumerate())
    with embedded(None) as url:
        assert connect(url)("GET", "/api/v1/validate").status == 200
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        Client(url)("GET", "/api/v1/validate")


def test_an_error_inside_the_block_stops_the_server_too() -> None:
    urls: list[str] = []
    with pytest.raises(ZeroDivisionError):
        fail_inside(urls)
    with pytest.raises(ConnectionRefusedError):
        Client(urls[0])("GET", "/api/v1/validate")


def fail_inside(urls: list[str]) -> None:
    with embedded(None) as url:
        urls.append(url)
        raise ZeroDivisionError


def test_an_embedded_server_writes_nothing(capfd: pytest.CaptureFixture[str], connect: Connect) -> None:
    with embedded(None) as url:
        connect(url)("POST", "/api/v1/monitor", b"{")
        connect(url)("GET", "/api/v1/nothing")
    assert capfd.readouterr() == ("", "")


def test_the_server_stops_on_an_interrupt(tmp_path: Path, connect: Connect) -> None:
    with started(tmp_path / "local.db") as process:
        assert connect(announced_url(process))("GET", "/api/v1/validate").status == 200
        process.send_signal(signal.SIGINT)
        process.wait(10)
    assert process.returncode == -signal.SIGINT, "the caller decides what an interrupt means"


def test_a_file_that_is_no_database_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database, " * 100)
    with pytest.raises(DatabaseUnusable, match=r"notes\.txt` cannot be used as a database"):
        serve(tmp_path / "notes.txt", 0, print)


def test_the_folder_of_the_database_is_made(tmp_path: Path, connect: Connect) -> None:
    with embedded(tmp_path / ".toban" / "local.db") as url:
        assert connect(url)("GET", "/api/v1/validate").status == 200
    assert (tmp_path / ".toban" / "local.db").exists()


def test_a_taken_port_is_refused_with_advice(call: Client) -> None:
    port = int(call.url.rpartition(":")[2])
    with pytest.raises(PortUnusable, match=f"port {port} of 127.0.0.1 cannot be used"):
        serve(None, port, print)
