"""What one version of a monitor would have done."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.backtest.course import NOTHING_DRAWN, Drawing, Stretch, course
from generator.backtest.hours import BusinessHours
from generator.backtest.model import Course, Episode, NotRun, handles_told
from generator.message.event import State
from generator.simulate.history import History, Series

TOKYO = ZoneInfo("Asia/Tokyo")
BERLIN = ZoneInfo("Europe/Berlin")
HOURS = BusinessHours(
    zone=TOKYO, days=(0, 1, 2, 3, 4), start=time(10), end=time(19), holidays=frozenset({date(2026, 10, 12)})
)
START = int(datetime(2026, 10, 6, tzinfo=TOKYO).timestamp())
MINUTE, HOUR, DAY = 60, 3600, 86_400


def minutes(values: list[float], host: str = "a") -> Series:
    times = START + MINUTE * np.arange(len(values), dtype=np.int64)
    return Series(metric="m", times=times, values=np.array(values), tags=frozenset({f"host:{host}"}))


def run(
    *series: Series, until: int, drawing: Drawing = NOTHING_DRAWN, message: str = "@slack-a", **fields: Any
) -> Course:
    payload = {
        "type": "query alert", "name": "m", "query": "avg(last_1m):avg:m{*} by {host} > 50", "message": message,
        **fields,
    }  # fmt: skip
    stretch = Stretch(since=START, until=until, hours=HOURS, drawing=drawing)
    found = course(payload, History(series), stretch)
    assert isinstance(found, Course), found
    return found


def test_alerts_have_a_start_an_end_and_a_length() -> None:
    found = run(minutes([0.0] * 60 + [90.0] * 30 + [0.0] * 30 + [90.0] * 10), until=START + 129 * MINUTE)
    assert [(each.start - START, each.end and each.end - START) for each in found.of(State.ALERT)] == [
        (60 * MINUTE, 90 * MINUTE),
        (120 * MINUTE, None),
    ]
    assert found.seconds_in(State.ALERT) == (30 + 9) * MINUTE
    assert found.longest == 30 * MINUTE


def test_an_alert_that_becomes_a_warning_ends() -> None:
    options = {"thresholds": {"critical": 50, "warning": 20}}
    found = run(minutes([0.0] * 5 + [90.0] * 5 + [30.0] * 5 + [0.0] * 5), until=START + 19 * MINUTE, options=options)
    assert [(each.state, each.start - START, each.end and each.end - START) for each in found.episodes] == [
        (State.ALERT, 300, 600),
        (State.WARNING, 600, 900),
    ]


def test_who_is_told_depends_on_the_state_and_the_hour() -> None:
    values = [0.0] * 1440
    values[4 * 60 : 4 * 60 + 10] = [90.0] * 10
    values[11 * 60 : 11 * 60 + 10] = [90.0] * 10
    found = run(minutes(values), until=START + DAY - 60, message="@slack-a {{#is_alert}}@page-b{{/is_alert}}")
    assert [(each.handles, each.in_business_hours) for each in found.told] == [
        (("@slack-a", "@page-b"), False),
        (("@slack-a",), False),
        (("@slack-a", "@page-b"), True),
        (("@slack-a",), True),
    ]
    assert handles_told(found.told_outside) == {"@slack-a": 2, "@page-b": 1}


def test_a_notification_without_a_handle_reaches_nobody() -> None:
    found = run(minutes([0.0] * 5 + [90.0] * 5), until=START + 9 * MINUTE, message="nobody")
    assert (len(found.of(State.ALERT)), found.told) == (1, ())


def test_what_cannot_be_simulated_is_not_run() -> None:
    payload = {"type": "query alert", "query": "avg(last_4h):anomalies(avg:m{*}, 'basic', 2) >= 1"}
    found = course(payload, History(()), Stretch(since=START, until=START + HOUR, hours=HOURS))
    assert isinstance(found, NotRun)
    assert "anomalies" in found.reason


@pytest.mark.parametrize(("first", "seen"), [(0, 120), (60, 60), (119, 1), (500, 0)])
def test_it_is_counted_how_many_evaluations_saw_a_point(first: int, seen: int) -> None:
    series = minutes([0.0] * 120)
    later = Series(metric="m", times=series.times + first * MINUTE, values=series.values, tags=series.tags)
    found = run(later, until=START + 119 * MINUTE)
    assert (found.evaluations, found.with_points) == (120, seen)
    assert ("it never saw a point, so what is told here says nothing of it" in found.notes) is (seen == 0)


def test_a_monitor_with_a_schedule_of_its_own_tells_of_moments() -> None:
    schedule = {"recurrences": [{"rrule": "FREQ=DAILY", "start": "2026-10-06T10:00:00", "timezone": "Asia/Tokyo"}]}
    found = run(
        minutes([90.0] * 2 * 1440), until=START + 2 * DAY, options={"scheduling_options": {"custom_schedule": schedule}}
    )
    assert [(each.start - START, each.end and each.end - START) for each in found.of(State.ALERT)] == [
        (10 * HOUR, 10 * HOUR),
        (10 * HOUR + DAY, 10 * HOUR + DAY),
    ]
    assert found.flaps(DAY) == 0


def episode(start: int, end: int | None, host: str = "a") -> Episode:
    return Episode(group=(f"host:{host}",), state=State.ALERT, start=start, end=end)


FLAPS = [
    ([], 0),
    ([episode(0, 60), episode(60 + 1800, 2000)], 1),
    ([episode(0, 60), episode(60 + 1801, 2000)], 0),
    ([episode(0, 60), episode(70, 80, "b")], 0),
    ([episode(0, 60), episode(70, 80), episode(90, None)], 2),
]


@pytest.mark.parametrize(("episodes", "count"), FLAPS)
def test_an_alert_flaps_that_is_soon_back_in_its_group(episodes: list[Episode], count: int) -> None:
    found = Course(since=0, until=DAY, evaluations=1, with_points=1, groups=1, episodes=tuple(episodes))
    assert found.flaps(1800) == count


WORKING = [
    ("2026-10-06T09:59:59", False),
    ("2026-10-06T10:00:00", True),
    ("2026-10-06T18:59:59", True),
    ("2026-10-06T19:00:00", False),
    ("2026-10-10T12:00:00", False),
    ("2026-10-12T12:00:00", False),
]


@pytest.mark.parametrize(("clock", "works"), WORKING)
def test_business_hours_are_local_and_have_holidays(clock: str, works: bool) -> None:  # noqa: FBT001 - a table's column
    second = int(datetime.fromisoformat(clock).replace(tzinfo=TOKYO).timestamp())
    assert HOURS.are_at(second) is works


def test_business_hours_follow_daylight_saving() -> None:
    hours = BusinessHours(zone=BERLIN, days=(), start=time(9), end=time(17))
    winter, summer = (int(datetime(2026, month, 1, 7, 30, tzinfo=ZoneInfo("UTC")).timestamp()) for month in (1, 7))
    assert (hours.are_at(winter), hours.are_at(summer)) == (False, True)


@settings(derandomize=True, max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(-1e6, 1e6)), min_size=1, max_size=300), st.integers(1, 50))
def test_a_curve_keeps_the_lowest_and_the_highest(values: list[float | None], columns: int) -> None:
    series = minutes([np.nan if value is None else value for value in values])
    present = np.isfinite(series.values)
    known = Series(metric="m", times=series.times[present], values=series.values[present], tags=series.tags)
    if not present.any():
        return
    found = run(known, until=START + len(values) * MINUTE, drawing=Drawing(1, columns))
    (curve,) = found.curves
    lows, highs = ([each for each in side if each is not None] for side in (curve.lows, curve.highs))
    assert len(curve.lows) == len(curve.highs) == columns
    assert (min(lows), max(highs)) == (known.values.min(), known.values.max())
    assert all(low <= high for low, high in zip(lows, highs, strict=True))


def test_groups_that_change_are_drawn_first() -> None:
    calm, wild = minutes([0.0] * 60), minutes([0.0, 90.0] * 30, "z")
    found = run(calm, wild, until=START + HOUR, drawing=Drawing(1, 10))
    assert [curve.group for curve in found.curves] == [("host:z",)]
