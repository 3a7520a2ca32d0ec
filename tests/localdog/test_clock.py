"""The server's time: it can be set, moved on and let go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from generator.localdog.evaluating import DAY, MINUTE, spans
from tests.localdog.client import Client
from tests.localdog.evaluated import START, Driven, driven


@pytest.fixture
def server() -> Iterator[Driven]:
    with driven() as found:
        yield found


def test_the_clock_stands_until_it_is_moved(server: Driven) -> None:
    first = server.call("GET", "/_toban/clock").body
    assert (first["now"], first["stands"]) == ("2027-01-12T08:00:00.000000+00:00", True)
    assert server.advance("90s")["now"] == "2027-01-12T08:01:30.000000+00:00"
    assert server.call("GET", "/_toban/clock").body["evaluated_until"] == "2027-01-12T08:01:00+00:00"


def test_what_is_written_has_the_servers_time(server: Driven) -> None:
    assert server.read(server.monitor())["created"] == "2027-01-12T08:00:00.000000+00:00"


def test_the_clock_follows_the_machines_when_it_is_let_go(server: Driven) -> None:
    answer = server.call("DELETE", "/_toban/clock").body
    assert not answer["stands"]
    assert abs(datetime.fromisoformat(answer["now"]) - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_reset_lets_the_clock_go(server: Driven) -> None:
    server.call("POST", "/_toban/reset")
    assert not server.call("GET", "/_toban/clock").body["stands"]


def test_setting_the_clock_evaluates_nothing_in_between(server: Driven) -> None:
    monitor = server.monitor()
    server.push([9.0] * 10)
    server.advance("1m")
    server.call("POST", "/_toban/clock", {"now": "2030-01-01T00:00:00Z"})
    server.push([1.0] * 10, first=int(datetime(2030, 1, 1, tzinfo=UTC).timestamp()))
    server.advance("5m")
    assert server.state(monitor) == "OK"


def test_a_clock_set_back_goes_on_from_there(server: Driven) -> None:
    monitor = server.monitor()
    server.push([1.0] * 90)
    server.advance("60m")
    server.call("POST", "/_toban/clock", {"now": "2027-01-12T08:10:00Z"})
    server.push([9.0] * 10, first=START + 600)
    server.advance("10m")
    assert server.state(monitor) == "Alert"
    assert [(at, status) for at, _, status in server.changes()] == [("08:12", "Alert")]


def test_a_machine_whose_clock_was_years_ahead_goes_on(tmp_path: Path) -> None:
    """The file was evaluated until the year 3000; the next server's clock says what it is."""
    with driven(tmp_path / "dog.db") as server:
        monitor = server.monitor()
        server.call("POST", "/_toban/clock", {"now": "3000-01-01T00:00:00Z"})
    with driven(tmp_path / "dog.db") as server:
        server.push([9.0] * 20)
        server.advance("10m")
        assert server.state(monitor) == "Alert"


def test_points_of_the_year_3000_wait_for_it(server: Driven) -> None:
    monitor = server.monitor()
    server.push([9.0] * 10, first=int(datetime(3000, 1, 1, tzinfo=UTC).timestamp()))
    server.advance("31d")
    assert server.state(monitor) == "No Data"
    server.call("POST", "/_toban/clock", {"now": "3000-01-01T00:00:00Z"})
    server.advance("5m")
    assert server.state(monitor) == "Alert"


REFUSED = [
    {}, {"now": 7}, {"now": "noon"}, {"now": "2027-01-12T08:00:00"}, {"now": "0001-01-01T00:00:00+14:00"},
    {"now": "9999-12-31T23:59:59-12:00"}, {"now": "2027-01-12T08:00:00Z", "advance": "1m"}, {"advance": "32d"},
    {"advance": "0m"}, {"advance": "-5m"}, {"advance": 5}, {"advance": "9999999d"}, {"advance": "\u0661m"},
    {"advance": None}, {"now": "x" * 10_000}, {"forward": "5m"},
]  # fmt: skip


@pytest.mark.parametrize("sent", REFUSED, ids=[str(sent)[:40] for sent in REFUSED])
def test_an_odd_time_is_refused_in_words(server: Driven, sent: dict[str, object]) -> None:
    answer = server.call("POST", "/_toban/clock", sent)
    assert answer.status == 400
    assert len(answer.body["errors"][0]) < 400
    assert server.call("GET", "/_toban/clock").body["now"] == "2027-01-12T08:00:00.000000+00:00"


def test_no_list_is_a_time(call: Client) -> None:
    assert call("POST", "/_toban/clock", []).status == 400


def test_rate_limits_go_by_the_machines_time(server: Driven) -> None:
    server.call("PUT", "/_toban/faults", {"rate_limits": {"default": {"limit": 1, "period_seconds": 1}}})
    waits = {int(server.call("GET", "/api/v1/validate").headers["x-ratelimit-reset"]) for _ in range(2)}
    assert waits == {1}


UNTIL = 1_000_000 * MINUTE
SPANS = {
    "the first round looks at one minute": (None, UNTIL, [(UNTIL - 59, UNTIL)]),
    "the next at the minute after": (UNTIL - 60, UNTIL, [(UNTIL - 59, UNTIL)]),
    "twice in a minute is once": (UNTIL, UNTIL, []),
    "a clock that was a little fast is waited for": (UNTIL + 120, UNTIL, []),
    "after a stop a day is caught up": (UNTIL - 9 * DAY, UNTIL, [(UNTIL - DAY + 1, UNTIL)]),
}


@pytest.mark.parametrize(("evaluated", "until", "expected"), SPANS.values(), ids=SPANS)
def test_a_round_is_of_what_is_due(evaluated: int | None, until: int, expected: list[tuple[int, int]]) -> None:
    assert spans(evaluated, until, DAY) == expected


def test_more_than_a_day_is_evaluated_day_by_day() -> None:
    assert spans(UNTIL - 2 * DAY - 60, UNTIL, 31 * DAY) == [
        (UNTIL - 2 * DAY - 59, UNTIL - DAY - 60), (UNTIL - DAY - 59, UNTIL - 60), (UNTIL - 59, UNTIL),
    ]  # fmt: skip
