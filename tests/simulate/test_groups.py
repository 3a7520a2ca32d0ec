"""Groups that appear, stay silent and are forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from generator.simulate.settings import Settings
from tests.simulate.histories import changes, minutes, points, simulated, told

QUERY = "avg(last_5m):avg:m{*} by {host} > 5"

# https://docs.datadoghq.com/monitors/configuration/#new-group-delay: 60 s by default; the older delay is one of hosts,
# and Datadog fills in 300 s where neither is named.
DELAYS: list[tuple[str, dict[str, Any], Settings, str]] = [
    ("pod", {"new_group_delay": 600}, Settings(), "01:10"),
    ("pod", {"new_group_delay": 0}, Settings(), "01:00"),
    ("pod", {}, Settings(), "01:01"),
    ("pod", {}, Settings(new_group_delay=0), "01:00"),
    ("pod", {"new_host_delay": 600}, Settings(), "01:01"),
    ("host", {"new_host_delay": 600}, Settings(), "01:10"),
    ("host", {"new_host_delay": 600, "new_group_delay": None}, Settings(), "01:10"),
    ("host", {"new_host_delay": 600, "new_group_delay": 120}, Settings(), "01:02"),
    ("host", {}, Settings(), "01:05"),
]


@pytest.mark.parametrize(("key", "options", "settings", "expected"), DELAYS)
def test_a_new_group_is_not_evaluated_at_once(
    key: str, options: dict[str, Any], settings: Settings, expected: str
) -> None:
    old, new = minutes("1x90", tags=[f"{key}:a"]), minutes("9x30", since="01:00", tags=[f"{key}:b"])
    query = f"avg(last_5m):avg:m{{*}} by {{{key}}} > 5"
    found = simulated(query, old, new, until="01:20", settings=settings, **options)
    assert changes(found) == [f"{expected} {key}:b Alert"]


def test_a_group_that_was_there_from_the_start_is_not_new() -> None:
    found = simulated(QUERY, minutes("9x30", tags=["host:a"]), until="00:10", new_group_delay=600)
    assert changes(found) == ["00:00 host:a Alert"]


def test_a_group_without_data_for_a_day_is_forgotten_and_nobody_told() -> None:
    """https://docs.datadoghq.com/monitors/configuration/#group-retention-time: from when the query returns none."""
    series = points({"00:00": 9, "30:00": 9}, tags=["host:a"])
    found = simulated(QUERY, series, until="30:20", new_group_delay=300)
    assert changes(found) == ["00:00 host:a Alert", "24:05 host:a OK"]
    assert found.groups[0].transitions[1].cause == "dropped"
    assert told(found) == ["00:00 host:a Alert"]


def test_a_group_that_comes_back_after_a_day_is_new_again() -> None:
    lasting = minutes("9x30", since="30:00", tags=["host:a"])
    early = minutes("1", metric="m", tags=["host:a", "other:1"])
    found = simulated(QUERY, early, lasting, until="30:20", new_group_delay=600)
    assert changes(found) == ["30:10 host:a Alert"]


def test_a_group_that_comes_back_within_a_day_is_not_new() -> None:
    lasting = minutes("9x30", since="20:00", tags=["host:a"])
    early = minutes("1", tags=["host:a", "other:1"])
    found = simulated(QUERY, early, lasting, until="20:20", new_group_delay=600)
    assert changes(found) == ["20:00 host:a Alert"]


def test_counts_of_a_silent_group_are_zero_until_it_is_forgotten() -> None:
    query = "sum(last_5m):sum:m{*}.as_count() by {host} < 1"
    series = minutes("1x10", tags=["host:a"], kind="count")
    found = simulated(query, series, until="30:00", on_missing_data="default")
    assert changes(found) == ["00:14 host:a Alert", "24:14 host:a OK"]
    assert told(found) == ["00:14 host:a Alert"]


@pytest.mark.parametrize(
    ("query", "alert"),
    [
        ("avg(last_5m):default_zero(avg:m{*} by {host}) < 1", "02:19"),
        ("sum(last_5m):default_zero(sum:m{*} by {host}.as_count()) < 1", "02:14"),
        ("sum(last_5m):default_zero(sum:m{*} by {host}.as_count()) * 100 / sum:all{*}.as_count() < 1", "02:14"),
        ("avg(last_5m):abs(default(avg:m{*} by {host}, 0)) + 0 < 1", "02:19"),
        ("avg(last_5m):max(default_zero(avg:m{*} by {host,pod}), {host}) < 1", "02:19"),
    ],
)
def test_what_default_zero_puts_neither_begins_a_group_nor_keeps_it(query: str, alert: str) -> None:
    series = minutes("9x10", since="02:00", tags=["host:a", "pod:b"], kind="count" if "as_count" in query else "gauge")
    every = minutes("9x2000", metric="all", kind="count")
    found = simulated(query, series, every, until="30:00", new_group_delay=0)
    assert changes(found) == [f"{alert} host:a Alert", "26:14 host:a OK"]
    assert found.groups[0].transitions[-1].cause == "dropped"


def test_a_monitor_without_groups_is_never_forgotten() -> None:
    found = simulated("avg(last_5m):avg:m{*} > 5", minutes("9x10"), until="60:00")
    assert changes(found) == ["00:00 Alert"]


def test_series_without_a_tag_of_the_grouping_are_not_watched() -> None:
    """https://docs.datadoghq.com/monitors/guide/troubleshooting-no-data/."""
    found = simulated(QUERY, minutes("9x10", tags=["env:prod"]), until="00:09")
    assert found.groups == ()
