"""A simulation in parts, each continuing from where the one before left the groups, is the same as in one piece."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.timeline import Notification, Simulation, Transition

START = int(datetime(2027, 1, 5, tzinfo=UTC).timestamp())
QUERY = "avg(last_5m):avg:m{*} by {host} > 5"
OPTIONS: list[dict[str, Any]] = [
    {"thresholds": {"critical": 5, "critical_recovery": 2, "warning": 4}},
    {"renotify_interval": 10, "new_group_delay": 120},
    {"on_missing_data": "show_and_notify_no_data", "renotify_interval": 15},
    {"on_missing_data": "resolve", "new_group_delay": 0},
    {"notify_no_data": True, "no_data_timeframe": 20},
    {"timeout_h": 1, "require_full_window": True},
]
Changes = list[tuple[tuple[str, ...], Transition]]
Told = list[tuple[tuple[str, ...], Notification]]


def series(host: str, values: list[float | None]) -> Series:
    known = [(START + 60 * place, value) for place, value in enumerate(values) if value is not None]
    times = np.array([at for at, _ in known], dtype=np.int64)
    numbers = np.array([value for _, value in known], dtype=np.float64)
    return Series(metric="m", times=times, values=numbers, tags=frozenset({f"host:{host}"}))


def part(history: History, options: dict[str, Any], since: int, until: int, begin: Any) -> Simulation:
    payload = {"type": "metric alert", "name": "m", "query": QUERY, "options": options}
    found = simulate(payload, history, since=START + 60 * since, until=START + 60 * until, begin=begin)
    assert isinstance(found, Simulation)
    return found


def outcome(parts: list[Simulation]) -> tuple[Changes, Told]:
    groups = [group for one in parts for group in one.groups]
    changes = [(group.group, each) for group in groups for each in group.transitions]
    told = [(group.group, without_value(each)) for group in groups for each in group.notifications]
    return sorted(changes, key=lambda each: (each[0], each[1].at)), sorted(told, key=lambda each: (each[0], each[1].at))


def without_value(notification: Notification) -> Notification:
    """A reminder's value is that of the first of equal evaluations in its part."""
    return structs.replace(notification, value=None) if notification.is_renotify else notification


RUNS = st.lists(st.tuples(st.sampled_from([None, 0.0, 3.0, 4.5, 9.0]), st.integers(1, 40)), min_size=1, max_size=8).map(
    lambda runs: [value for value, length in runs for _ in range(length)]
)


@pytest.mark.parametrize("options", OPTIONS, ids=[" ".join(each) for each in OPTIONS])
@given(runs=st.tuples(RUNS, RUNS), cuts=st.lists(st.integers(1, 198), max_size=5))
@settings(derandomize=True, max_examples=25, deadline=None)
def test_parts_make_the_whole(options: dict[str, Any], runs: tuple[list[Any], list[Any]], cuts: list[int]) -> None:
    history = History([series("a", runs[0]), series("b", runs[1])])
    whole = part(history, options, 0, 200, {})
    edges = [-1, *sorted(set(cuts)), 200]
    parts: list[Simulation] = []
    standings: dict[tuple[str, ...], Any] = {}
    for before, last in itertools.pairwise(edges):
        parts.append(part(history, options, before + 1, last, standings))
        standings = {group.group: group.end for group in parts[-1].groups}
    assert outcome(parts) == outcome([whole])
    assert standings == {group.group: group.end for group in whole.groups}


def test_a_group_that_was_not_there_before_is_new() -> None:
    history = History([series("a", [9.0] * 30)])
    early = part(history, {"new_group_delay": 300}, 10, 20, {})
    assert [each.at for group in early.groups for each in group.transitions] == [START + 60 * 15]
    assert early.groups[0].end.seen_at == START + 60 * 20
