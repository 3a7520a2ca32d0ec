"""Times a typical monitor over the history of 1,000 groups, a point a minute, against one `numpy.add` over its arrays.

`python benchmarks/simulate.py [month|year]`. The monitor is the mean over 15 minutes of a ratio of two metrics, with
thresholds and recovery; one group of a hundred crosses them. A year is simulated month by month, each continuing from
where the one before left the groups; its memory is that of the whole process, histories included.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1]))

from generator.simulate.evaluating import simulate
from generator.simulate.history import Group, History, Series
from generator.simulate.timeline import Simulation, Standing

GROUPS, DAYS, MINUTES_A_DAY = 1_000, 30, 1_440
RUNS = 5
START = 1_800_000_000 // 86_400 * 86_400
PAYLOAD: dict[str, Any] = {
    "type": "query alert",
    "name": "a ratio",
    "query": "avg(last_15m):avg:a{*} by {host} / avg:b{*} by {host} > 2",
    "options": {"thresholds": {"critical": 2, "warning": 1.5, "critical_recovery": 1.2, "warning_recovery": 1.1}},
}
Points = NDArray[np.float64]


def main() -> None:
    if sys.argv[1:] != ["year"]:
        month()
    if sys.argv[1:] != ["month"]:
        year()


def month() -> None:
    left, right = _points(0)
    start, history = START, _history(left, right, START)
    seconds, adding, alerts = [], [], 0
    total = np.empty_like(left)
    np.add(left, right, out=total)
    for _ in range(RUNS):
        adding.append(_seconds_of_add(left, right, total))
        began = time.perf_counter()
        found = _simulated(history, start, None)
        seconds.append(time.perf_counter() - began)
        alerts = len({group for group, _ in found.notifications})
    ratio = statistics.median(one / other for one, other in zip(seconds, adding, strict=True))
    print(f"{left.size / 1e6:.1f} million points, {GROUPS:,} groups, {alerts} of them alert")
    print(f"{'simulate':<12} {statistics.median(seconds):>8.2f} s")
    print(f"{'numpy.add':<12} {statistics.median(adding):>8.3f} s")
    print(f"{'ratio':<12} {ratio:>8.1f}")


def year() -> None:
    seconds, sent = 0.0, 0
    begin: Mapping[Group, Standing] | None = None
    for part in range(12):
        start = START + part * DAYS * 86_400
        history = _history(*_points(part), start)
        began = time.perf_counter()
        found = _simulated(history, start, begin)
        seconds += time.perf_counter() - began
        sent += len(found.notifications)
        begin = {each.group: each.end for each in found.groups}
        del history, found
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"twelve such months: {seconds:.1f} s, {memory:,.0f} MB at the most, {sent} notifications")


def _simulated(history: History, start: int, begin: Mapping[Group, Standing] | None) -> Simulation:
    until = start + DAYS * 86_400 - 60
    found = simulate(PAYLOAD, history, since=start, until=until, begin=begin)
    if not isinstance(found, Simulation):
        sys.exit(found.reason)
    return found


def _points(part: int) -> tuple[Points, Points]:
    """Both metrics, a row a group."""
    random = np.random.default_rng(part)
    left, right = random.random((2, GROUPS, DAYS * MINUTES_A_DAY))
    right += 1
    middle = left.shape[1] // 2
    left[::100, middle : middle + 200] += 5
    return left, right


def _history(left: Points, right: Points, start: int) -> History:
    times = start + 60 * np.arange(left.shape[1], dtype=np.int64)
    return History(
        Series(metric=metric, times=times, values=values, tags=frozenset({f"host:h{row}"}))
        for metric, points in (("a", left), ("b", right))
        for row, values in enumerate(points)
    )


def _seconds_of_add(left: Points, right: Points, total: Points) -> float:
    began = time.perf_counter()
    np.add(left, right, out=total)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
