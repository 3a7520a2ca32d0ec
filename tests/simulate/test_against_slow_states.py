"""The package and a second, slow reading go through the same states, and tell the same people at the same time."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.simulate.evaluating import simulate
from generator.simulate.history import History, Series
from generator.simulate.settings import Settings
from generator.simulate.timeline import Simulation
from tests.simulate.histories import START
from tests.simulate.slow_states import SlowGroup

RUNS = st.lists(
    st.tuples(st.sampled_from([None, None, 0.0, 2.0, 4.0, 6.0, 8.0]), st.sampled_from([1, 7, 30, 70, 130])),
    min_size=1,
    max_size=9,
)
LONG_RUNS = st.lists(
    st.tuples(st.sampled_from([None, None, 0.0, 9.0]), st.sampled_from([3, 1400, 1500])), min_size=2, max_size=4
)
THRESHOLDS = st.fixed_dictionaries(
    {"critical": st.sampled_from([3.0, 4.0, 5.0])},
    optional={
        "warning": st.sampled_from([2.0, 4.0, 6.0]),
        "critical_recovery": st.sampled_from([1.0, 2.0, 6.0, 8.0]),
        "warning_recovery": st.sampled_from([1.0, 2.0, 6.0, 8.0]),
    },
)
MISSING: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from(["default", "show_no_data", "show_and_notify_no_data", "resolve"]).map(
        lambda policy: {"on_missing_data": policy}
    ),
    st.fixed_dictionaries(
        {"notify_no_data": st.booleans()}, optional={"no_data_timeframe": st.sampled_from([1, 10, 60])}
    ),
    st.just({}),
)
REST = st.fixed_dictionaries(
    {"thresholds": THRESHOLDS},
    optional={
        "timeout_h": st.sampled_from([0, 1, 1, 2]),
        "renotify_interval": st.sampled_from([0, 1, 13, 60]),
        "renotify_occurrences": st.sampled_from([1, 3]),
        "renotify_statuses": st.lists(st.sampled_from(["alert", "warn", "no data"]), min_size=1, unique=True),
        "new_group_delay": st.sampled_from([0, 60, 90, 600]),
    },
)
CHOSEN = st.fixed_dictionaries(
    {
        "older_missing_data": st.sampled_from(["keep", "zero", "show"]),
        "default_zero_alone": st.sampled_from(["value", "nothing"]),
        "no_data_windows": st.sampled_from([1, 2]),
        "auto_resolve": st.sampled_from(["alerts", "any_state"]),
        "alert_after_silent_gap": st.sampled_from(["told", "not_told"]),
        "renotify_for_hours": st.sampled_from([None, 1, 30]),
    }
)
DOWNTIMES = st.lists(
    st.fixed_dictionaries(
        {
            "start": st.sampled_from([-20, 0, 5, 7, 30, 60, 70, 100]),
            "end": st.sampled_from([1, 7, 8, 14, 30, 37, 60, 70, 77, 100, 140, 200]),
            "states": st.lists(st.sampled_from(["Alert", "Warn", "No Data"]), unique=True),
            "mute_first": st.booleans(),
        }
    ).filter(lambda each: each["start"] < each["end"]),
    max_size=3,
)


OPTIONS = st.builds(lambda missing, rest: {**missing, **rest}, MISSING, REST)
QUERIES = {
    "avg(last_1m):avg:m{*}BY": (False, False),
    "sum(last_1m):sum:m{*}BY.as_count()": (True, False),
    "sum(last_1m):default_zero(sum:m{*}BY.as_count())": (True, True),
}
SHAPES = st.tuples(st.sampled_from([">", ">=", "<", "<=", "==", "!="]), st.sampled_from(sorted(QUERIES)), st.booleans())


@given(st.one_of(RUNS, RUNS, RUNS, LONG_RUNS), OPTIONS, CHOSEN, DOWNTIMES, SHAPES)
@settings(derandomize=True, max_examples=600, deadline=None)
def test_each_group_goes_the_same_way(runs: Any, options: Any, chosen: Any, downtimes: Any, shape: Any) -> None:
    comparator, query, is_grouped = shape
    counts, has_default = QUERIES[query]
    values = [value for value, length in runs for _ in range(length)]
    slow = SlowGroup(
        options,
        comparator,
        1,
        counts=counts,
        downtimes=downtimes,
        settings=chosen,
        is_grouped=is_grouped,
        has_default=has_default,
    )
    by = query.replace("BY", " by {pod}" if is_grouped else "")
    found = _simulated(values, options, f"{by} {comparator} {options['thresholds']['critical']}", slow)
    transitions, sent = slow.play(values)
    assert [line for group in found.groups for line in _transitions(group)] == transitions
    assert [line for group in found.groups for line in _notifications(group)] == sent


def _simulated(values: list[float | None], options: Any, query: str, slow: SlowGroup) -> Simulation:
    known = [(START + 60 * minute, value) for minute, value in enumerate(values) if value is not None]
    series = Series(
        metric="m",
        times=np.array([at for at, _ in known], dtype=np.int64),
        values=np.array([value for _, value in known], dtype=np.float64),
        tags=frozenset({"pod:a"}),
        kind="count" if slow.counts else "gauge",
    )
    payload = {"id": 7, "type": "query alert", "query": query, "options": options}
    until = START + 60 * (len(values) - 1)
    found = simulate(
        payload,
        History([series]),
        since=START,
        until=until,
        settings=Settings(**slow.settings),
        downtimes=[_downtime(each) for each in slow.downtimes],
    )
    assert isinstance(found, Simulation)
    return found


def _downtime(each: dict[str, Any]) -> dict[str, Any]:
    start, end = (datetime.fromtimestamp(START + 60 * each[name], UTC).isoformat() for name in ("start", "end"))
    return {
        "monitor_identifier": {"monitor_id": 7},
        "scope": "*",
        "schedule": {"start": start, "end": end},
        "notify_end_states": [state.lower() for state in each["states"]],
        "mute_first_recovery_notification": each["mute_first"],
    }


def _transitions(group: Any) -> list[tuple[Any, ...]]:
    return [((each.at - START) // 60, each.before.value, each.after.value) for each in group.transitions]


def _notifications(group: Any) -> list[tuple[Any, ...]]:
    return [
        (
            (each.at - START) // 60,
            each.after.value,
            "again" if each.is_renotify else "end" if each.ends_downtime else "change",
            each.muted,
        )
        for each in group.notifications
    ]
