"""A run ends when its time is over: nothing is sent after that, and no server is waited for, however it dawdles."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from generator.datadog.client import Datadog
from generator.datadog.diagnosis import Diagnosis, Verdict
from generator.datadog.errors import ApiError, Unavailable, Uncertain
from generator.datadog.pacing import FIRST_WRITERS, LAST_WRITE_SECONDS
from generator.datadog.target import Target
from generator.datadog.transport import NoAnswer, Transport
from generator.resources.types import resource_types

MONITOR = resource_types()["monitor"]
ONE = {"id": 1, "name": "one"}
KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
SECONDS = 0.3
HANGS = 30

Dawdle = Callable[[socket.socket], None]
CALLS: dict[str, Callable[[Datadog], object]] = {
    "read": lambda client: client.read(MONITOR, "1"),
    "create": lambda client: client.create(MONITOR, ONE),
    "update": lambda client: client.update(MONITOR, "1", ONE),
    "delete": lambda client: client.delete(MONITOR, "1"),
}


def says_nothing(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def drips(beginning: bytes) -> Dawdle:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(beginning)
        while True:
            connection.sendall(b" ")
            time.sleep(0.02)

    return drip


def reads_nothing(connection: socket.socket) -> None:
    while connection.fileno() >= 0:
        time.sleep(0.02)


DAWDLES: dict[str, Dawdle] = {
    "says nothing": says_nothing,
    "drips the status": drips(b"HTTP/1.1"),
    "drips the headers": drips(b"HTTP/1.1 200 OK\r\nX-Some: "),
    "drips the body": drips(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"),
}


class Dawdling:
    """A server that never comes to an end with an answer; `left` is set once a client has broken off."""

    def __init__(self, dawdle: Dawdle) -> None:
        self._dawdle = dawdle
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.left = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self._connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            self._dawdle(connection)
        self.left.set()

    def stop(self) -> None:
        for each in (self._listening, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


@pytest.fixture
def dawdling() -> Iterator[Callable[[Dawdle], Dawdling]]:
    with ExitStack() as stack:

        def start(dawdle: Dawdle) -> Dawdling:
            server = Dawdling(dawdle)
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def within() -> Iterator[Callable[..., Datadog]]:
    """Make a client whose time passes as it does, and is over soon."""
    with ExitStack() as stack:

        def make(url: str, seconds: float = SECONDS, *, clock: Callable[[], float] = time.monotonic) -> Datadog:
            target = Target(url, KEY, KEY)
            client = Datadog(target, clock=clock, sleep=time.sleep, random=lambda: 0.0, run_seconds=seconds)
            return stack.enter_context(client)

        yield make


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("dawdle", DAWDLES)
def test_no_answer_is_waited_for_beyond_the_time_of_the_run(
    dawdle: str, call: str, dawdling: Callable[[Dawdle], Dawdling], within: Callable[..., Datadog]
) -> None:
    server = dawdling(DAWDLES[dawdle])
    with pytest.raises(
        Unavailable if call == "read" else Uncertain, match=r"time of this run|in the time that was left"
    ):
        CALLS[call](within(server.url))
    assert server.left.wait(HANGS), "the connection was left open"


def test_a_server_that_takes_no_more_of_a_big_body_is_not_waited_for(
    dawdling: Callable[[Dawdle], Dawdling], within: Callable[..., Datadog]
) -> None:
    with pytest.raises(Uncertain):
        within(dawdling(reads_nothing).url).create(MONITOR, {**ONE, "message": "x" * 30_000_000})


@pytest.mark.parametrize("dawdle", DAWDLES)
def test_one_answer_has_a_time_of_its_own(dawdle: str, dawdling: Callable[[Dawdle], Dawdling]) -> None:
    server = dawdling(DAWDLES[dawdle])
    transport = Transport(Target(server.url, KEY, KEY), answer_seconds=SECONDS)
    with pytest.raises(NoAnswer):
        transport.send("GET", "/")
    assert Diagnosis(Target(server.url, KEY, KEY), transport).api_key().verdict is Verdict.UNREACHABLE


def test_writes_that_wait_for_their_turn_are_not_sent_after_the_time_of_the_run(
    scripted: Callable[..., Any], within: Callable[..., Datadog], reply: type
) -> None:
    released = threading.Event()

    def slow(_: Any) -> Any:
        released.wait(HANGS)
        return reply(payload=ONE)

    server = scripted(slow)
    client = within(server.url)
    with ThreadPoolExecutor(20) as pool:
        writes = [pool.submit(client.update, MONITOR, str(number), ONE) for number in range(20)]
        errors = [each.exception() for each in writes]
    released.set()
    assert len(server.requests) == FIRST_WRITERS
    assert [type(each) for each in errors].count(Uncertain) == FIRST_WRITERS
    unsent = [str(each) for each in errors if isinstance(each, Unavailable)]
    assert len(unsent) == 20 - FIRST_WRITERS
    assert all("was not sent: the time of this run, 0.005 min, is over" in each for each in unsent)


def test_calls_that_wait_for_room_are_not_sent_after_the_time_of_the_run(
    scripted: Callable[..., Any], within: Callable[..., Datadog], reply: type
) -> None:
    released = threading.Event()
    headers = {"X-RateLimit-Limit": "2", "X-RateLimit-Remaining": "1", "X-RateLimit-Reset": "60"}

    def slow_but_for_the_first(_: Any) -> Any:
        if len(server.requests) > 1:
            released.wait(HANGS)
        return reply(payload=ONE, headers=headers)

    server = scripted(slow_but_for_the_first)
    client = within(server.url)
    client.read(MONITOR, "1")
    with ThreadPoolExecutor(5) as pool:
        errors = [each.exception() for each in [pool.submit(client.read, MONITOR, "1") for _ in range(5)]]
    released.set()
    assert len(server.requests) == 2
    assert all(isinstance(each, Unavailable) for each in errors)


def hanging(call: Callable[[Datadog], object], client: Datadog, arrived: Callable[[], bool]) -> Future[object]:
    """The call in a thread of its own, once the server has it."""
    result: Future[object] = Future()

    def run() -> None:
        try:
            result.set_result(call(client))
        except ApiError as error:
            result.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    while not arrived():
        time.sleep(0.01)
    return result


def test_a_read_under_way_ends_when_the_run_is_stopped(
    scripted: Callable[..., Any], within: Callable[..., Datadog], reply: type
) -> None:
    released = threading.Event()

    def slow(_: Any) -> Any:
        released.wait(HANGS)
        return reply(payload=ONE)

    server = scripted(slow)
    client = within(server.url, HANGS)
    read = hanging(CALLS["read"], client, lambda: bool(server.requests))
    client.stop()
    assert isinstance(read.exception(HANGS / 3), Unavailable)
    released.set()


@pytest.mark.parametrize("call", ["create", "update", "delete"])
def test_a_write_under_way_may_still_be_answered_when_the_run_is_stopped(
    call: str, scripted: Callable[..., Any], within: Callable[..., Datadog], reply: type
) -> None:
    released = threading.Event()

    def slow(_: Any) -> Any:
        released.wait(HANGS)
        return reply(payload=ONE)

    server = scripted(slow)
    client = within(server.url, HANGS)
    write = hanging(CALLS[call], client, lambda: bool(server.requests))
    client.stop()
    released.set()
    assert write.exception(HANGS) is None


def test_a_write_that_is_never_answered_is_given_up_soon_after_the_run_is_stopped(
    dawdling: Callable[[Dawdle], Dawdling], within: Callable[..., Datadog]
) -> None:
    arrived = threading.Event()

    def hangs(connection: socket.socket) -> None:
        connection.recv(65536)
        arrived.set()
        says_nothing(connection)

    skipped = [0.0]
    client = within(dawdling(hangs).url, 1000, clock=lambda: time.monotonic() + skipped[0])
    write = hanging(CALLS["create"], client, arrived.is_set)
    client.stop()
    skipped[0] = LAST_WRITE_SECONDS
    assert isinstance(write.exception(HANGS), Uncertain)
