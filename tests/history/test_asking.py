"""What is asked for a monitor's query."""

from __future__ import annotations

import pytest

from generator.history.asking import asks
from generator.simulate.refusal import Refusal
from generator.simulate.settings import Settings
from tests.history.pulls import DAY, START, asked

HOUR = 3600

TEXTS = [
    ("avg(last_5m):avg:m{env:prod} by {host} > 1", ["avg:m{env:prod} by {host}.rollup(avg, 60)"]),
    ("sum(last_1h):sum:m{*}.as_count() > 1", ["sum:m{*}.as_count().rollup(sum, 60)"]),
    ("avg(last_1h):sum:m{*}.as_rate() > 1", ["sum:m{*}.as_rate().rollup(sum, 60)"]),
    ("avg(last_1h):max:m{*}.rollup(max, 300) > 1", ["max:m{*}.rollup(max, 300)"]),
    ("avg(last_1h):max:m{*}.rollup(max) > 1", ["max:m{*}.rollup(max, 60)"]),
    ("avg(last_5m):p95:m{*} > 1", ["p95:m{*}.rollup(avg, 60)"]),
    ("avg(last_5m):avg:m{*}.fill(last, 900) > 1", ["avg:m{*}.rollup(avg, 60).fill(last, 900)"]),
    ("avg(last_2d):avg:m{*} > 1", ["avg:m{*}.rollup(avg, 1800)"]),
    ("avg(last_5m):100 * sum:a{*} / sum:b{*} > 1", ["sum:a{*}.rollup(avg, 60)", "sum:b{*}.rollup(avg, 60)"]),
    ("avg(last_5m):sum:a{x:y} / sum:a{*} > 1", ["sum:a{x:y}.rollup(avg, 60)", "sum:a{*}.rollup(avg, 60)"]),
    ("avg(last_5m):sum:a{*} / sum:a{*} > 1", ["sum:a{*}.rollup(avg, 60)"]),
]


@pytest.mark.parametrize(("query", "texts"), TEXTS, ids=lambda value: value if isinstance(value, str) else "")
def test_each_metric_is_asked_with_its_rollup(query: str, texts: list[str]) -> None:
    assert [ask.text for ask in asked(query).asks] == texts


SPANS = [
    ("avg(last_5m):avg:m{*} > 1", 300),
    ("avg(last_1h):timeshift(avg:m{*}, -86400) > 1", HOUR + DAY),
    ("avg(last_1h):week_before(avg:m{*}) > 1", HOUR + 7 * DAY),
    ("change(avg(last_5m),1h_ago):avg:m{*} > 1", 300 + HOUR),
    ("avg(last_5m):moving_rollup(avg:m{*}, 600, 'avg') > 1", 300 + 540),
    ("avg(last_5m):avg:m{*} - timeshift(avg:m{*}, -3600) > 1", 300 + HOUR),
]


@pytest.mark.parametrize(("query", "seconds"), SPANS)
def test_it_is_read_from_before_the_first_evaluation(query: str, seconds: int) -> None:
    (ask,) = asked(query).asks
    assert (ask.first, ask.end) == (START - seconds, START + DAY + 60)


def test_a_calendar_shift_reaches_over_the_longest_month() -> None:
    (ask,) = asked("avg(last_5m):calendar_shift(avg:m{*}, '-1mo', 'Asia/Tokyo') > 1").asks
    assert START - 33 * DAY < ask.first < START - 31 * DAY


def test_gaps_stay_open_on_request() -> None:
    query = "avg(last_5m):sum:a{*} + sum:b{*}.fill(zero) > 1"
    texts = [ask.text for ask in asked(query, interpolation="none").asks]
    assert texts == ["sum:a{*}.rollup(avg, 60).fill(null)", "sum:b{*}.rollup(avg, 60).fill(zero)"]


def test_buckets_are_as_long_as_wanted_where_the_query_names_none() -> None:
    query = "avg(last_1h):avg:a{*} + avg:b{*}.rollup(avg, 300) > 1"
    assert {ask.seconds for ask in asked("avg(last_1h):avg:a{*} > 1", settings=Settings(bucket_seconds=120)).asks} == {
        120
    }
    assert {ask.seconds for ask in asked(query, settings=Settings(bucket_seconds=120)).asks} == {300}


def test_answers_are_read_under_names_of_their_own() -> None:
    found = asked("avg(last_5m):sum:a{x:y} by {host}.fill(zero) / sum:a{*} by {host}.rollup(sum, 60) > 1")
    assert found.payload["query"] == (
        "avg(last_5m):sum:toban.answer_0{*} by {host} / sum:toban.answer_1{*} by {host}.rollup(avg, 60) > 1"
    )


REFUSED = [
    ("query alert", "avg(last_4h):anomalies(avg:m{*}, 'basic', 2) >= 1", "anomalies"),
    ("query alert", "avg(last_5m):diff(max:m{*}) > 1", "is computed of each source"),
    ("query alert", "avg(last_5m):avg:m{", "cannot be read"),
    ("log alert", 'logs("*").index("*").rollup("count").last("5m") > 1', "only metric monitors"),
    ("query alert", "avg(last_1h):avg:a{*}.rollup(avg, 60) + avg:a{*}.rollup(avg, 300) > 1", "different lengths"),
]


@pytest.mark.parametrize(("kind", "query", "words"), REFUSED)
def test_what_cannot_be_simulated_is_refused_before_anything_is_asked(kind: str, query: str, words: str) -> None:
    payload = {"type": kind, "query": query}
    found = asks(payload, since=START, until=START + DAY, interpolation="datadog")
    assert isinstance(found, Refusal)
    assert words in found.reason


def test_differences_of_aggregated_answers_are_told() -> None:
    assert asked("avg(last_5m):diff(sum:m{*}) > 1").notes == (
        "`diff` is computed of the aggregated answer; Datadog computes it of each source first",
    )
