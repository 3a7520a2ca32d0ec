"""Metrics pushed to the intake answer queries."""

from __future__ import annotations

import gzip
import json
import zlib
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import pytest

from generator.localdog.series_store import Source
from generator.localdog.store import Store
from tests.localdog.client import Answer, Client, Payload

HOUR = 3600
FIRST = 1_641_344_400
"""A whole hour, so that buckets begin with it."""


def push(call: Client, metric: str, values: list[float], *tags: str, **fields: Any) -> None:
    """One value a minute."""
    points = [[FIRST + 60 * minute, value] for minute, value in enumerate(values)]
    answer = call("POST", "/api/v1/series", {"series": [{"metric": metric, "points": points, "tags": tags, **fields}]})
    assert answer.status == 202, answer.body


@pytest.fixture
def metrics(call: Client) -> Client:
    push(call, "cpu", [1, 2, 3, 4], "env:prod", host="a")
    push(call, "cpu", [10, 20, 30, 40], "env:prod", host="b")
    push(call, "cpu", [100, 200, 300, 400], "env:staging", host="c")
    push(call, "cpu", [7, 7, 7, 7], "env:prod")
    push(call, "hits", [60, 120, 0, 60], "env:prod", type="count", interval=60)
    push(call, "errors", [6, 0, 0, 30], "env:prod", type="count", interval=60)
    push(call, "rate", [1, 2, 1, 2], "env:prod", type="rate", interval=60)
    push(call, "gappy", [1, 2], "env:prod")
    return call


def query(call: Client, text: str, *, first: int = FIRST, end: int = FIRST + 240) -> Answer:
    return call("GET", "/api/v1/query?" + urlencode({"from": first, "to": end, "query": text}))


def series(call: Client, text: str, **span: int) -> list[tuple[str, list[float | None]]]:
    answer = query(call, text, **span)
    assert answer.status == 200, answer.body
    return [(each["scope"], [value for _, value in each["pointlist"]]) for each in answer.body["series"]]


ANSWERS: list[tuple[str, list[tuple[str, list[float | None]]]]] = [
    ("avg:cpu{host:a}.rollup(avg,60)", [("host:a", [1, 2, 3, 4])]),
    ("cpu{host:a}.rollup(avg,60)", [("host:a", [1, 2, 3, 4])]),
    ("sum:cpu{env:prod,host:*}.rollup(avg,60)", [("env:prod,host:*", [11, 22, 33, 44])]),
    ("max:cpu{*}.rollup(avg,60)", [("*", [100, 200, 300, 400])]),
    ("min:cpu{!env:staging,!host:a}.rollup(avg,60)", [("!env:staging,!host:a", [7, 7, 7, 7])]),
    ("count:cpu{*}.rollup(avg,60)", [("*", [4, 4, 4, 4])]),
    ("sum:cpu{host IN (a,b)}.rollup(avg,60)", [("host IN (a,b)", [11, 22, 33, 44])]),
    ("sum:cpu{env:prod AND NOT host:a}.rollup(avg,60)", [("env:prod AND NOT host:a", [17, 27, 37, 47])]),
    (
        "sum:cpu{*} by {env}.rollup(avg,60)",
        [("env:prod", [18, 29, 40, 51]), ("env:staging", [100, 200, 300, 400])],
    ),
    (
        "avg:cpu{env:prod} by {host}.rollup(avg,120)",
        [("host:N/A", [7, 7]), ("host:a", [1.5, 3.5]), ("host:b", [15, 35])],
    ),
    ("avg:cpu{host:a}.rollup(sum,120)", [("host:a", [3, 7])]),
    ("avg:cpu{host:a}.rollup(max,120)", [("host:a", [2, 4])]),
    ("avg:cpu{host:a}.rollup(count,240)", [("host:a", [4])]),
    ("sum:hits{*}.as_count().rollup(sum,120)", [("*", [180, 60])]),
    ("sum:hits{*}.as_rate().rollup(sum,60)", [("*", [1, 2, 0, 1])]),
    ("sum:hits{*}.rollup(avg,120)", [("*", [90, 30])]),
    ("sum:rate{*}.as_count().rollup(sum,120)", [("*", [180, 180])]),
    ("avg:cpu{host:a}.as_count().rollup(avg,60)", [("host:a", [1, 2, 3, 4])]),
    ("avg:gappy{*}.rollup(avg,60)", [("*", [1, 2, None, None])]),
    ("avg:gappy{*}.fill(zero).rollup(avg,60)", [("*", [1, 2, 0, 0])]),
    ("avg:gappy{*}.rollup(avg,60).fill(last,60)", [("*", [1, 2, 2, None])]),
    ("default_zero(avg:gappy{*}.rollup(avg,60))", [("*", [1, 2, 2, 2])]),
    ("default_zero(avg:gappy{*}.rollup(avg,60).fill(null))", [("*", [1, 2, 0, 0])]),
    ("default(avg:gappy{*}.rollup(avg,60).fill(null),9)", [("*", [1, 2, 9, 9])]),
    ("ewma_3(avg:cpu{host:a}.rollup(avg,60)) * 0", [("*", [0, 0, 0, 0])]),
    ("cumsum(timeshift(avg:cpu{host:a}.rollup(avg,60),-60))", [("*", [None, 1, 3, 6])]),
    ("avg:cpu{host:a}.rollup(avg,60) * 10 + 1", [("*", [11, 21, 31, 41])]),
    ("-avg:cpu{host:a}.rollup(avg,60)", [("*", [-1, -2, -3, -4])]),
    ("12 / avg:cpu{host:a}.rollup(avg,60)", [("*", [12, 6, 4, 3])]),
    (
        "sum:errors{*}.as_count().rollup(sum,60) / sum:hits{*}.as_count().rollup(sum,60)",
        [("*", [0.1, 0, None, 0.5])],
    ),
    (
        "avg:cpu{env:prod,host:*} by {host}.rollup(avg,120) / avg:cpu{host:a}.rollup(avg,120)",
        [("host:a", [1, 1]), ("host:b", [10, 10])],
    ),
    ("abs(0 - avg:cpu{host:a}.rollup(avg,60))", [("*", [1, 2, 3, 4])]),
    ("clamp_max(avg:cpu{host:a}.rollup(avg,60),2)", [("*", [1, 2, 2, 2])]),
    ("cutoff_min(avg:cpu{host:a}.rollup(avg,60),3)", [("*", [None, None, 3, 4])]),
    ("diff(avg:cpu{host:b}.rollup(avg,60))", [("*", [None, 10, 10, 10])]),
    ("per_minute(avg:cpu{host:b}.rollup(avg,60))", [("*", [None, 10, 10, 10])]),
    ("monotonic_diff(sum:hits{*}.rollup(avg,60))", [("*", [None, 60, None, 60])]),
    ("cumsum(avg:cpu{host:a}.rollup(avg,60))", [("*", [1, 3, 6, 10])]),
    ("count_nonzero(sum:hits{*}.rollup(avg,60))", [("*", [1, 1, 0, 1])]),
    ("count_not_null(avg:cpu{*} by {host}.rollup(avg,120))", [("*", [4, 4])]),
    ("exclude_null(avg:cpu{env:prod} by {host}.rollup(avg,240))", [("host:a", [2.5]), ("host:b", [25])]),
    ("timeshift(avg:cpu{host:a}.rollup(avg,60),-60)", [("*", [None, 1, 2, 3])]),
    ("1 / 0 * avg:cpu{*}", []),
    ("avg:nothing{*}", []),
    ("avg:cpu{host:nobody}", []),
]


@pytest.mark.parametrize(("text", "expected"), ANSWERS)
def test_a_query_is_answered_from_what_was_pushed(
    metrics: Client, text: str, expected: list[tuple[str, list[float | None]]]
) -> None:
    assert series(metrics, text) == expected


def test_several_queries_are_told_apart(metrics: Client) -> None:
    answer = query(metrics, "avg:cpu{host:a}.rollup(avg,60),avg:cpu{host:b}.rollup(avg,60)").body
    assert [(each["query_index"], each["expression"]) for each in answer["series"]] == [
        (0, "avg:cpu{host:a}"), (1, "avg:cpu{host:b}"),
    ]  # fmt: skip


def test_an_answer_has_the_recorded_shape(call: Client) -> None:
    """A day asked for at an odd second: buckets of 300 s, the first whole one to the last that began."""
    first = 1_641_343_852
    points = [[first + 60 * minute, 1.0] for minute in range(24 * 60)]
    call("POST", "/api/v1/series", {"series": [{"metric": "system.cpu.idle", "points": points}]})
    answer = query(call, "system.cpu.idle{*}", first=first, end=first + 24 * HOUR).body
    told = answer["series"][0]
    assert (told["interval"], told["length"], told["start"], told["end"]) == (300, 288, 1641344100000, 1641430499000)
    assert (told["scope"], told["tag_set"], told["aggr"], told["unit"]) == ("*", [], None, None)
    assert (answer["status"], answer["from_date"], answer["res_type"]) == ("ok", first * 1000, "time_series")


REFUSED = [
    ("avg:cpu{*", "Error parsing query: "),
    ("forecast(avg:cpu{*},'linear',1)", "does not evaluate this: `forecast`"),
    ("p95:cpu{*}", "does not evaluate this: a distribution's percentiles"),
    ("avg:cpu{$host}", "does not evaluate this: `$host` is a template variable"),
    ("avg:cpu{*}.rollup(avg,daily)", "does not evaluate this: rollups by the calendar, such as `daily`"),
    ("sum:cpu{*}.weighted()", "does not evaluate this: `.weighted()`"),
    ("1 + 2", "does not evaluate a query without a metric"),
    ("x" * 30_000, "more than 20000 characters"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_is_not_evaluated_is_refused_by_name(metrics: Client, text: str, words: str) -> None:
    answer = query(metrics, text)
    assert answer.status == 400
    assert words in answer.body["errors"][0]


@pytest.mark.parametrize(
    "span",
    [{}, {"from": 1}, {"from": 5, "to": 5}, {"from": 9, "to": 5}, {"from": "a", "to": 5}, {"from": 1, "to": 10**11}],
)
def test_a_query_needs_a_time(call: Client, span: Payload) -> None:
    assert call("GET", "/api/v1/query?" + urlencode({"query": "avg:cpu{*}", **span})).status == 400


def test_too_many_buckets_are_refused(call: Client) -> None:
    push(call, "cpu", [1])
    answer = query(call, "avg:cpu{*}.rollup(avg,1)", end=FIRST + 30 * 24 * HOUR)
    assert (answer.status, "buckets" in answer.body["errors"][0]) == (400, True)


def test_version_2_takes_its_own_form(call: Client) -> None:
    points = [{"timestamp": FIRST + 60 * minute, "value": minute} for minute in range(3)]
    sent = {
        "metric": "cpu", "type": 3, "points": points, "tags": ["Env:Prod"],
        "resources": [{"type": "host", "name": "a"}],
    }  # fmt: skip
    answer = call("POST", "/api/v2/series", {"series": [sent]})
    assert (answer.status, answer.body) == (202, {"errors": []})
    assert series(call, "avg:cpu{env:prod} by {host}.rollup(avg,60)", end=FIRST + 180) == [("host:a", [0, 1, 2])]


@pytest.mark.parametrize(("encoding", "pack"), [("deflate", zlib.compress), ("gzip", gzip.compress)])
def test_packed_bodies_are_unpacked(call: Client, encoding: str, pack: Any) -> None:
    sent = {"series": [{"metric": "cpu", "points": [[FIRST, 5]]}]}
    packed = pack(json.dumps(sent).encode())
    assert call("POST", "/api/v1/series", packed, Content_Encoding=encoding).status == 202
    assert series(call, "avg:cpu{*}.rollup(avg,60)", end=FIRST + 60) == [("*", [5])]


HOSTILE: list[tuple[bytes, str]] = [
    (zlib.compress(b" " * 50_000_000), "deflate"),
    (b"no deflate", "deflate"),
    (b"{}", "zstd"),
    (b"{", ""),
    (b'{"series": 7}', ""),
    (b'{"series": [7]}', ""),
    (b'{"series": [{"metric": "", "points": []}]}', ""),
    (b'{"series": [{"metric": 7, "points": []}]}', ""),
    (b'{"series": [{"metric": "a", "points": 7}]}', ""),
    (b'{"series": [{"metric": "a", "points": [[1]]}]}', ""),
    (b'{"series": [{"metric": "a", "points": [["x", 1]]}]}', ""),
    (b'{"series": [{"metric": "a", "points": [[-1, 1]]}]}', ""),
    (b'{"series": [{"metric": "a", "points": [[1, ' + b"9" * 400 + b"]]}]}", ""),
    (b'{"series": [{"metric": "a", "type": "set", "points": []}]}', ""),
    (b'{"series": [{"metric": "a", "tags": [7], "points": []}]}', ""),
    (b'{"series": [{"metric": "a", "interval": "x", "points": []}]}', ""),
]


@pytest.mark.parametrize("path", ["/api/v1/series", "/api/v2/series"])
@pytest.mark.parametrize(("body", "encoding"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_push_is_refused(call: Client, path: str, body: bytes, encoding: str) -> None:
    headers = {"Content_Encoding": encoding} if encoding else {}
    assert call("POST", path, body, **headers).status == 400
    assert call("GET", "/api/v1/validate").status == 200


def test_a_tag_is_cut_as_datadog_cuts_it(call: Client) -> None:
    push(call, "cpu", [1], "x:" + "y" * 5000)
    assert series(call, "avg:cpu{*} by {x}.rollup(avg,60)", end=FIRST + 60) == [("x:" + "y" * 198, [1])]


def test_a_series_of_thousands_of_tags_is_refused(call: Client) -> None:
    sent = {"series": [{"metric": "cpu", "points": [[FIRST, 1]], "tags": [f"k{number}:v" for number in range(5000)]}]}
    assert "at most 1000 tags" in call("POST", "/api/v1/series", sent).body["errors"][0]


def test_a_hundred_thousand_points_are_taken_at_once(call: Client) -> None:
    points = [[FIRST + second, second] for second in range(100_000)]
    assert call("POST", "/api/v1/series", {"series": [{"metric": "cpu", "points": points}]}).status == 202
    assert series(call, "max:cpu{*}.rollup(max,60)", end=FIRST + 120) == [("*", [59, 119])]


def points_of(metric: str, store: Store) -> int:
    return len(list(store.series.points_of(metric, 0, 2**40)))


def test_the_oldest_points_are_forgotten_first() -> None:
    with closing(Store.open(None)) as store, store.transaction():
        for host in ("a", "b"):
            store.series.add(Source("cpu", (f"host:{host}",)), [(FIRST + second, 1.0) for second in range(60)])
        store.series.add(Source("old", ()), [(FIRST - 9, 1.0)])
        store.series.keep_within(1000, added=121)
        assert (points_of("cpu", store), store.series.count()) == (120, 3)
        store.series.keep_within(100, added=0)
        assert points_of("cpu", store) == 90
        assert store.series.count() == 2
        store.series.keep_within(100, added=5)
        assert points_of("cpu", store) == 90, "what is replaced is counted, but is not more"


def asked(type_: str, *queries: Payload, formulas: tuple[str, ...] = (), **attributes: Any) -> Payload:
    whole = {
        "from": FIRST * 1000, "to": (FIRST + 240) * 1000,
        "queries": [{"data_source": "metrics", **each} for each in queries],
        "formulas": [{"formula": text} for text in formulas], **attributes,
    }  # fmt: skip
    return {"data": {"type": type_, "attributes": whole}}


def test_formulas_are_answered_as_timeseries(metrics: Client) -> None:
    sent = asked(
        "timeseries_request",
        {"name": "a", "query": "sum:errors{*}.as_count()"},
        {"name": "b", "query": "sum:hits{*}.as_count()"},
        formulas=("a / b", "b"),
        interval=120_000,
    )
    answer = metrics("POST", "/api/v2/query/timeseries", sent)
    assert answer.status == 200, answer.body
    found = answer.body["data"]["attributes"]
    assert found["times"] == [FIRST * 1000, (FIRST + 120) * 1000]
    assert found["values"] == [[6 / 180, 0.5], [180, 60]]
    assert [each["query_index"] for each in found["series"]] == [0, 1]


def test_queries_without_formulas_are_answered_each(metrics: Client) -> None:
    sent = asked("timeseries_request", {"query": "avg:cpu{env:prod} by {host}.rollup(avg,240)"})
    found = metrics("POST", "/api/v2/query/timeseries", sent).body["data"]["attributes"]
    assert [each["group_tags"] for each in found["series"]] == [["host:N/A"], ["host:a"], ["host:b"]]
    assert found["values"] == [[7], [2.5], [25]]


def test_scalars_are_one_number_a_group(metrics: Client) -> None:
    one = {"name": "a", "query": "avg:cpu{env:prod,host:*} by {host}.rollup(avg,60)", "aggregator": "max"}
    columns = metrics("POST", "/api/v2/query/scalar", asked("scalar_request", one)).body["data"]["attributes"][
        "columns"
    ]
    assert columns == [
        {"name": "host", "type": "group", "values": [["a"], ["b"]]},
        {"name": "formula1", "type": "number", "values": [4, 40], "meta": {"unit": None}},
    ]


REQUESTS: list[tuple[Payload, str]] = [
    ({"data": {"type": "x"}}, 'API input validation failed: Invalid type. Expected "timeseries_request".'),
    ({}, 'API input validation failed: Invalid type. Expected "timeseries_request".'),
    ({"data": {"type": "timeseries_request"}}, "API input validation failed: attributes are required."),
    (asked("timeseries_request", {"query": "avg:cpu{*}"}, to=0), "The timeframe is incorrect"),
    (asked("timeseries_request", {"query": "avg:cpu{*}"}, to="x"), "API input validation failed: to is required."),
    (asked("timeseries_request", {"query": "avg:cpu{*}"}, formulas=("b",)), "does not evaluate `b`"),
    (asked("timeseries_request", {"query": "avg:cpu{*}"}, formulas=("(",)), "Error parsing formula"),
    (asked("timeseries_request", {"query": 7}), "API input validation failed: a query is required."),
    (asked("timeseries_request", {"query": "*", "data_source": "logs"}), "does not evaluate the data source `logs`"),
    (asked("timeseries_request", *[{"query": "a"}] * 60), "a list of at most 50"),
]


@pytest.mark.parametrize(("sent", "words"), REQUESTS)
def test_an_odd_request_is_refused(metrics: Client, sent: Payload, words: str) -> None:
    answer = metrics("POST", "/api/v2/query/timeseries", sent)
    assert answer.status == 400
    assert words in answer.body["errors"][0]


def test_metrics_are_listed_and_searched(metrics: Client) -> None:
    assert metrics("GET", f"/api/v1/metrics?from={FIRST + 180}").body["metrics"] == ["cpu", "errors", "hits", "rate"]
    assert metrics("GET", "/api/v1/search?q=metrics:it").body == {"results": {"metrics": ["hits"]}}


def test_a_later_point_at_a_time_replaces_the_earlier(call: Client) -> None:
    push(call, "cpu", [1, 2])
    push(call, "cpu", [5])
    assert series(call, "avg:cpu{*}.rollup(avg,60)", end=FIRST + 120) == [("*", [5, 2])]


def test_only_times_with_points_are_answered_in_the_second_versions_own_type(metrics: Client) -> None:
    points = [{"timestamp": FIRST + at, "value": 1.0} for at in (0, 180)]
    series = {"series": [{"metric": "sparse", "type": 3, "points": points}]}
    assert metrics("POST", "/api/v2/series", series).status == 202
    answer = metrics("POST", "/api/v2/query/timeseries", asked("timeseries_request", {"query": "avg:sparse{*}"}))
    found = answer.body["data"]["attributes"]
    assert len(found["times"]) == 2
    assert found["values"] == [[1, 1]]
    assert answer.headers["content-type"] == "application/vnd.api+json"
