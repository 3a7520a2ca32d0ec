"""When monitors are evaluated, over which seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.moments import evaluations, window_starts
from generator.simulate.monitor import monitor
from generator.simulate.refusal import Refusal
from generator.simulate.settings import DEFAULT, Settings
from generator.simulate.timeline import Simulation
from tests.simulate.histories import HOUR, MINUTE, START, at, changes, minutes, points, simulated, told


def read(window: str, **options: Any) -> Any:
    return monitor({"type": "query alert", "query": f"avg({window}):avg:m{{*}} > 5", "options": options})


# https://docs.datadoghq.com/monitors/configuration/#evaluation-frequency
FREQUENCIES = [
    ("last_5m", 1), ("last_23h", 1), ("last_1d", 10), ("last_47h", 10), ("last_2d", 30), ("last_1mo", 30),
    ("current_1h", 1), ("current_1d", 10), ("current_1mo", 30),
]  # fmt: skip


@pytest.mark.parametrize(("window", "expected"), FREQUENCIES)
def test_long_windows_are_evaluated_less_often(window: str, expected: int) -> None:
    found = evaluations(read(window), START, START + 2 * HOUR, DEFAULT)
    assert set(np.diff(found).tolist()) == {expected * MINUTE}
    assert found[0] == START


def test_the_second_of_an_evaluation_is_a_setting() -> None:
    found = evaluations(read("last_5m"), START, START + 3 * MINUTE, Settings(evaluation_second=20))
    assert (found - START).tolist() == [20, 80, 140]


def test_a_delay_moves_the_window_back() -> None:
    """https://docs.datadoghq.com/monitors/configuration/#evaluation-delay: at 7:00 it reads 6:40 to 6:45."""
    series = points({"06:40": 1, "06:41": 9, "06:45": 9, "06:46": 1})
    found = simulated("min(last_5m):avg:m{*} > 5", series, since="07:00", until="07:00", evaluation_delay=900)
    assert changes(found) == ["07:00 Alert"]


Instants = list[tuple[str, str]]
# https://docs.datadoghq.com/monitors/configuration/#cumulative-time-windows. On 2027-03-28 clocks in Berlin go from
# 2:00 to 3:00, on 2027-10-31 from 3:00 to 2:00.
CURRENT: list[tuple[str, dict[str, Any], Instants]] = [
    ("current_1h", {}, [("2027-01-05 06:29", "06:00"), ("2027-01-05 07:00", "07:00")]),
    ("current_1h", {"hour_starts": 30}, [("2027-01-05 06:29", "05:30"), ("2027-01-05 06:30", "06:30")]),
    ("current_1d", {}, [("2027-01-05 06:29", "00:00"), ("2027-01-05 00:00", "00:00")]),
    (
        "current_1d",
        {"day_starts": "14:00", "timezone": "Asia/Tokyo"},
        [("2027-01-05 04:59", "2027-01-04 05:00"), ("2027-01-05 05:00", "05:00")],
    ),
    (
        "current_1d",
        {"day_starts": "04:00", "timezone": "Europe/Berlin"},
        [("2027-03-28 01:59", "2027-03-27 03:00"), ("2027-03-28 02:00", "02:00"), ("2027-10-31 12:00", "03:00")],
    ),
    (
        "current_1mo",
        {"day_starts": "04:00", "month_starts": 1, "timezone": "Europe/Berlin"},
        [
            ("2027-04-01 01:59", "2027-03-01 03:00"),
            ("2027-04-01 02:00", "02:00"),
            ("2027-02-01 01:00", "2027-01-01 03:00"),
        ],
    ),
]


@pytest.mark.parametrize(("window", "starts", "expected"), CURRENT)
def test_a_cumulative_window_begins_by_the_clocks_of_its_zone(
    window: str, starts: dict[str, Any], expected: Instants
) -> None:
    found = read(window, scheduling_options={"evaluation_window": starts})
    for moment, begin in expected:
        day = moment.partition(" ")[0]
        ends = np.array([instant(moment)], dtype=np.int64)
        assert window_starts(found, ends)[0] + 1 == instant(begin if " " in begin else f"{day} {begin}")


def instant(text: str, where: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(where)).timestamp())


def test_a_cumulative_sum_starts_anew_with_its_hour() -> None:
    query = "sum(current_1h):sum:m{*}.as_count() > 20"
    options = {"evaluation_window": {"hour_starts": 30}}
    found = simulated(
        query, minutes("1x120", kind="count"), until="01:59", scheduling_options=options, on_missing_data="default"
    )
    # 21 points at 00:20, anew from 00:30 on.
    assert changes(found) == ["00:20 Alert", "00:30 OK", "00:50 Alert", "01:30 OK", "01:50 Alert"]


def scheduled(rule: str, where: str, *, start: str = "2026-01-01T10:00:00", **options: Any) -> Any:
    schedule = {"recurrences": [{"rrule": rule, "start": start, "timezone": where}]}
    return {"scheduling_options": {"custom_schedule": schedule}, "on_missing_data": "default", **options}


# https://docs.datadoghq.com/monitors/guide/custom_schedules/
SCHEDULES: list[tuple[str, str, str, str, list[str]]] = [
    ("FREQ=DAILY", "Asia/Tokyo", "2027-01-05 00:00", "2027-01-06 23:59", ["2027-01-05 01:00", "2027-01-06 01:00"]),
    # Clocks go on in Berlin on 2027-03-28.
    ("FREQ=DAILY", "Europe/Berlin", "2027-03-27 00:00", "2027-03-28 23:59", ["2027-03-27 09:00", "2027-03-28 08:00"]),
    (
        "FREQ=WEEKLY;BYDAY=TU,SA",
        "UTC",
        "2027-01-05 00:00",
        "2027-01-12 00:00",
        ["2027-01-05 10:00", "2027-01-09 10:00"],
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        "UTC",
        "2027-02-01 00:00",
        "2027-04-01 00:00",
        ["2027-02-28 10:00", "2027-03-31 10:00"],
    ),
]


@pytest.mark.parametrize(("rule", "where", "since", "until", "expected"), SCHEDULES)
def test_a_schedule_of_its_own_is_followed_by_the_clocks_of_its_zone(
    rule: str, where: str, since: str, until: str, expected: list[str]
) -> None:
    found = evaluations(read("last_5m", **scheduled(rule, where)), instant(since), instant(until), DEFAULT)
    assert [datetime.fromtimestamp(each, UTC).strftime("%Y-%m-%d %H:%M") for each in found.tolist()] == expected


def test_with_a_schedule_each_evaluation_that_is_not_ok_is_told_and_none_recovers() -> None:
    """https://docs.datadoghq.com/monitors/guide/custom_schedules/#alerting-behavior-of-monitors-with-custom-schedule."""
    series = points({"09:30": 9, "33:30": 9, "57:30": 1})
    found = simulated("avg(last_1h):avg:m{*} > 5", series, until="60:00", **scheduled("FREQ=DAILY", "UTC"))
    assert told(found) == ["10:00 Alert", "34:00 Alert"]
    assert changes(found) == ["10:00 Alert", "58:00 OK"]
    assert [each.before.value for _, each in found.notifications] == ["OK", "OK"]


def test_with_a_schedule_the_group_that_did_not_report_alerts() -> None:
    done = [
        points({"09:00": 1, "33:00": 1}, tags=["db:a"], kind="count"),
        points({"09:00": 1}, tags=["db:b"], kind="count"),
    ]
    query = "sum(last_12h):sum:m{*}.as_count() by {db} < 1"
    found = simulated(query, *done, until="60:00", **scheduled("FREQ=DAILY", "UTC"))
    assert told(found) == ["34:00 db:b Alert", "58:00 db:a Alert"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("show_and_notify_no_data", ["34:00 No Data"]), ("show_no_data", []), ("resolve", []), ("default", [])],
)
def test_with_a_schedule_missing_data_is_told_by_its_policy(policy: str, expected: list[str]) -> None:
    options = scheduled("FREQ=DAILY", "UTC", on_missing_data=policy)
    found = simulated("avg(last_1h):avg:m{*} > 5", points({"09:30": 1}), until="40:00", **options)
    assert told(found) == expected


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"rrule": "FREQ=HOURLY"}, "its custom schedule: `FREQ` of the rule is `HOURLY`"),
        ({"start": None}, "a custom schedule without a start: it is that of the monitor's creation"),
        ({"timezone": "Mars/Base"}, "time zone `Mars/Base` is not known"),
    ],
)
def test_a_schedule_that_cannot_be_followed_is_refused(change: dict[str, Any], reason: str) -> None:
    options = scheduled("FREQ=DAILY", "UTC")
    options["scheduling_options"]["custom_schedule"]["recurrences"][0] |= change
    payload = {"type": "query alert", "query": "avg(last_1h):avg:m{*} > 5", "options": options}
    found = simulate(payload, History(()), since=START, until=at("01:00"))
    assert isinstance(found, Refusal)
    assert found.reason == reason


def test_a_span_without_an_evaluation_has_no_groups() -> None:
    series = Series(metric="m", times=np.array([START]), values=np.array([9.0]))
    payload = {"type": "query alert", "query": "avg(last_2d):avg:m{*} > 5"}
    found = simulate(payload, History([series]), since=START + 60, until=START + 120)
    assert found == Simulation(since=START + 60, until=START + 120, evaluations=0, groups=())
