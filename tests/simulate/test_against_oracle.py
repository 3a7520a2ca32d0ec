"""The package and a second, slow reading find the same value at each evaluation of each group."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from generator.simulate.history import Group, History, Series
from generator.simulate.monitor import monitor
from generator.simulate.refusal import NotSimulated
from generator.simulate.run import prepared
from generator.simulate.settings import Settings
from tests.simulate import oracle

START = 1_800_000_000 // 86_400 * 86_400
MINUTES = 24
UNTIL = START + MINUTES * 60
SETTINGS = st.builds(
    Settings,
    first_difference=st.sampled_from(["before", "nothing"]),
    first_points=st.sampled_from(["before", "window", "nothing"]),
    falling_rates=st.sampled_from(["negative", "nothing"]),
    unchanged=st.sampled_from(["zero", "nothing"]),
    interpolated=st.sampled_from(["groups", "queries"]),
    unaligned_shift=st.sampled_from(["earlier", "nothing"]),
    edge_buckets=st.sampled_from(["started", "started", "touched", "complete"]),
    last_point=st.sampled_from(["goes_on", "nothing"]),
    rates_as_rate=st.sampled_from(["sum", "avg"]),
    mixed_counts=st.sampled_from(["totals", "points"]),
)


@st.composite
def sources(draw: st.DrawFn) -> list[oracle.Source]:
    kinds = {metric: draw(st.sampled_from(["gauge", "count", "rate"])) for metric in "ab"}
    return [draw(source(metric, kinds[metric])) for metric in draw(st.sampled_from(["a", "aa", "ab", "aab", "abb"]))]


@st.composite
def source(draw: st.DrawFn, metric: str, kind: Any) -> oracle.Source:
    seconds = draw(st.sampled_from([[0], [0], [7], [0, 20, 50]]))
    times = [START - 1200 + 60 * minute + second for minute in range(MINUTES + 20) for second in seconds]
    first, last = sorted(draw(st.tuples(st.integers(0, len(times)), st.integers(0, len(times)))))
    gaps = draw(st.sets(st.integers(0, len(times)), max_size=20))
    values = draw(st.lists(st.integers(-2, 9), min_size=4, max_size=4))
    points = {
        at: float(values[place * 7 % 11 % 4])
        for place, at in enumerate(times)
        if not first <= place < last or place % 3 == 0
        if place not in gaps
    }
    tags = draw(st.sampled_from([("host:x",), ("host:y",), ("host:y", "zone:1"), ("zone:2",)]))
    interval = draw(st.sampled_from([10, 60])) if kind == "rate" else 0
    return oracle.Source(metric, points, tags, kind, interval, draw(st.sampled_from([0, 0, 0, 90, 600])))


@st.composite
def queries(draw: st.DrawFn) -> str:
    by = draw(st.sampled_from(["", " by {host}", " by {host,zone}"]))
    rollup = draw(
        st.sampled_from(["", "", ".rollup(avg, 120)", ".rollup(max, 60)", ".rollup(sum, 300)", ".rollup(count)"])
    )
    # Without counts, the arithmetic of a window is done point by point.
    reads = draw(st.sampled_from([("", ".as_rate()"), ("", ".as_count()")]))
    leaves = st.builds(
        "{}:{}{{*}}{}{}{}{}".format,
        st.sampled_from(["avg", "sum", "min", "max"]),
        st.sampled_from("ab"),
        st.just(by),
        st.sampled_from(reads),
        st.just(rollup),
        st.sampled_from(
            ["", "", "", ".fill(last)", ".fill(zero, 120)", ".fill(linear, 180)", ".fill(null)", ".fill(3)"]
        ),
    )
    text = draw(st.recursive(leaves | st.builds(_of_leaf, leaves, st.sampled_from(_OF_LEAVES)), _larger, max_leaves=4))
    return (
        f"{draw(st.sampled_from(['avg', 'sum', 'min', 'max']))}(last_{draw(st.sampled_from([1, 5, 12]))}m):{text} > 3"
    )


_OF_LEAVES = (
    "diff({})",
    "monotonic_diff({})",
    "derivative({})",
    "per_minute({})",
    "diff(timeshift({}, -300))",
)
_AROUND = (
    "abs({})",
    "default_zero({})",
    "default({}, 2)",
    "clamp_min({}, 2)",
    "clamp_max({}, 3)",
    "cutoff_min({}, 1)",
    "cutoff_max({}, 6)",
    "timeshift({}, -300)",
    "timeshift({}, -150)",
    "moving_rollup({}, 300, 'sum')",
    "moving_rollup({}, 240, 'max')",
    "moving_rollup({}, 600, 'avg')",
    "median_3({})",
    "ewma_3({})",
    "rollingavg_5({})",
    "count_nonzero({})",
    "count_not_null({})",
    "top({}, 1, 'mean', 'desc')",
    "top({}, 1, 'mean', 'asc')",
)


def _of_leaf(leaf: str, function: str) -> str:
    return function.format(leaf)


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.builds("({} {} {})".format, parts, st.sampled_from("+-*/"), parts)
        | st.builds("({} {} 2)".format, parts, st.sampled_from("+-*/"))
        | st.builds(_of_leaf, parts, st.sampled_from(_AROUND))
    )


@given(sources(), queries(), SETTINGS, st.sampled_from([0, 60, 150]))
@settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_each_evaluation_finds_what_a_slow_reading_finds(
    given_sources: list[oracle.Source], query: str, chosen: Settings, delay: int
) -> None:
    try:
        found = _values(query, given_sources, chosen, delay)
        expected = oracle.evaluations(query, given_sources, chosen, since=START, until=UNTIL, delay=delay)
    except (NotSimulated, oracle.TooClose):
        reject()
    assert found.keys() == expected.keys()
    for group, values in expected.items():
        assert found[group] == pytest.approx([math.nan if each is None else each for each in values], nan_ok=True)


def _values(query: str, given_sources: list[oracle.Source], chosen: Settings, delay: int) -> dict[Group, list[float]]:
    payload = {"type": "query alert", "query": query, "options": {"evaluation_delay": delay}}
    with np.errstate(all="ignore"):
        run = prepared(monitor(payload), History(map(_series, given_sources)), START, UNTIL, chosen)
        return {
            group: row for rows in run.chunks() for group, row in zip(rows, run.seen(rows).values.tolist(), strict=True)
        }


def _series(given_source: oracle.Source) -> Series:
    ordered = sorted(given_source.points.items())
    return Series(
        metric=given_source.metric,
        times=np.array([at for at, _ in ordered], dtype=np.int64),
        values=np.array([value for _, value in ordered], dtype=np.float64),
        tags=frozenset(given_source.tags),
        kind=given_source.kind,  # type: ignore[arg-type]
        interval=given_source.interval,
        arrives=given_source.arrives,
    )
