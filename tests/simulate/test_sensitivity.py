"""What a simulation says of the choices that Datadog does not document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from generator.simulate.history import History, Series
from generator.simulate.refusal import Refusal
from generator.simulate.sensitivity import CHOICES, Difference, sensitivity
from generator.simulate.settings import Settings
from tests.simulate.histories import START, at, minutes

GAUGE, COUNT = "avg(last_5m):avg:m{*} > 5", "sum(last_5m):sum:m{*}.as_count() > 5"


def differences(query: str, series: Sequence[Series], until: str = "02:00", **options: Any) -> tuple[Difference, ...]:
    payload = {"type": "query alert", "query": query, "options": options}
    found = sensitivity(payload, History(series), since=START, until=at(until))
    assert not isinstance(found, Refusal), found
    return found


def said(found: Sequence[Difference], setting: str) -> list[str]:
    return [each.words.removeprefix(f"`{setting}` ") for each in found if each.setting == setting]


def test_every_setting_has_its_other_choices() -> None:
    assert list(CHOICES) == list(Settings.__struct_fields__)


SILENT = {"on_missing_data": "show_no_data"}
TWO = (minutes("9 _x9 9 _x9 9x20", tags=["host:a"]), minutes("1x50", tags=["host:b"]))
SAW = "1 9 4 9 1 1 1 9 9 9 2 2 " * 4
SHORT = Series(metric="m", times=START + np.array([0, 15, 60, 75]), values=np.array([1.0, 20.0, 1.0, 1.0]))
RATE = np.where(np.arange(360) < 180, 0.5, 2.0)
TEN_SECONDS = Series(metric="m", times=START + 10 * np.arange(360), values=RATE, kind="rate", interval=10)
EVERY_DAY_AT_ONE = {
    "scheduling_options": {
        "custom_schedule": {
            "recurrences": [{"rrule": "FREQ=DAILY;INTERVAL=1", "start": "2024-01-01T01:00:00", "timezone": "UTC"}]
        }
    }
}
# For each setting a monitor whose states or notifications depend on it.
MATTERING: list[tuple[str, str, Sequence[Series], dict[str, Any]]] = [
    ("bucket_seconds", "max(last_5m):avg:m{*} > 6", (minutes(SAW),), {}),
    ("edge_buckets", "max(last_1m):avg:m{*} > 5", (minutes("1x20 9 1x40"),), {}),
    ("evaluation_second", "max(last_1m):avg:m{*} > 5", (SHORT,), {}),
    (
        "cumulative_evaluations",
        "sum(current_1d):sum:m{*}.as_count() > 5",
        (minutes("1x60", kind="count"),),
        {"scheduling_options": {"evaluation_window": {"day_starts": "00:00"}}},
    ),
    (
        "scheduled_delay",
        "sum(last_1h):sum:m{*}.as_count() > 0",
        (minutes("1", since="00:50", kind="count"),),
        {"evaluation_delay": 1200, **EVERY_DAY_AT_ONE},
    ),
    ("last_point", "avg(last_1m):sum:m{*} > 5", (minutes("9x10", tags=["host:a"]), TWO[1]), {}),
    ("rates_as_rate", "avg(last_5m):sum:m{*}.as_rate() > 5", (TEN_SECONDS,), {}),
    (
        "mixed_counts",
        "sum(last_5m):sum:m{*}.as_count() / avg:n{*} > 5",
        (minutes("9x20 9 9 9x20", kind="count"), minutes("1x10 9x30", metric="n")),
        {},
    ),
    ("first_difference", "sum(last_5m):diff(avg:m{*}) > 0", (minutes("1x10 9x30"),), {}),
    ("first_points", "max(last_5m):median_9(avg:m{*}) > 5", (minutes(SAW),), {}),
    ("falling_rates", "min(last_5m):per_minute(avg:m{*}) < 0", (minutes(SAW),), {}),
    ("unchanged", "avg(last_5m):monotonic_diff(avg:m{*}) > 4", (minutes(SAW),), {}),
    ("interpolated", "sum(last_5m):avg:m{*} by {host} > 20", TWO, {"new_group_delay": 0}),
    ("default_zero_alone", "avg(last_5m):default_zero(avg:m{*}) < 1", (minutes("9x10"),), {}),
    ("ungrouped_operand", "avg(last_5m):avg:m{*} by {host} - avg:m{*} > 1", TWO, {"new_group_delay": 0}),
    (
        "full_window_of",
        "avg(last_5m):avg:m{*} + default_zero(avg:n{*}) > 5",
        (minutes("1x22 9x40"), minutes("1x20 _x10 1x40", metric="n")),
        {"require_full_window": True},
    ),
    (
        "new_group_delay",
        "avg(last_5m):avg:m{*} by {pod} > 5",
        (minutes("9x30", since="01:00", tags=["pod:a"]), minutes("1x90", tags=["pod:b"])),
        {},
    ),
    ("older_missing_data", COUNT, (minutes("9x10", kind="count"),), {}),
    ("no_data_windows", GAUGE, (minutes("1x10"),), {"notify_no_data": True}),
    ("sums_without_data", "avg(last_5m):sum:m{*} > 5", (minutes("9x10"),), {"on_missing_data": "default"}),
    (
        "shifted_counts",
        "sum(last_5m):timeshift(sum:m{*}.as_count(), -600) > 5",
        (minutes("9x10", kind="count"),),
        {"on_missing_data": "default"},
    ),
    ("auto_resolve", GAUGE, (minutes("1x10"),), {"on_missing_data": "show_and_notify_no_data", "timeout_h": 1}),
    ("alert_after_silent_gap", GAUGE, (minutes("9x10 _x20 9x10"),), SILENT),
    (
        "merged_notifications",
        "avg(last_5m):avg:m{*} by {host,pod} > 5",
        (minutes("9x9", tags=["host:a", "pod:a"]), minutes("1x9 9x9", tags=["host:a", "pod:b"])),
        {"notify_by": ["host"]},
    ),
]


@pytest.mark.parametrize(("setting", "query", "series", "options"), MATTERING, ids=[row[0] for row in MATTERING])
def test_a_choice_that_matters_is_told(
    setting: str, query: str, series: Sequence[Series], options: dict[str, Any]
) -> None:
    found = [each for each in differences(query, series, **options) if each.setting == setting]
    assert any(each.matters for each in found)


def test_reminders_of_an_alert_that_lasts_depend_on_when_they_end() -> None:
    found = differences(GAUGE, [minutes(f"9x{33 * 60}")], until="32:00", renotify_interval=60)
    assert said(found, "renotify_for_hours") == [
        "None instead of 30: other states in 0 groups, 2 other notifications, first at 2027-01-06T07:00:00Z"
    ]


@pytest.mark.parametrize(
    ("query", "setting"),
    [
        ("sum(last_5m):timeshift(avg:m{*}, -90) > 5", "unaligned_shift"),
        ("avg(last_5m):calendar_shift(avg:m{*}, '-1mo', 'UTC') > 5", "short_months"),
    ],
)
def test_shifts_are_looked_at(query: str, setting: str) -> None:
    payload = {"type": "query alert", "query": query}
    settings = Settings(unaligned_shift="earlier")
    found = sensitivity(payload, History([minutes("9x60")]), since=START, until=at("01:00"), settings=settings)
    assert not isinstance(found, Refusal)
    assert setting in {each.setting for each in found}


def test_only_settings_that_can_matter_are_tried() -> None:
    found = differences("avg(last_5m):avg:m{*}.rollup(avg, 60).fill(null) > 5", [minutes("9x60")], **SILENT)
    assert [each.setting for each in found] == ["evaluation_second", "alert_after_silent_gap"]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("5m", [20, 60, 300]),
        ("4h", [20, 60, 300, 600, 900]),
        ("1d", [60, 300, 600, 900, 1800, 3600]),
        ("1w", [300, 600, 900, 1800, 3600, 14_400]),
    ],
)
def test_buckets_are_tried_that_suit_the_window(window: str, expected: list[int]) -> None:
    found = differences(f"avg(last_{window}):avg:m{{*}} > 5", [minutes("9x60")])
    assert [each.instead for each in found if each.setting == "bucket_seconds"] == expected


def test_what_changes_nothing_says_so() -> None:
    found = differences(
        "max(last_5m):avg:m{*}.rollup(avg, 60) > 5", [minutes("1x60 9x10 1x51")], on_missing_data="default"
    )
    assert {each.words.partition(": ")[2] for each in found} == {"the same states and notifications"}


def test_words_count_what_differs_and_say_where_it_begins() -> None:
    found = differences(COUNT, [minutes("9x10", kind="count")])
    assert said(found, "older_missing_data") == [
        "zero instead of keep: other states in 1 group, 1 other notification, first at 2027-01-05T00:14:00Z",
        "show instead of keep: other states in 1 group, 0 other notifications, first at 2027-01-05T00:19:00Z",
    ]


def test_what_cannot_be_simulated_has_no_sensitivity() -> None:
    payload = {"type": "query alert", "query": "max(next_1w):forecast(avg:m{*}, 'linear', 1) > 5"}
    assert isinstance(sensitivity(payload, History(()), since=START, until=at("01:00")), Refusal)
