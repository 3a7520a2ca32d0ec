"""A rate limit is used up and hardly ever run into: the answers say how much room is left."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from generator.datadog.buckets import Buckets
from generator.datadog.errors import Unavailable
from generator.datadog.pacing import FIRST_WRITERS, WRITERS, Call, Effect, Pace, WriteLimit
from generator.datadog.transport import Answer

LIMIT, PERIOD = 100, 10


@dataclass
class Server:
    """Counts in periods of the calendar, as Datadog does; a call takes some time."""

    seconds_a_call: float
    fractional: bool = False
    now: float = 3.7
    period: int = 0
    used: int = 0
    refused: int = 0
    taken: int = 0
    names_reset: bool = True

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def call(self) -> Answer:
        self.now += self.seconds_a_call
        period = int(self.now // PERIOD)
        if period != self.period:
            self.period, self.used = period, 0
        self.used += 1
        left = PERIOD - self.now % PERIOD
        headers = {"x-ratelimit-limit": str(LIMIT), "x-ratelimit-remaining": str(max(0, LIMIT - self.used))}
        if self.names_reset:
            headers["x-ratelimit-reset"] = f"{left:.3f}" if self.fractional else str(int(left) + 1)
        if self.used > LIMIT:
            self.refused += 1
            return Answer(429, headers, b"")
        self.taken += 1
        return Answer(200, headers, b"{}")


def run(server: Server, calls: int) -> Pace:
    chance = random.Random(1)  # noqa: S311 - a seeded run
    pace = Pace(clock=lambda: server.now, sleep=server.sleep, random=chance.random)
    for _ in range(calls):
        assert pace.answered(server.call, Call("POST /x", Effect.ONCE, "x")).status == 200
    return pace


@pytest.mark.parametrize("fractional", [False, True], ids=["whole seconds", "broken seconds"])
def test_nine_tenths_of_a_limit_are_used_and_nothing_is_refused(fractional: bool) -> None:  # noqa: FBT001 - a row
    server = Server(0.02, fractional=fractional)
    run(server, 1000)
    periods = int(server.now // PERIOD) + 1
    assert server.refused <= server.taken * 0.01
    assert server.taken >= 0.9 * LIMIT * (periods - 1)


def test_without_the_headers_only_refusals_slow_down() -> None:
    server = Server(0.02, names_reset=False)
    run(server, 250)
    assert server.taken == 250
    assert 0 < server.refused < 50


def test_no_more_calls_are_under_way_than_the_limit_leaves() -> None:
    buckets = Buckets(lambda: 0.0)
    assert buckets.enter("x") == 0.0
    buckets.leave("x", {"x-ratelimit-remaining": "2", "x-ratelimit-reset": "7.5", "x-ratelimit-limit": "3"})
    assert [buckets.enter("x"), buckets.enter("x")] == [0.0, 0.0]
    for _ in range(2):
        buckets.leave("x", {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "7.5", "x-ratelimit-limit": "3"})
    assert buckets.enter("x") == 7.5
    assert buckets.enter("another") == 0.0


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-ratelimit-remaining": "no", "x-ratelimit-reset": "-1"},
        {"x-ratelimit-remaining": "nan", "x-ratelimit-reset": "inf"},
    ],
)
def test_headers_that_say_nothing_hold_nothing_up(headers: dict[str, str]) -> None:
    buckets = Buckets(lambda: 0.0)
    for _ in range(20):
        assert buckets.enter("x") == 0.0
        buckets.leave("x", headers)


def entered(limit: WriteLimit) -> int:
    turn = limit.enter(0)
    assert turn is not None
    return turn


def test_writers_begin_with_eight_and_grow_while_all_is_calm() -> None:
    limit = WriteLimit()
    assert limit.allowed == FIRST_WRITERS
    for _ in range(1000):
        limit.leave(entered(limit), overrun=False)
    assert limit.allowed == WRITERS
    limit.leave(entered(limit), overrun=True)
    assert limit.allowed == WRITERS // 2


def test_after_the_time_of_the_run_nothing_is_sent() -> None:
    server = Server(1.0)
    pace = Pace(clock=lambda: server.now, sleep=server.sleep, random=lambda: 0.5, run_seconds=5)
    call = Call("POST /x", Effect.ONCE, "x")
    for _ in range(5):
        pace.answered(server.call, call)
    taken = server.taken
    with pytest.raises(Unavailable, match=r"not sent: the time of this run, 0\.0833 min, is over; run again"):
        pace.answered(server.call, call)
    assert server.taken == taken == 5
