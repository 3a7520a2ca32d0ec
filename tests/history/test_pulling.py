"""Pulling in chunks: the same points however they are cut, interrupted, cached or limited."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.datadog.errors import Unavailable
from generator.history.answer import answered
from generator.history.asking import Ask
from generator.history.budget import BudgetSpent
from generator.history.line import between, joined
from generator.history.pulling import Pulling, Unanswered, chunks, missing_chunks, pulled
from tests.history.pulls import DAY, NOW, START, Server, asked, only, plain, served
from tests.sync.scene import Sent

HOUR = 3600
FEW = settings(derandomize=True, max_examples=25, deadline=None)
QUERIES = (
    "avg(last_5m):avg:m{*} by {host} > 1",
    "avg(last_5m):avg:m{*} by {host}.fill(last, 900) > 1",
    "avg(last_5m):sum:m{*}.fill(zero) > 1",
    "sum(last_1h):sum:m{*}.as_count() > 1",
    "avg(last_1h):max:m{*} by {host}.rollup(max, 300) > 1",
)
POINTS = st.lists(
    st.tuples(st.integers(0, 4 * DAY // 60 - 1).map(lambda minute: START + 60 * minute), st.integers(-5, 50)),
    min_size=1, max_size=30,
)  # fmt: skip


class Interruption(BaseException):
    pass


def fetched_at_once(ask: Ask, pulling: Pulling) -> dict[tuple[str, ...], list[tuple[int, float]]]:
    """One request for the whole span and its surroundings."""
    body = pulling.api.points(ask.text, (ask.first - ask.margin, ask.end + ask.margin))
    return plain([between(each, ask.first, ask.end) for each in joined([each.line for each in answered(body)])])


@FEW
@given(st.sampled_from(QUERIES), POINTS, POINTS, st.integers(0, DAY), st.integers(HOUR, 3 * DAY))
def test_chunks_joined_are_one_fetch(
    query: str, first: list[tuple[int, float]], second: list[tuple[int, float]], since: int, length: int
) -> None:
    (ask,) = asked(query, START + since, START + since + length, interpolation="none").asks
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        server.push("m", first, "host:a")
        server.push("m", second, "host:b")
        with server.pulling() as pulling:
            in_chunks, whole = plain(pulled(ask, pulling)), fetched_at_once(ask, pulling)
            again = plain(pulled(ask, pulling))
    present = {tags: points for tags, points in in_chunks.items() if points}
    assert present == {tags: points for tags, points in whole.items() if points}
    assert again == in_chunks


def test_lines_between_points_cross_the_edges_of_chunks(server: Server) -> None:
    often = [(START + 240 * number, float(number % 7)) for number in range(800)]
    server.push("m", often, "host:a")
    server.push("m", [(at + 120, value) for at, value in often], "host:b")
    ask = only("avg(last_5m):sum:m{*} > 1", START, START + 2 * DAY)
    with server.pulling() as pulling:
        in_chunks = plain(pulled(ask, pulling))
        assert in_chunks == fetched_at_once(ask, pulling)
    assert len(in_chunks[()]) > 1500


@FEW
@given(POINTS, st.integers(0, 6), st.booleans())
def test_resumed_after_an_interruption_is_as_uninterrupted(
    points: list[tuple[int, float]],
    answers: int,
    is_budget: bool,  # noqa: FBT001 - hypothesis gives it
) -> None:
    ask = only(QUERIES[0], START, START + 4 * DAY)

    def interrupt(sent: Sent) -> None:
        if sent.number > answers:
            raise Interruption

    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        server.push("m", points, "host:a")
        limit = {"budget": answers} if is_budget else {"before": interrupt}
        with server.pulling(**limit) as pulling:
            count = len(list(chunks(ask, pulling)))
            if answers < count:
                with pytest.raises((Interruption, BudgetSpent)):
                    pulled(ask, pulling)
            else:
                pulled(ask, pulling)
        with server.pulling() as pulling:
            left = missing_chunks(ask, pulling)
            resumed = plain(pulled(ask, pulling))
        assert (len(left), server.sent) == (max(count - answers, 0),) * 2
        with server.pulling(cache=type(pulling.cache)(None)) as pulling:
            assert plain(pulled(ask, pulling)) == resumed


@FEW
@given(st.integers(0, 12), st.lists(st.integers(1, 12), max_size=6, unique=True), st.sampled_from([429, 500, 503]))
def test_budget_is_never_exceeded_whatever_goes_wrong(budget: int, refused: list[int], status: int) -> None:
    ask = only(QUERIES[0], START, START + 5 * DAY)
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
        server.push("m", [(START, 1.0)], "host:a")
        server.goes_wrong(
            *({"when": {"path": "/api/v1/query", "nth": nth}, "do": {"status": status}} for nth in refused)
        )
        with server.pulling(budget=budget) as pulling:
            try:
                pulled(ask, pulling)
            except (BudgetSpent, Unavailable):
                assert missing_chunks(ask, pulling)
    assert server.sent <= budget


DAMAGE = {
    "cut short": lambda content: content[: len(content) // 2],
    "empty": lambda _: b"",
    "one bit turned": lambda content: content[:-3] + bytes([content[-3] ^ 1]) + content[-2:],
    "no head": lambda content: content.partition(b"\n")[2],
    "text": lambda _: b"hello\n",
    "deep": lambda _: b"[" * 100_000 + b"\n",
    "of another version": lambda content: content.replace(b'"version":1', b'"version":2'),
    "other tags": lambda content: content.replace(b'"host:a"', b'"host:a","x"'),
    "pickle": lambda _: b"\x80\x04\x95\x0e\x00\x00\x00\x00\x00\x00\x00.\n",
}


@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_cache_is_asked_for_again(server: Server, how: str) -> None:
    server.push("m", [(START + HOUR, 7.0)], "host:a")
    ask = only(QUERIES[0])
    with server.pulling() as pulling:
        sound = plain(pulled(ask, pulling))
    files = sorted((server.folder / "history").iterdir())
    assert files
    for each in files:
        damaged = DAMAGE[how](each.read_bytes())
        each.write_bytes(damaged)
    with server.pulling() as pulling:
        assert plain(pulled(ask, pulling)) == sound
    assert server.sent > 0
    with server.pulling() as pulling:
        pulled(ask, pulling)
    assert server.sent == 0


def test_what_may_still_change_is_not_kept(server: Server) -> None:
    server.push("m", [(START + HOUR, 7.0)], "host:a")
    ask = only(QUERIES[0], START + DAY, START + 2 * DAY - 60)
    with server.pulling(now=START + 2 * DAY + 60) as pulling:
        pulled(ask, pulling)
        assert len(missing_chunks(ask, pulling)) == 1


def test_future_is_not_asked_for(server: Server) -> None:
    with server.pulling(now=NOW) as pulling:
        assert pulled(only(QUERIES[0], NOW + DAY, NOW + 2 * DAY), pulling) == ()
    assert server.sent == 0


def test_answers_of_another_datadog_are_not_taken(server: Server) -> None:
    ask = only(QUERIES[0])
    with server.pulling() as pulling:
        pulled(ask, pulling)
        assert missing_chunks(ask, pulling) == frozenset()
    with server.pulling(cache=pulling.cache) as other:
        assert missing_chunks(ask, Pulling(api=other.api, target="there", cache=other.cache, now=NOW))


class Coarse:
    """A Datadog that makes buckets longer than asked, as for what is long ago."""

    def points(self, query: str, span: tuple[int, int]) -> dict[str, object]:
        del query
        first = span[0] // 300 * 300
        return {"series": [{"tag_set": [], "interval": 300, "query_index": 0, "pointlist": [[first * 1000, 1.0]]}]}


def test_longer_buckets_than_asked_for_are_refused(server: Server) -> None:
    with server.pulling() as pulling:
        coarse = Pulling(api=Coarse(), target="here", cache=pulling.cache, now=NOW)
        with pytest.raises(Unanswered, match="answered in buckets of 300 s and not of 60 s"):
            pulled(only(QUERIES[0]), coarse)


def test_a_cache_that_cannot_be_written_is_none(server: Server) -> None:
    server.push("m", [(START + HOUR, 7.0)], "host:a")
    (server.folder / "history").write_text("a file")
    with server.pulling() as pulling:
        assert plain(pulled(only(QUERIES[0]), pulling)) == {("host:a",): [(START + HOUR, 7.0)]}
