"""Reminders: https://docs.datadoghq.com/monitors/notify/#renotify and .../guide/monitor_api_options/."""

from __future__ import annotations

from typing import Any

import pytest

from generator.simulate.settings import Settings
from tests.simulate.histories import minutes, simulated, told

QUERY = "avg(last_1m):avg:m{*} > 5"
SENT: list[tuple[str, dict[str, Any], str, list[str]]] = [
    # So long after the last notification, until it recovers.
    (
        "9x70 1x5",
        {"renotify_interval": 30},
        "01:14",
        ["00:00 Alert", "00:30 Alert again", "01:00 Alert again", "01:10 OK"],
    ),
    # A number of times, counted anew for each alert.
    (
        "9x70 1 9x70",
        {"renotify_interval": 30, "renotify_occurrences": 1},
        "02:15",
        ["00:00 Alert", "00:30 Alert again", "01:10 OK", "01:11 Alert", "01:41 Alert again"],
    ),
    # Of alerts and missing data, unless the statuses say otherwise.
    ("7x60", {"renotify_interval": 30, "thresholds": {"critical": 8, "warning": 5}}, "00:59", ["00:00 Warn"]),
    (
        "7x40",
        {"renotify_interval": 30, "renotify_statuses": ["warn"], "thresholds": {"critical": 8, "warning": 5}},
        "00:39",
        ["00:00 Warn", "00:30 Warn again"],
    ),
    ("9x60", {"renotify_interval": 30, "renotify_statuses": ["no data"]}, "00:59", ["00:00 Alert"]),
    (
        "1x10 _x60",
        {"renotify_interval": 30, "on_missing_data": "show_and_notify_no_data"},
        "00:59",
        ["00:10 No Data", "00:40 No Data again"],
    ),
    # Nobody is reminded of what nobody was told.
    ("1x10 _x60", {"renotify_interval": 30, "on_missing_data": "show_no_data"}, "00:59", []),
    # Another state is another notification, and the interval starts with it.
    (
        "7x20 9x50",
        {"renotify_interval": 30, "renotify_statuses": ["alert", "warn"], "thresholds": {"critical": 8, "warning": 5}},
        "01:00",
        ["00:00 Warn", "00:20 Alert", "00:50 Alert again"],
    ),
    ("9x60", {}, "00:59", ["00:00 Alert"]),
    ("9x60", {"renotify_interval": 0}, "00:59", ["00:00 Alert"]),
]


@pytest.mark.parametrize(("values", "options", "until", "expected"), SENT)
def test_reminders_are_sent_as_the_options_say(
    values: str, options: dict[str, Any], until: str, expected: list[str]
) -> None:
    critical = options.get("thresholds", {}).get("critical", 5)
    query = f"avg(last_1m):avg:m{{*}} > {critical}"
    assert told(simulated(query, minutes(values), until=until, **options)) == expected


def test_a_reminder_has_the_value_of_its_moment() -> None:
    found = simulated(QUERY, minutes("9x30 8"), until="00:30", renotify_interval=30)
    assert [each.value for _, each in found.notifications] == [9.0, 8.0]


@pytest.mark.parametrize(("hours", "reminders"), [(30, 30), (2, 2), (None, 35)])
def test_reminders_end_by_themselves_thirty_hours_after_the_first_alert(hours: int | None, reminders: int) -> None:
    found = simulated(
        QUERY,
        minutes(f"9x{36 * 60}"),
        until="35:59",
        settings=Settings(renotify_for_hours=hours),
        renotify_interval=60,
    )
    assert len([each for _, each in found.notifications if each.is_renotify]) == reminders


def test_reminders_go_on_while_data_is_missing_and_the_state_is_kept() -> None:
    found = simulated(QUERY, minutes("9x10"), until="01:00", on_missing_data="default", renotify_interval=30)
    assert told(found) == ["00:00 Alert", "00:30 Alert again", "01:00 Alert again"]
