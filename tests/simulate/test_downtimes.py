"""Downtimes: https://docs.datadoghq.com/monitors/downtimes/."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.refusal import Refusal
from tests.simulate.histories import START, at, changes, minutes, simulated, told

QUERY = "avg(last_1m):avg:m{service:web} > 5"
GROUPED = "avg(last_1m):avg:m{service:web} by {host} > 5"


def instant(clock: str) -> str:
    return f"2027-01-05T{clock}:00Z"


def downtime(start: str | None = "01:00", end: str | None = "02:00", **fields: Any) -> dict[str, Any]:
    schedule = {"start": start and instant(start), "end": end and instant(end)}
    return {"monitor_identifier": {"monitor_id": 7}, "scope": "*", "schedule": schedule, **fields}


def web(text: str, host: str = "a") -> Any:
    return minutes(text, tags=["service:web", f"host:{host}"])


# Values of a minute each, the downtime from 01:00 to 02:00.
TOLD: list[tuple[str, str, dict[str, Any], list[str]]] = [
    ("an alert in it is told at its end", "1x70 9x90", {}, ["01:10 Alert muted", "02:00 Alert after downtime"]),
    ("one from before too", "1x30 9x120", {}, ["00:30 Alert", "02:00 Alert after downtime"]),
    (
        "an alert that ended in it is never told",
        "1x70 9x20 1x70",
        {},
        ["01:10 Alert muted", "01:30 OK muted"],
    ),
    ("the first recovery is told", "1x30 9x40 1x80", {}, ["00:30 Alert", "01:10 OK"]),
    (
        "the second is not",
        "1x30 9x40 1x10 9x10 1x60",
        {},
        ["00:30 Alert", "01:10 OK", "01:20 Alert muted", "01:30 OK muted"],
    ),
    (
        "nor is the first if that is muted",
        "1x30 9x40 1x80",
        {"mute_first_recovery_notification": True},
        ["00:30 Alert", "01:10 OK muted"],
    ),
    (
        "states not named are not told at its end",
        "1x70 9x90",
        {"notify_end_states": ["warn", "no data"]},
        ["01:10 Alert muted"],
    ),
    ("nor is anything without `expired`", "1x70 9x90", {"notify_end_types": ["canceled"]}, ["01:10 Alert muted"]),
    (
        "what recovers after it is told",
        "1x70 9x80 1x5",
        {"notify_end_types": []},
        ["01:10 Alert muted", "02:30 OK"],
    ),
    ("what alerts at its end is told once", "1x120 9x20", {}, ["02:00 Alert"]),
    (
        "a cancelled one ends then",
        "1x70 9x90",
        {"canceled": "2027-01-05T01:40:00Z", "notify_end_types": ["canceled"]},
        ["01:10 Alert muted", "01:40 Alert after downtime"],
    ),
    (
        "and nobody is told of that by default",
        "1x70 9x90",
        {"canceled": "2027-01-05T01:40:00Z"},
        ["01:10 Alert muted"],
    ),
]


@pytest.mark.parametrize(("values", "fields", "expected"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_of_a_downtime(values: str, fields: dict[str, Any], expected: list[str]) -> None:
    found = simulated(QUERY, web(values), until="02:35", downtimes=[downtime(**fields)], notify_no_data=False)
    assert told(found) == expected


def test_states_change_in_a_downtime_as_ever() -> None:
    series = web("1x70 9x20 1x70")
    assert changes(simulated(QUERY, series, until="02:30", downtimes=[downtime()])) == ["01:10 Alert", "01:30 OK"]


def test_reminders_are_muted_and_start_anew_after_it() -> None:
    found = simulated(QUERY, web("1x50 9x130"), until="02:45", downtimes=[downtime()], renotify_interval=30)
    assert told(found) == [
        "00:50 Alert",
        "01:20 Alert again muted",
        "01:50 Alert again muted",
        "02:00 Alert after downtime",
        "02:30 Alert again",
    ]


def test_a_downtime_that_goes_on_in_another_ends_with_that() -> None:
    both = [downtime(), downtime("01:30", "02:20")]
    found = simulated(QUERY, web("1x70 9x90"), until="02:35", downtimes=both)
    assert told(found) == ["01:10 Alert muted", "02:20 Alert after downtime"]


def test_one_without_an_end_mutes_for_good() -> None:
    found = simulated(QUERY, web("1x70 9x90"), until="02:35", downtimes=[downtime(end=None)])
    assert told(found) == ["01:10 Alert muted"]


def test_one_that_ended_before_tells_nothing() -> None:
    found = simulated(QUERY, web("9x200"), since="03:00", until="03:10", downtimes=[downtime()])
    assert told(found) == ["03:00 Alert"]


# https://docs.datadoghq.com/monitors/downtimes/#choose-what-to-silence
NAMED: list[tuple[dict[str, Any], str]] = [
    ({"monitor_id": 7}, "01:10 Alert muted"),
    ({"monitor_id": 8}, "01:10 Alert"),
    ({"monitor_tags": ["*"]}, "01:10 Alert muted"),
    ({"monitor_tags": ["team:data"]}, "01:10 Alert muted"),
    ({"monitor_tags": ["team:data", "env:prod"]}, "01:10 Alert muted"),
    ({"monitor_tags": ["team:data", "env:staging"]}, "01:10 Alert"),
    ({"monitor_tags": []}, "01:10 Alert"),
    ({}, "01:10 Alert"),
]


@pytest.mark.parametrize(("identifier", "expected"), NAMED)
def test_it_mutes_monitors_by_id_or_all_of_its_tags(identifier: dict[str, Any], expected: str) -> None:
    found = simulated(
        QUERY,
        web("1x70 9x10"),
        until="01:15",
        payload={"tags": ["team:data", "env:prod"]},
        downtimes=[downtime(monitor_identifier=identifier)],
    )
    assert told(found) == [expected]


SCOPED = [
    ("host:a", ["01:10 host:a Alert muted", "01:10 host:b Alert"]),
    ("-host:a", ["01:10 host:a Alert", "01:10 host:b Alert muted"]),
    ("service:web AND host:(b OR c)", ["01:10 host:a Alert", "01:10 host:b Alert muted"]),
    # The scope of the query belongs to all groups: https://docs.datadoghq.com/monitors/guide/scoping_downtimes/.
    ("service:web", ["01:10 host:a Alert muted", "01:10 host:b Alert muted"]),
    ("service:db", ["01:10 host:a Alert", "01:10 host:b Alert"]),
]


@pytest.mark.parametrize(("scope", "expected"), SCOPED)
def test_its_scope_mutes_groups(scope: str, expected: list[str]) -> None:
    found = simulated(GROUPED, web("1x70 9x9"), web("1x70 9x9", "b"), until="01:15", downtimes=[downtime(scope=scope)])
    assert told(found) == expected


def recurring(where: str, start: str = "2027-01-01T09:00:00") -> dict[str, Any]:
    recurrence = {"rrule": "FREQ=DAILY", "duration": "1h", "start": start}
    return downtime(schedule={"recurrences": [recurrence], "timezone": where})


def test_a_recurring_one_holds_by_the_clocks_of_its_zone() -> None:
    # 09:00 in Tokyo is midnight in UTC.
    found = simulated(QUERY, web("9x10 1x50 9x10"), until="01:10", downtimes=[recurring("Asia/Tokyo")])
    assert told(found) == ["00:00 Alert muted", "00:10 OK muted", "01:00 Alert"]


@pytest.mark.parametrize(("day", "muted_hour"), [("2027-03-27", 8), ("2027-03-28", 7), ("2027-10-31", 8)])
def test_a_recurring_one_follows_daylight_saving(day: str, muted_hour: int) -> None:
    start = int(datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp())
    spikes = minutes("9 1x59 " * 24, tags=["service:web"])
    moved = Series(metric="m", times=spikes.times + start - START, values=spikes.values, tags=spikes.tags)
    payload = {"id": 7, "type": "query alert", "query": QUERY, "options": {"on_missing_data": "default"}}
    found = simulate(
        payload, History([moved]), since=start, until=start + 86_399, downtimes=[recurring("Europe/Berlin")]
    )
    assert not isinstance(found, Refusal)
    alerts = [each for _, each in found.notifications if each.after.value == "Alert"]
    assert [(each.at - start) // 3600 for each in alerts if each.muted] == [muted_hour]


UNREADABLE: list[tuple[dict[str, Any], str]] = [
    (
        {"schedule": {"recurrences": [{"rrule": "FREQ=DAILY", "duration": "1h"}] * 1000}},
        "a downtime of 1,000 recurrences: 5 is the most there can be",
    ),
    ({"scope": "host:(a"}, "a downtime whose scope cannot be read: `host:(a`"),
    ({"scope": "web"}, "a downtime whose scope cannot be read: `web`"),
    (
        {"schedule": {"recurrences": [{"rrule": "FREQ=HOURLY", "duration": "1h"}]}},
        "a downtime: `FREQ` of the rule is `HOURLY`",
    ),
    (
        {"schedule": {"recurrences": [{"rrule": "FREQ=DAILY", "duration": "1h"}], "timezone": "Mars/Base"}},
        "a downtime: time zone `Mars/Base` is not known",
    ),
]


@pytest.mark.parametrize(("fields", "reason"), UNREADABLE)
def test_what_cannot_be_read_is_refused(fields: dict[str, Any], reason: str) -> None:
    payload = {"id": 7, "type": "query alert", "query": QUERY}
    found = simulate(payload, History(()), since=START, until=at("01:00"), downtimes=[downtime(**fields)])
    assert isinstance(found, Refusal)
    assert found.reason == reason


def test_one_of_other_monitors_is_not_read() -> None:
    other = downtime(scope="((", monitor_identifier={"monitor_id": 8})
    assert told(simulated(QUERY, web("9"), until="00:00", downtimes=[other])) == ["00:00 Alert"]
