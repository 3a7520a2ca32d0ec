"""Points and answers out of files."""

from __future__ import annotations

import builtins
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from generator.history.files import FiledHistory, read_history
from generator.history.points import UnreadableHistory
from generator.history.source import Files, NoPast, Past, Reading
from generator.simulate.evaluating import simulate
from generator.simulate.timeline import Simulation
from tests.history.pulls import DAY, START

READING = Reading(since=START, until=START + 3600)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(folder: Path, content: str | bytes, name: str = "history.csv") -> FiledHistory:
    return read_history([written(folder, name, content)])


def test_a_row_is_a_point_and_a_further_column_a_tag(tmp_path: Path) -> None:
    found = read(tmp_path, "time,metric,value,host,env\n120,cpu,2,A,\n60,cpu,1.5,A,\n60,cpu,9,b,prod\n").series
    assert [(each.metric, sorted(each.tags), each.times.tolist(), each.values.tolist()) for each in found] == [
        ("cpu", ["host:a"], [60, 120], [1.5, 2.0]),
        ("cpu", ["env:prod", "host:b"], [60], [9.0]),
    ]


def test_a_file_says_what_a_metric_is_and_how_late(tmp_path: Path) -> None:
    (one, other) = read(
        tmp_path, "time,metric,value,kind,interval,arrives\n60,hits,2,rate,10,15m\n60,cpu,1,,,\n"
    ).series
    assert (one.kind, one.interval, one.arrives) == ("rate", 10, 900)
    assert (other.kind, other.interval, other.arrives) == (None, 0, None)


SIXTY = [(START + 60 * minute, 4) for minute in range(60)]
READ_AS = [
    # What the file says, the query, the value of a window of five minutes, what is told of it.
    ("", "sum(last_5m):sum:hits{*}.as_count() > 1", 20.0, "points of `hits` have no `kind`: they are taken for counts"),
    ("", "avg(last_5m):sum:hits{*} > 1", 4.0, ""),
    ("gauge", "sum(last_5m):sum:hits{*}.as_count() > 1", 20.0, ""),
    ("count", "avg(last_5m):sum:hits{*}.as_rate() > 0", 4 / 60, ""),
    ("rate,60", "sum(last_5m):sum:hits{*}.as_count() > 1", 1200.0, ""),
    (",60", "sum(last_5m):sum:hits{*}.as_count() > 1", 1200.0, ""),
    ("rate,60", "avg(last_5m):sum:hits{*}.as_rate() > 1", 4.0, ""),
    ("rate,10", "avg(last_5m):sum:hits{*}.as_rate() > 1", 4.0, "`hits` is a rate: `.as_rate()` sums its points"),
]


@pytest.mark.parametrize(("said", "query", "value", "told"), READ_AS)
def test_points_are_what_the_file_says_or_else_what_the_query_reads(
    tmp_path: Path, said: str, query: str, value: float, told: str
) -> None:
    kind, _, interval = said.partition(",")
    rows = "".join(f"{at},hits,{number},{kind},{interval}\n" for at, number in SIXTY)
    filed = read(tmp_path, f"time,metric,value,kind,interval\n{rows}")
    found = Files(filed).past({"type": "query alert", "query": query}, READING)
    assert isinstance(found, Past)
    simulation = simulate(found.payload, found.history, since=START + 1800, until=START + 1800)
    assert isinstance(simulation, Simulation)
    ((alert,),) = [each.transitions for each in simulation.groups]
    assert alert.value == pytest.approx(value)
    assert told in (found.notes[0] if told else "")
    assert len(found.notes) == bool(told)


def test_a_rate_without_an_interval_is_not_counted(tmp_path: Path) -> None:
    filed = read(tmp_path, f"time,metric,value,kind\n{START},hits,1,rate\n")
    query = "sum(last_5m):sum:hits{*}.as_count() > 1"
    found = Files(filed).past({"type": "query alert", "query": query}, READING)
    assert isinstance(found, NoPast)
    assert "points of `hits` are a rate, and no `interval` says how far they are apart" in found.reason


@pytest.mark.parametrize(
    "time",
    [
        "1790812800",
        "1790812800.9",
        "1790812800000",
        "2026-10-01T00:00:00Z",
        "2026-10-01T09:00:00+09:00",
        "2026-10-01 00:00+00:00",
    ],
)
def test_times_are_read_as_people_write_them(tmp_path: Path, time: str) -> None:
    (found,) = read(tmp_path, f"time,metric,value\n{time},cpu,1\n").series
    assert found.times.tolist() == [START]


def test_points_without_a_number_are_none_and_the_last_of_a_time_counts(tmp_path: Path) -> None:
    (found,) = read(tmp_path, "time,metric,value\n60,cpu,1\n120,cpu,\n180,cpu,nan\n240,cpu,inf\n60,cpu,2\n").series
    assert (found.times.tolist(), found.values.tolist()) == ([60], [2.0])


def test_a_file_a_day_is_one_history(tmp_path: Path) -> None:
    paths = [written(tmp_path, f"{day}.csv", f"time,metric,value\n{START + day * DAY},cpu,{day}\n") for day in (1, 0)]
    (found,) = read_history(paths).series
    assert found.values.tolist() == [0.0, 1.0]


UNREADABLE = [
    ("history.csv", "", "no column `time`; its columns are none"),
    ("history.csv", "when,metric,value\n", "no column `time`; its columns are `when`, `metric`, `value`"),
    ("history.csv", "time,time,value\n", "names its columns `time,time,value`"),
    ("history.csv", "time,metric,value\n60,cpu\n", "line 2 has 2 cells, and there are 3 columns"),
    ("history.csv", "time,metric,value\nyesterday,cpu,1\n", "row 2: `time` is `yesterday`"),
    ("history.csv", "time,metric,value\n2026-10-01T00:00,cpu,1\n", "row 2: `time` is `2026-10-01T00:00`"),
    ("history.csv", "time,metric,value\n1e30,cpu,1\n", "row 2: `time` is `1e30`"),
    ("history.csv", "time,metric,value\nnan,cpu,1\n", "row 2: `time` is `nan`"),
    ("history.csv", "time,metric,value\n-5,cpu,1\n", "row 2: `time` is `-5`"),
    ("history.csv", "time,metric,value\n60,cpu,1\n60,cpu,much\n", "row 3: `value` is `much`"),
    ("history.csv", "time,metric,value\n60,,1\n", "row 2: it has no `metric`"),
    ("history.csv", "time,metric,value,kind\n60,cpu,1,level\n", "row 2: `kind` is `level`"),
    ("history.csv", "time,metric,value,interval\n60,cpu,1,soon\n", "row 2: `interval` is `soon`"),
    ("history.csv", "time,metric,value,arrives\n60,cpu,1,later\n", "row 2: `arrives` is `later`"),
    ("history.csv", b"time,metric,value\n60,cpu\xff,1\n", "is no UTF-8"),
    ("history.csv", 'time,metric,value\n60,"cpu,1\n', "line 2 is no CSV"),
    ("history.csv", "time,metric,value\n60,cpu," + "9" * 200_000 + "\n", "line 2 is no CSV"),
    ("history.txt", "", "is of no kind of file that is known"),
    ("history.json", "", "is no answer of the query API"),
    ("history.json", "[" * 100_000, "is no answer of the query API"),
    ("history.json", "{}", "it has no list `series`"),
    ("history.json", '{"status": "error", "error": "Error parsing query"}', "refused query: Error parsing query"),
    ("history.json", '{"series": [{"pointlist": [[1]]}], "query": "avg:m{*}"}', "no pairs of a time and a value"),
    ("history.json", '{"series": [{"pointlist": 5}], "query": "avg:m{*}"}', "has no list `pointlist`"),
    ("history.json", '{"series": [{"tag_set": [5], "pointlist": []}], "query": "avg:m{*}"}', "no list of texts"),
    ("history.json", '{"series": [{"pointlist": [[1e300, 1]]}], "query": "avg:m{*}"}', "none in milliseconds"),
    ("history.json", '{"series": [], "query": "avg:m{"}', "its `query` is `avg:m{`"),
    ("history.json", '{"series": [], "query": "avg:m{*} / 2"}', "ask for each metric alone"),
    ("history.parquet", "hello", "is no Parquet file that can be read"),
]


@pytest.mark.parametrize(("name", "content", "words"), UNREADABLE)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, name: str, content: str | bytes, words: str) -> None:
    with pytest.raises(UnreadableHistory) as told:
        read(tmp_path, content, name)
    assert words in str(told.value)
    assert told.value.hint


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableHistory, match="cannot be read: No such file"):
        read_history([tmp_path / "none.csv"])


def test_one_source_has_one_kind(tmp_path: Path) -> None:
    with pytest.raises(UnreadableHistory, match="differ in `kind`"):
        read(tmp_path, "time,metric,value,kind\n60,cpu,1,gauge\n60,cpu,1,count\n")


def test_parquet_has_the_columns_of_csv(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    times = [datetime.fromtimestamp(START + 60 * minute, UTC) for minute in range(3)]
    table = pa.table({"time": times, "metric": ["cpu"] * 3, "value": [1.0, None, 3.0], "host": ["a", "a", "b"]})
    parquet.write_table(table, tmp_path / "history.parquet")
    found = read_history([tmp_path / "history.parquet"]).series
    assert [(sorted(each.tags), each.times.tolist(), each.values.tolist()) for each in found] == [
        (["host:a"], [START], [1.0]),
        (["host:b"], [START + 120], [3.0]),
    ]


def test_parquet_without_pyarrow_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *arguments)

    for name in [each for each in sys.modules if each.startswith("pyarrow")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UnreadableHistory) as told:
        read(tmp_path, "", "history.parquet")
    assert "pip install pyarrow" in told.value.hint


def answer(query: str, *groups: tuple[list[str], list[float | None]], interval: int = 60) -> dict[str, Any]:
    series = [
        {
            "tag_set": tags, "interval": interval, "query_index": 0,
            "pointlist": [[(START + interval * place) * 1000, value] for place, value in enumerate(values)],
        }
        for tags, values in groups
    ]  # fmt: skip
    return {"status": "ok", "series": series, "query": query}


def past(folder: Path, query: str, *bodies: dict[str, Any]) -> Past | NoPast:
    filed = read(folder, json.dumps(list(bodies)), "answers.json")
    return Files(filed).past({"type": "query alert", "query": query}, READING)


def alerts(found: Past | NoPast) -> dict[tuple[str, ...], int]:
    assert isinstance(found, Past), found
    simulation = simulate(found.payload, found.history, since=START, until=START + 3600)
    assert isinstance(simulation, Simulation)
    return {each.group: len(each.transitions) for each in simulation.groups}


def test_an_answer_serves_the_monitor_that_asks_the_same(tmp_path: Path) -> None:
    query = "avg(last_5m):avg:cpu{env:prod} by {host} > 5"
    values: list[float | None] = [1.0] * 20 + [9.0] * 20 + [None] + [1.0] * 19
    body = answer("avg:cpu{env:prod} by {host}.rollup(avg,60)", (["host:a"], values), (["host:N/A"], values))
    assert alerts(past(tmp_path, query, body)) == {("host:a",): 2}


def test_answers_with_one_metric_in_two_scopes_stay_apart(tmp_path: Path) -> None:
    query = "sum(last_5m):100 * sum:hits{status:500}.as_count() / sum:hits{*}.as_count() > 50"
    failed = answer("sum:hits{status:500}.as_count().rollup(sum,60)", ([], [0.0] * 20 + [9.0] * 20 + [0.0] * 20))
    every = answer("sum:hits{*}.as_count().rollup(sum,60)", ([], [10.0] * 60))
    assert alerts(past(tmp_path, query, failed, every)) == {(): 2}


def test_a_part_of_the_answers_is_not_enough(tmp_path: Path) -> None:
    found = past(tmp_path, "avg(last_5m):avg:a{*} + avg:b{*} > 5", answer("avg:a{*}", ([], [1.0] * 60)))
    assert found == NoPast("the files answer a part of its query only; `avg:b{*}.rollup(avg, 60)` is missing")


def test_an_answer_with_other_buckets_names_the_option(tmp_path: Path) -> None:
    found = past(tmp_path, "avg(last_1h):avg:a{*} > 5", answer("avg:a{*}", ([], [1.0] * 12), interval=300))
    assert isinstance(found, NoPast)
    assert "give `--rollup 300`" in found.reason


def test_an_answer_by_another_rollup_is_no_answer(tmp_path: Path) -> None:
    found = past(tmp_path, "avg(last_1h):avg:a{*} > 5", answer("avg:a{*}.rollup(max,60)", ([], [1.0] * 60)))
    assert found == NoPast("the files have no points of `a`")


def test_a_metric_that_no_file_has_is_told_and_a_scope_without_series_noted(tmp_path: Path) -> None:
    filed = read(tmp_path, f"time,metric,value,env\n{START},cpu,1,prod\n")
    monitor = {"type": "query alert", "query": "avg(last_5m):avg:cpu{env:staging} > 5"}
    found = Files(filed).past(monitor, READING)
    assert isinstance(found, Past)
    assert found.notes == ("no series of the files is in `avg:cpu{env:staging}`",)
    other = Files(filed).past({"type": "query alert", "query": "avg(last_5m):avg:mem{*} > 5"}, READING)
    assert other == NoPast("the files have no points of `mem`")


def test_points_come_as_late_as_the_file_or_the_organisation_says(tmp_path: Path) -> None:
    filed = read(tmp_path, f"time,metric,value,host,arrives\n{START},aws.x,1,a,\n{START},aws.x,1,b,5m\n")
    reading = Reading(since=START, until=START + 60, late_seconds=lambda _: 1200)
    found = Files(filed).past({"type": "query alert", "query": "avg(last_5m):avg:aws.x{*} > 5"}, reading)
    assert isinstance(found, Past)
    assert [each.arrives for each in found.history.of("aws.x")] == [1200, 300]
