"""The two documents of the endpoint, as they were seen and as they should not be."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import SECOND_NS, START_NS, container, moment, since, stats, task
from toban_fargate_cpu import measured
from toban_fargate_documents import Task, UnreadableDocumentError, moment_ns, stats_of, task_of

MOMENTS = [
    ("1970-01-01T00:00:01Z", SECOND_NS),
    ("2023-06-20T01:19:45.077342978Z", 1687223985077342978),
    ("2021-10-29T10:25:20.5933849Z", 1635503120593384900),
    ("2023-06-20T10:19:45.077342978+09:00", 1687223985077342978),
    ("2023-06-19T18:19:45.077342978-07:00", 1687223985077342978),
    ("2023-06-20t01:19:45.5z", 1687223985500000000),
    ("2023-06-20T01:19:45.0773429789999Z", 1687223985077342978),
    ("2016-12-31T23:59:60Z", None),
    ("1969-12-31T23:59:59.99999999Z", None),
    ("0001-01-01T00:00:00Z", None),
    ("0001-01-01T00:00:00+23:59", None),
    ("9999-12-31T23:59:59-23:59", 253402387139 * SECOND_NS),
    ("2023-06-20T01:19:45", None),
    ("2023-06-20 01:19:45Z", None),
    ("2023-06-20T01:19:45.Z", None),
    ("2023-13-20T01:19:45Z", None),
    ("2023-06-20T01:19:45Z\n", None),
    ("\uff12\uff10\uff12\uff13-06-20T01:19:45Z", None),
    ("2023-06-20T01:19:45." + "1" * 100_000 + "Z", None),
    ("", None),
    (None, None),
    (1687223985, None),
]
# What Python's JSON reader makes of any document.
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(moment(0)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NOW_NS = START_NS + 10 * SECOND_NS
FIELDS = ["read", "preread", "cpu_stats", "precpu_stats"]


@pytest.mark.parametrize(("text", "expected"), MOMENTS, ids=[str(text)[:40] for text, _ in MOMENTS])
def test_moments_are_read_to_the_nanosecond(text: object, expected: int | None) -> None:
    assert moment_ns(text) == expected


def test_a_task_is_named_by_its_cluster_family_and_revision() -> None:
    found = task_of(task())
    assert (found.family, found.version, found.cluster, found.limit_cores) == ("usage-api", "7", "web", 1)


def test_a_cluster_may_be_told_by_its_bare_name() -> None:
    assert task_of(task(Cluster="default")).cluster == "default"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("V4 task metadata handler: unable", "the task document is a text, not a JSON object"),
        (None, "the task document is null, not a JSON object"),
        ([], "the task document is a list, not a JSON object"),
        (True, "the task document is true or false, not a JSON object"),
        (429, "the task document is a number, not a JSON object"),
        ({"Containers": []}, "the task has no `TaskARN`"),
        ({"TaskARN": "", "Containers": []}, "the task has no `TaskARN`"),
        ({"TaskARN": "arn"}, "the task has no list of `Containers`"),
        ({"TaskARN": "arn", "Containers": {}}, "the task has no list of `Containers`"),
    ],
)
def test_what_is_no_task_is_told(document: object, message: str) -> None:
    with pytest.raises(UnreadableDocumentError) as caught:
        task_of(document)
    assert str(caught.value) == message


def test_containers_without_id_or_name_are_left_out() -> None:
    odd = [None, 1, "app", {}, {"DockerId": "1"}, {"Name": "app"}, {"DockerId": 1, "Name": "app"}]
    assert task_of(task(*odd)).containers == ()


def test_zeros_for_the_previous_reading_are_none() -> None:
    (read,) = stats_of({"1": stats(10, 5, preread=moment(0), precpu_stats={"cpu_usage": {"total_usage": 0}})}).values()
    assert read.before is None


@pytest.mark.parametrize("preread", [None, "0001-01-01T00:00:00Z", "", "yesterday", 0])
def test_a_previous_reading_without_a_moment_is_none(preread: object) -> None:
    (read,) = stats_of({"1": {**stats(10, 5, **since(0, 1)), "preread": preread}}).values()
    assert read.before is None


@pytest.mark.parametrize("total", [None, -1, 1.5, "17031250000", True, 2**64, float("nan")])
def test_a_counter_that_is_none_is_no_zero(total: object) -> None:
    assert stats_of({"1": {**stats(0, 0), "cpu_stats": {"cpu_usage": {"total_usage": total}}}}) == {}


@pytest.mark.parametrize(
    ("counters", "expected"),
    [
        ({"online_cpus": 2, "cpu_usage": {"percpu_usage": [1] * 15}}, 2),
        ({"cpu_usage": {"percpu_usage": [1, 2]}}, 2),
        ({"online_cpus": 0, "cpu_usage": {"percpu_usage": [1, 2]}}, 2),
        ({"online_cpus": None, "cpu_usage": {"percpu_usage": None}}, None),
        ({"cpu_usage": {"percpu_usage": []}}, None),
        ({}, None),
    ],
)
def test_online_cpus_are_counted_only_where_they_are_not_told(counters: dict[str, Any], expected: int | None) -> None:
    usage = {"total_usage": 1, **counters.get("cpu_usage", {})}
    (read,) = stats_of({"1": {**stats(0, 0), "cpu_stats": {**counters, "cpu_usage": usage}}}).values()
    assert read.online_cpus == expected


def test_the_synthetic_stats_of_the_ecs_agent_are_before_any_moment(recorded: Any) -> None:
    for name in ("unix_test_stats", "windows_test_stats"):
        assert stats_of({"1": recorded(f"ecs_agent/{name}.json")}) == {}


def test_cgroup_v2_is_read(recorded: Any) -> None:
    document = recorded("telegraf/cgroupv2_stats.json")
    (read,) = stats_of(document).values()
    assert (read.now.total_ns, read.online_cpus) == (34818000, 2)
    assert read.before is not None
    assert read.now.read_ns - read.before.read_ns == 1047313845


def test_fifteen_cpus_of_2018_do_not_count(recorded: Any) -> None:
    read = stats_of(recorded("telegraf/stats.golden"))
    assert {each.online_cpus for each in read.values()} == {1}


@settings(derandomize=True, max_examples=300, deadline=None)
@given(document=JSON, containers=st.lists(st.dictionaries(st.sampled_from(list(container())), JSON), max_size=3))
def test_any_task_is_read_or_told_to_be_none(document: Any, containers: list[Any]) -> None:
    for each in (document, {**task(), "Containers": containers}, {**task(), "Limits": document}):
        with contextlib.suppress(UnreadableDocumentError):
            assert isinstance(task_of(each), Task)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(fields=st.dictionaries(st.sampled_from(FIELDS), JSON), usage=JSON)
def test_any_stats_give_a_percent_within_bounds_or_none(fields: dict[str, Any], usage: Any) -> None:
    for changed in (fields, {"cpu_stats": {"cpu_usage": {"total_usage": usage}}}, {"cpu_stats": usage}):
        document = json.loads(json.dumps({**stats(10, 5, **since(0, 1)), **changed}))
        percent = measured(task_of(task()), stats_of({"0123-app": document}), {}, now_ns=NOW_NS).task.percent
        assert percent is None or 0 <= percent <= 100
