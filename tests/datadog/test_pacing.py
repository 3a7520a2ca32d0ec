"""What is repeated, how long it waits, and what is never repeated."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from generator.datadog.buckets import UNBELIEVABLE_SECONDS
from generator.datadog.client import Datadog
from generator.datadog.errors import Rejected, Unavailable, Uncertain
from generator.datadog.pacing import GROW_AFTER, LAST_WRITE_SECONDS, WriteLimit
from generator.resources.types import resource_types

MONITOR = resource_types()["monitor"]
ONE = {"id": 1, "name": "one"}

Calls = dict[str, Callable[[Datadog], object]]
CALLS: Calls = {
    "read": lambda client: client.read(MONITOR, "1"),
    "create": lambda client: client.create(MONITOR, ONE),
    "update": lambda client: client.update(MONITOR, "1", ONE),
    "delete": lambda client: client.delete(MONITOR, "1"),
    "validate": lambda client: client.validate(MONITOR, ONE),
}

Scripted = Callable[..., Any]


@dataclass(frozen=True)
class Exchange:
    client: Datadog
    requests: list[Any]


@pytest.fixture
def answered_with(
    scripted: Scripted, client_of: Callable[..., Datadog], reply: type, replies_in_turn: Callable[..., Any]
) -> Callable[..., Exchange]:
    """A client whose calls are answered one after the other, the last answer for ever."""

    def exchange(*answers: dict[str, Any]) -> Exchange:
        server = scripted(replies_in_turn(*(reply(**answer) for answer in answers)))
        return Exchange(client_of(server.url), server.requests)

    return exchange


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"X-RateLimit-Reset": "0.75"}, 0.75),
        ({"X-RateLimit-Reset": "7"}, 7),
        ({"Retry-After": "3"}, 3),
        ({"X-RateLimit-Reset": "2", "Retry-After": "30"}, 2),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:05 GMT", "Date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 5),
        ({}, 0.25),
        ({"X-RateLimit-Reset": "soon"}, 0.25),
        ({"X-RateLimit-Reset": "nan"}, 0.25),
        ({"X-RateLimit-Reset": "-1"}, 0.25),
        ({"X-RateLimit-Reset": "1700"}, 1700),
        ({"X-RateLimit-Reset": "7200"}, UNBELIEVABLE_SECONDS),
        ({"X-RateLimit-Reset": "1e9"}, UNBELIEVABLE_SECONDS),
        ({"Retry-After": "86400"}, UNBELIEVABLE_SECONDS),
        ({"Retry-After": "next year"}, 0.25),
    ],
)
def test_a_call_beyond_the_rate_limit_waits_as_long_as_it_is_told(
    call: str, headers: dict[str, str], seconds: float, answered_with: Callable[..., Exchange], clock: Any
) -> None:
    refusal = {"status": 429, "payload": {"errors": ["Too many requests"]}, "headers": headers}
    exchange = answered_with(refusal, {"payload": ONE})
    CALLS[call](exchange.client)
    assert len(exchange.requests) == 2
    assert clock.slept == pytest.approx(seconds)


def no_room(status: int, reset: str) -> dict[str, Any]:
    headers = {"X-RateLimit-Limit": "9", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    return {"status": status, "payload": ONE, "headers": headers}


@pytest.mark.parametrize("status", [200, 429])
@pytest.mark.parametrize(("reset", "seconds"), [("7200", UNBELIEVABLE_SECONDS), ("50", 50)])
def test_a_reset_is_believed_alike_whether_a_call_was_refused_or_not(
    status: int, reset: str, seconds: float, answered_with: Callable[..., Exchange], clock: Any
) -> None:
    exchange = answered_with(no_room(status, reset), {"payload": ONE})
    CALLS["read"](exchange.client)
    CALLS["read"](exchange.client)
    assert clock.slept == pytest.approx(seconds)


@pytest.mark.parametrize("status", [200, 429])
@pytest.mark.parametrize(("reset", "told"), [("7200", r"reset in 7,200 s, which no limit of Datadog has"), ("50", "")])
def test_a_limit_that_leaves_no_room_ends_with_the_run(
    status: int, reset: str, told: str, answered_with: Callable[..., Exchange], clock: Any
) -> None:
    exchange = answered_with(no_room(status, reset))
    clock.sleep(7)

    def read_on() -> None:
        while clock.slept < 3600:
            CALLS["read"](exchange.client)

    with pytest.raises(Unavailable, match=f"{told}.*time of this run"):
        read_on()
    assert clock.slept <= 1800


@pytest.mark.parametrize("call", ["read", "update", "delete", "validate"])
@pytest.mark.parametrize("status", [500, 502, 503, 504, 512, 408, None])
def test_what_may_be_repeated_is_repeated_after_a_failure(
    call: str, status: int | None, answered_with: Callable[..., Exchange]
) -> None:
    exchange = answered_with({"status": status}, {"status": status}, {"payload": ONE})
    CALLS[call](exchange.client)
    assert len(exchange.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [{"status": 500}, {"status": 504}, {"status": 512}, {"status": 408}, {"status": None}, {"body": b"<html>hello"}],
)
def test_a_create_without_a_clear_answer_is_never_repeated(
    answer: dict[str, Any], scripted: Scripted, client_of: Callable[..., Datadog], reply: type
) -> None:
    server = scripted(lambda _: reply(**answer))
    with pytest.raises(Uncertain):
        CALLS["create"](client_of(server.url))
    assert len(server.requests) == 1


def test_waits_double_between_tries(
    scripted: Scripted, client_of: Callable[..., Datadog], clock: Any, reply: type
) -> None:
    times: list[float] = []

    def failing(_: Any) -> Any:
        times.append(clock.now)
        return reply(503)

    with pytest.raises(Unavailable, match="6 tries"):
        CALLS["read"](client_of(scripted(failing).url))
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert waits == pytest.approx([0.25, 0.5, 1, 2, 4])


@pytest.mark.parametrize("call", ["update", "delete"])
def test_an_update_or_delete_that_is_given_up_may_have_happened(
    call: str, scripted: Scripted, client_of: Callable[..., Datadog], reply: type
) -> None:
    server = scripted(lambda _: reply(504))
    with pytest.raises(Uncertain):
        CALLS[call](client_of(server.url))


@pytest.mark.parametrize("call", CALLS)
def test_a_server_that_cannot_be_reached_is_tried_again(
    call: str, client_of: Callable[..., Datadog], clock: Any
) -> None:
    with pytest.raises((Unavailable, Uncertain), match="6 tries"):
        CALLS[call](client_of("http://127.0.0.1:9"))
    assert clock.slept > 3


@pytest.mark.parametrize("call", CALLS)
def test_no_call_waits_past_the_end_of_the_run(
    call: str, scripted: Scripted, client_of: Callable[..., Datadog], clock: Any, reply: type
) -> None:
    server = scripted(lambda _: reply(429, headers={"X-RateLimit-Reset": "40"}))
    with pytest.raises((Unavailable, Uncertain), match="time of this run"):
        CALLS[call](client_of(server.url, run_seconds=100))
    assert clock.slept <= 100
    assert len(server.requests) == 3


def test_a_stopped_run_reads_nothing_and_soon_writes_nothing(
    scripted: Scripted, client_of: Callable[..., Datadog], clock: Any, reply: type
) -> None:
    server = scripted(lambda _: reply(503))
    client = client_of(server.url)
    client.stop()
    for name in ("read", "validate"):
        with pytest.raises(Unavailable, match="not sent: the run was stopped"):
            CALLS[name](client)
    assert server.requests == []
    with pytest.raises(Uncertain, match="stopped"):
        CALLS["update"](client)
    assert len(server.requests) == 1, "a write that has begun is sent, and not repeated"
    clock.now += LAST_WRITE_SECONDS
    for name in ("create", "update", "delete"):
        with pytest.raises(Unavailable, match="not sent: the run was stopped"):
            CALLS[name](client)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
@pytest.mark.parametrize("call", ["create", "update"])
def test_a_refusal_is_told_in_the_words_of_the_server(
    call: str, status: int, scripted: Scripted, client_of: Callable[..., Datadog], reply: type
) -> None:
    server = scripted(lambda _: reply(status, {"errors": ["Alert status is required."]}))
    with pytest.raises(Rejected, match=r"Alert status is required\.") as refusal:
        CALLS[call](client_of(server.url))
    assert refusal.value.status == status
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"errors": [{"title": "Bad Request", "detail": "no such tag"}]}', "Bad Request: no such tag"),
        (b'{"error": "Invalid payload"}', "Invalid payload"),
        (b"<html>\n\n<b>teapot</b>", "<html> <b>teapot</b>"),
        (b"\xff\xfe\x00binary", "binary"),
        (b"\x1b[31mred", "[31mred"),
        (b"[" * 100_000, "[[["),
        (b"", "no reason given"),
        (b"{}", "{}"),
        (b'{"errors": "text"}', "text"),
        (b'{"errors": null}', "null"),
    ],
)
def test_any_body_of_a_refusal_can_be_told(
    body: bytes, words: str, scripted: Scripted, client_of: Callable[..., Datadog], reply: type
) -> None:
    server = scripted(lambda _: reply(400, body=body))
    with pytest.raises(Rejected) as refusal:
        CALLS["create"](client_of(server.url))
    assert words in str(refusal.value)
    assert len(str(refusal.value)) < 1000
    assert str(refusal.value).isprintable()


def test_a_redirect_is_not_followed(scripted: Scripted, client_of: Callable[..., Datadog], reply: type) -> None:
    other = scripted(lambda _: reply(200, ONE))
    server = scripted(lambda _: reply(307, headers={"Location": f"{other.url}/api/v1/monitor/1"}))
    for call in CALLS.values():
        with pytest.raises(Rejected, match="redirects"):
            call(client_of(server.url))
    assert other.requests == []


def entered(limit: WriteLimit) -> int:
    turn = limit.enter(0)
    assert turn is not None
    return turn


def test_writes_overrun_together_halve_the_limit_once() -> None:
    limit = WriteLimit(8)
    turns = [entered(limit) for _ in range(8)]
    for turn in turns:
        limit.leave(turn, overrun=True)
    assert limit.allowed == 4


def test_the_limit_never_falls_below_one_write() -> None:
    limit = WriteLimit(8)
    for _ in range(10):
        limit.leave(entered(limit), overrun=True)
    assert limit.allowed == 1
    limit.leave(entered(limit), overrun=False)


def test_the_limit_grows_slowly_to_where_it_began() -> None:
    limit = WriteLimit(8)
    limit.leave(entered(limit), overrun=True)
    grown = []
    for _ in range(6 * GROW_AFTER):
        limit.leave(entered(limit), overrun=False)
        grown.append(limit.allowed)
    assert grown[GROW_AFTER - 2] == 4
    assert grown[GROW_AFTER - 1] == 5
    assert grown[-1] == 8


def test_no_more_writes_run_at_once_than_the_limit_allows(
    scripted: Scripted, client_of: Callable[..., Datadog], reply: type
) -> None:
    lock = threading.Lock()
    running: list[int] = [0]
    most: list[int] = [0]
    eight_run = threading.Event()

    def counting(_: Any) -> Any:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
            if running[0] == 8:
                eight_run.set()
        eight_run.wait(5)
        with lock:
            running[0] -= 1
        return reply(200, ONE)

    client = client_of(scripted(counting).url)
    threads = [threading.Thread(target=CALLS["create"], args=(client,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 8
