"""Ctrl-C ends a command soon, whatever is waited for, with 130 and without a traceback."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from generator.cli._exits import INTERRUPTED
from generator.localdog.server import embedded
from generator.sync.journal import latest, unfinished
from tests.cli.running import REPOSITORY

HANGS = 60
MONITORS = 20


class Silent:
    """A server that takes requests and never answers; `asked` is set once one has come."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.asked = threading.Event()
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self._connections.append(connection)
                connection.recv(65536)
                self.asked.set()

    def stop(self) -> None:
        self._listening.close()
        for each in self._connections:
            each.close()


@pytest.fixture
def silent() -> Iterator[Silent]:
    server = Silent()
    yield server
    server.stop()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "monitors"
    folder.mkdir()
    organization = "workspace: w\nenvironments: {production: {scope: 'env:production'}}\nnotify: '@slack-a'\n"
    (folder / "organization.yaml").write_text(organization)
    monitors = "".join(
        f"  m{number}: {{kind: metric, query: 'avg(last_5m):avg:a{{*}} > 1'}}\n" for number in range(MONITORS)
    )
    (folder / "api.yaml").write_text(f"service: api\nmonitors:\n{monitors}")
    return tmp_path


@pytest.fixture
def started(project: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a command in the project."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "CI"))}
        process = subprocess.Popen(
            [sys.executable, "-m", "generator", *map(str, arguments)], cwd=project, text=True,
            env={**inherited, "PYTHONPATH": str(REPOSITORY)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        running.append(process)
        return process

    yield start
    for each in running:
        each.kill()
        each.communicate()


def interrupted(process: subprocess.Popen[str]) -> str:
    """What it tells at its end."""
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=HANGS / 3)
    assert "Traceback" not in told
    assert process.returncode == INTERRUPTED
    return told


@pytest.mark.parametrize("command", [("plan",), ("sync", "--yes"), ("drift",), ("doctor",)], ids=lambda each: each[0])
def test_no_answer_to_a_read_is_waited_for(
    command: tuple[str, ...], silent: Silent, started: Callable[..., subprocess.Popen[str]]
) -> None:
    process = started(*command, "--api-url", silent.url)
    assert silent.asked.wait(HANGS)
    assert interrupted(process).endswith("interrupted\n")


def test_nothing_is_told_of_the_imports_that_it_interrupts(project: Path) -> None:
    """The interrupt comes with the first module that a command needs and Python itself does not."""
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(REPOSITORY)!r})
class Interrupting:
    def find_spec(self, name, *_):
        if name.partition(".")[0] == "click":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from generator.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=project, capture_output=True, timeout=HANGS, check=False)
    assert (done.returncode, done.stderr) == (INTERRUPTED, b"")


@pytest.fixture
def slow() -> Iterator[str]:
    """A local Datadog that takes its time for a POST when it is told to."""
    with embedded(None) as url:
        yield url


def hold_writes(url: str, seconds: float) -> None:
    body = json.dumps({"faults": [{"when": {"method": "POST"}, "do": {"delay": seconds}}] if seconds else []})
    asked(url, "PUT", "/_toban/faults", body)


def asked(url: str, method: str, path: str, body: str | None = None) -> Any:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=HANGS)
    connection.request(method, path, body=body, headers={"DD-API-KEY": "k", "DD-APPLICATION-KEY": "k"})
    answer = connection.getresponse()
    assert answer.status == 200
    content = json.loads(answer.read())
    connection.close()
    return content


def live_names(url: str) -> set[str]:
    return {each["name"] for each in asked(url, "GET", "/api/v1/monitor")}


def once_it_writes(state: Path) -> Path:
    """The journal, with notes of writes in it."""
    for _ in range(HANGS * 30):
        journal = latest(state)
        if journal is not None and b'"intent"' in journal.read_bytes():
            return journal
        time.sleep(0.01)
    raise AssertionError("no write was noted")


def test_writes_under_way_are_waited_for_and_their_outcome_is_noted(
    slow: str, project: Path, started: Callable[..., subprocess.Popen[str]]
) -> None:
    hold_writes(slow, 0.5)
    process = started("sync", "--yes", "--ask-at-most", "0", "--api-url", slow)
    journal = once_it_writes(project / ".toban")
    interrupted(process)
    assert unfinished(journal) == ()
    assert journal.read_bytes().count(b'"status":"done"') == len(live_names(slow))
    assert 0 < len(live_names(slow)) < MONITORS


def test_a_second_interrupt_waits_for_nothing_and_the_next_sync_goes_on(
    slow: str, project: Path, started: Callable[..., subprocess.Popen[str]]
) -> None:
    hold_writes(slow, HANGS)
    process = started("sync", "--yes", "--ask-at-most", "0", "--api-url", slow)
    journal = once_it_writes(project / ".toban")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert interrupted(process).endswith("interrupted\n")
    assert unfinished(journal) != ()
    hold_writes(slow, 0)
    again = started("sync", "--yes", "--ask-at-most", "0", "--api-url", slow)
    _, told = again.communicate(timeout=HANGS)
    assert (again.returncode, "an earlier run was cut off" in told) == (0, True)
    assert len(live_names(slow)) == MONITORS
    assert unfinished(latest(project / ".toban") or journal) == ()
