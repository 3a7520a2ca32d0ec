"""What missing data means: https://docs.datadoghq.com/monitors/configuration/#no-data.

With `on_missing_data` the evaluation window is the time that must be without data; older options name one.
"""

from __future__ import annotations

from typing import Any

import pytest

from generator.simulate.settings import Settings
from tests.simulate.histories import changes, minutes, points, simulated, told

GAUGE, COUNT = "avg(last_5m):avg:m{*} > 5", "sum(last_5m):sum:m{*}.as_count() > 5"
# Fine until 00:09, above the threshold from 00:10 to 00:19, nothing until 00:59, then fine again.
ALERTING = "1x10 9x10 _x40 1x60"

POLICIES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("show_and_notify_no_data", {}, ["00:12 Alert", "00:24 No Data", "01:00 OK"]),
    ("resolve", {}, ["00:12 Alert", "00:24 OK"]),
    ("default", {}, ["00:12 Alert", "01:00 OK"]),
]


@pytest.mark.parametrize(("policy", "options", "expected"), POLICIES)
def test_each_policy_tells_of_a_gap_in_an_alert_as_named(
    policy: str, options: dict[str, Any], expected: list[str]
) -> None:
    found = simulated(GAUGE, minutes(ALERTING), until="01:30", on_missing_data=policy, **options)
    assert (changes(found), told(found)) == (expected, expected)


def test_no_data_is_shown_and_nobody_told() -> None:
    found = simulated(GAUGE, minutes("1x10 _x20 1x10"), until="00:39", on_missing_data="show_no_data")
    assert (changes(found), told(found)) == (["00:14 No Data", "00:30 OK"], [])


def test_who_was_told_of_an_alert_is_told_of_its_end_after_a_silent_gap() -> None:
    found = simulated(GAUGE, minutes(ALERTING), until="01:30", on_missing_data="show_no_data")
    assert changes(found) == ["00:12 Alert", "00:24 No Data", "01:00 OK"]
    assert told(found) == ["00:12 Alert", "01:00 OK"]


@pytest.mark.parametrize(
    ("setting", "expected"), [("told", ["00:00 Alert", "00:30 Alert"]), ("not_told", ["00:00 Alert"])]
)
def test_an_alert_that_a_silent_gap_interrupts_is_told_again_by_a_setting(setting: Any, expected: list[str]) -> None:
    settings = Settings(alert_after_silent_gap=setting)
    found = simulated(
        GAUGE, minutes("9x10 _x20 9x10"), until="00:39", settings=settings, on_missing_data="show_no_data"
    )
    assert changes(found) == ["00:00 Alert", "00:14 No Data", "00:30 Alert"]
    assert told(found) == expected


def test_counts_without_data_are_zero() -> None:
    found = simulated(COUNT, minutes("1x5 9x5", kind="count"), until="00:30", on_missing_data="default")
    assert changes(found) == ["00:05 Alert", "00:14 OK"]
    assert [each.value for _, each in found.notifications] == [13.0, 0.0]


def test_counts_below_a_threshold_alert_when_nothing_comes() -> None:
    query = "sum(last_5m):sum:m{*}.as_count() < 1"
    found = simulated(query, minutes("1x10", kind="count"), until="00:20", on_missing_data="default")
    assert changes(found) == ["00:14 Alert"]


def test_what_never_had_data_is_not_missed() -> None:
    found = simulated(GAUGE, minutes("1", since="02:00"), until="01:00", on_missing_data="show_and_notify_no_data")
    assert changes(found) == []


# https://docs.datadoghq.com/monitors/guide/monitor_api_options/, and for the default the guides that contradict it:
# https://docs.datadoghq.com/monitors/guide/troubleshooting-no-data/. The last point is of 00:09.
OLDER: list[tuple[dict[str, Any], Settings, list[str]]] = [
    ({"notify_no_data": True, "no_data_timeframe": 20}, Settings(), ["00:29 No Data"]),
    ({"notify_no_data": True, "no_data_timeframe": 2}, Settings(), ["00:14 No Data"]),
    ({"notify_no_data": True}, Settings(), ["00:19 No Data"]),
    ({"notify_no_data": True}, Settings(no_data_windows=1), ["00:14 No Data"]),
    ({"notify_no_data": False, "no_data_timeframe": 20}, Settings(), []),
    ({}, Settings(), []),
]


@pytest.mark.parametrize(("options", "settings", "expected"), OLDER)
def test_older_options_tell_after_their_time_without_data(
    options: dict[str, Any], settings: Settings, expected: list[str]
) -> None:
    found = simulated(GAUGE, minutes("1x10"), until="01:30", settings=settings, **options)
    assert (changes(found), told(found)) == (expected, expected)


# https://docs.datadoghq.com/monitors/configuration/#auto-resolve: "the alert never resolves because the metric never
# reports 0"; https://docs.datadoghq.com/monitors/guide/on_missing_data/: it would report No Data.
SILENT = [("keep", ["00:00 Alert"]), ("zero", ["00:00 Alert", "00:14 OK"]), ("show", ["00:00 Alert", "00:19 No Data"])]


@pytest.mark.parametrize(("setting", "expected"), SILENT)
def test_counts_of_a_monitor_that_says_nothing_of_missing_data_depend_on_a_setting(
    setting: Any, expected: list[str]
) -> None:
    settings = Settings(older_missing_data=setting)
    found = simulated(COUNT, minutes("9x10", kind="count"), until="01:00", settings=settings, notify_no_data=False)
    assert changes(found) == expected


@pytest.mark.parametrize(("setting", "expected"), [("zero", ["00:00 Alert", "00:14 OK"]), ("keep", ["00:00 Alert"])])
def test_sums_without_as_count_are_counts_by_a_setting(setting: Any, expected: list[str]) -> None:
    settings = Settings(sums_without_data=setting)
    query = "avg(last_5m):sum:m{*} > 5"
    found = simulated(query, minutes("9x10"), until="01:00", settings=settings, on_missing_data="default")
    assert changes(found) == expected


def test_gauges_without_data_keep_their_state() -> None:
    found = simulated(GAUGE, minutes("9x10"), until="23:00", on_missing_data="default")
    assert changes(found) == ["00:00 Alert"]


def test_an_alert_without_data_resolves_by_itself_from_when_the_query_finds_none() -> None:
    """https://docs.datadoghq.com/monitors/configuration/#group-retention-time says from when."""
    found = simulated(GAUGE, minutes("9x10"), until="03:00", on_missing_data="default", timeout_h=1)
    assert (changes(found), told(found)) == (["00:00 Alert", "01:14 OK"], ["00:00 Alert", "01:14 OK"])
    assert found.groups[0].transitions[-1].cause == "resolved by itself"


def test_an_alert_with_data_never_resolves_by_itself() -> None:
    """https://docs.datadoghq.com/monitors/configuration/#auto-resolve."""
    found = simulated(GAUGE, minutes("9x120"), until="01:59", timeout_h=1)
    assert changes(found) == ["00:00 Alert"]


def test_what_resolved_by_itself_alerts_again_when_it_comes_back() -> None:
    """https://docs.datadoghq.com/monitors/configuration/#auto-resolve."""
    series = points({"00:00": 9, "03:00": 9})
    found = simulated("avg(last_5m):avg:m{*} > 5", series, until="04:30", timeout_h=1)
    assert changes(found) == ["00:00 Alert", "01:05 OK", "03:00 Alert", "04:05 OK"]


@pytest.mark.parametrize(("setting", "expected"), [("alerts", []), ("any_state", ["01:14 OK"])])
def test_no_data_resolves_by_itself_by_a_setting(setting: Any, expected: list[str]) -> None:
    settings = Settings(auto_resolve=setting)
    found = simulated(
        GAUGE,
        minutes("9x10"),
        until="03:00",
        settings=settings,
        on_missing_data="show_and_notify_no_data",
        timeout_h=1,
    )
    assert changes(found) == ["00:00 Alert", "00:14 No Data", *expected]


def test_a_window_that_is_not_full_changes_nothing() -> None:
    """https://docs.datadoghq.com/monitors/types/metric/#data-window: at most three of its minutes may be empty."""
    series = minutes("1x20 _x4 9x10")
    assert changes(simulated(GAUGE, series, until="00:33")) == ["00:24 Alert"]
    found = simulated(GAUGE, series, until="00:33", require_full_window=True)
    # The first minute of a window is 00:24 only at 00:28.
    assert changes(found) == ["00:28 Alert"]


@pytest.mark.parametrize(("setting", "expected"), [("result", ["00:26 Alert"]), ("metrics", ["00:34 Alert"])])
def test_what_must_fill_a_window_is_a_setting(setting: Any, expected: list[str]) -> None:
    other = minutes("1x20 _x10 1x20", metric="n")
    found = simulated(
        "min(last_5m):avg:m{*} + default_zero(avg:n{*}) > 8",
        minutes("1x22 9x40"),
        other,
        until="00:45",
        settings=Settings(full_window_of=setting),
        require_full_window=True,
    )
    assert changes(found) == expected
