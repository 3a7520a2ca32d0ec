"""A monitor over a short history: states and who is told when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.refusal import Refusal
from generator.simulate.timeline import Simulation, State

START = int(datetime(2027, 1, 5, tzinfo=UTC).timestamp())
MINUTE, HOUR = 60, 3600


def at(clock: str) -> int:
    hours, minutes = clock.split(":")
    return START + int(hours) * HOUR + int(minutes) * MINUTE


def points(values: dict[str, float], *, metric: str = "m", **of: Any) -> Series:
    times = np.array([at(clock) for clock in values], dtype=np.int64)
    return Series(metric=metric, times=times, values=np.array(list(values.values()), dtype=np.float64), **of)


def every_minute(values: list[float], *, metric: str = "m", **of: Any) -> Series:
    times = START + MINUTE * np.arange(len(values), dtype=np.int64)
    return Series(metric=metric, times=times, values=np.array(values, dtype=np.float64), **of)


def run(query: str, *series: Series, until: str = "23:59", **options: Any) -> Simulation:
    payload = {"type": "query alert", "name": "m", "query": query, "options": options}
    found = simulate(payload, History(series), since=START, until=at(until))
    assert isinstance(found, Simulation), found
    return found


def changes(simulation: Simulation) -> list[tuple[int, State]]:
    return [(each.at, each.after) for group in simulation.groups for each in group.transitions]


def test_a_failure_of_the_night_alerts_six_hours_later_and_not_before() -> None:
    failed = points({"04:12": 1}, metric="aws.states.executions_failed", kind="count", tags=frozenset({"env:prod"}))
    query = "sum(last_2h):timeshift(sum:aws.states.executions_failed{env:prod}.as_count(), -21600) > 0"
    assert changes(run(query, failed, on_missing_data="default")) == [
        (at("10:12"), State.ALERT),
        (at("12:12"), State.OK),
    ]


def test_a_mean_crosses_when_enough_of_its_window_is_high() -> None:
    values = [0.0] * 60 + [100.0] * 60 + [0.0] * 60
    found = run("avg(last_10m):avg:m{*} > 45", every_minute(values), until="02:59")
    assert changes(found) == [(at("01:04"), State.ALERT), (at("02:05"), State.OK)]


def test_a_recovery_threshold_keeps_the_alert_up() -> None:
    values = [0.0] * 10 + [100.0] * 10 + [60.0] * 10 + [40.0] * 10
    found = run("avg(last_1m):avg:m{*} > 80", every_minute(values), until="00:39", thresholds={"critical_recovery": 50})
    assert changes(found) == [(at("00:10"), State.ALERT), (at("00:30"), State.OK)]


def test_a_ratio_of_counts_totals_each_side_first() -> None:
    bad = every_minute([0, 0, 5, 0, 0, 0], metric="bad", kind="count")
    good = every_minute([10, 10, 1, 10, 10, 10], metric="good", kind="count")
    found = run("sum(last_5m):sum:bad{*}.as_count() / sum:good{*}.as_count() > 0.2", bad, good, until="00:05")
    # 5 of 21 at 00:02; from 00:03 on 5 of 31 and fewer.
    assert changes(found) == [(at("00:02"), State.ALERT), (at("00:03"), State.OK)]


def test_points_that_arrive_late_are_not_seen_early() -> None:
    late = points({"00:10": 1}, kind="count", arrives=15 * MINUTE)
    found = run("sum(last_1h):sum:m{*}.as_count() > 0", late, until="02:00", on_missing_data="default")
    assert changes(found) == [(at("00:25"), State.ALERT), (at("01:10"), State.OK)]


def test_a_bucket_counts_while_it_is_half_full() -> None:
    times = START + np.array([0, 3 * HOUR + 20, 3 * HOUR + 50], dtype=np.int64)
    series = Series(metric="m", times=times, values=np.array([0.0, 3.0, 3.0]), kind="count")
    found = run("sum(last_4h):sum:m{*}.as_count().rollup(sum, 3600) > 5", series, until="04:00")
    assert changes(found) == [(at("03:01"), State.ALERT)]


def test_groups_are_told_apart() -> None:
    hot = every_minute([100.0] * 30, tags=frozenset({"host:a"}))
    cold = every_minute([1.0] * 30, tags=frozenset({"host:b"}))
    found = run("avg(last_5m):avg:m{*} by {host} > 50", hot, cold, until="00:29")
    assert [(each.group, each.last) for each in found.groups] == [
        (("host:a",), State.ALERT),
        (("host:b",), State.OK),
    ]


def test_a_forecast_is_refused_at_its_place() -> None:
    query = "max(next_1w):forecast(avg:m{*}, 'linear', 1) > 5"
    found = simulate({"type": "query alert", "query": query}, History([]), since=START, until=at("01:00"))
    assert isinstance(found, Refusal)
