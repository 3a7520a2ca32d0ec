"""Laws of the percent, for any readings."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toban_fargate_cpu import Measurement, irix_percent, measured
from toban_fargate_documents import Container, Counter, Stats, Task

START_NS = 1_700_000_000 * 10**9
SIZES = st.sampled_from([0.25, 0.5, 1, 2, 4, 8, 16])
# A millisecond to a day.
ELAPSED = st.integers(10**6, 86_400 * 10**9)
COUNTERS = st.integers(0, 2**62)
law = settings(derandomize=True, max_examples=200, deadline=None)


@st.composite
def readings(draw: st.DrawFn, most_cores: float = 20) -> Stats:
    """Two readings of a container that used up to this many cores between them."""
    elapsed, before = draw(ELAPSED), Counter(START_NS + draw(st.integers(0, 10**10)), draw(COUNTERS))
    return Stats(
        Counter(before.read_ns + elapsed, before.total_ns + round(draw(st.floats(0, most_cores)) * elapsed)), before
    )


TASKS = st.lists(readings(), min_size=1, max_size=6)


def measure(each: list[Stats], limit_cores: float | None = 1) -> Measurement:
    containers = tuple(Container(str(index), f"app-{index}") for index in range(len(each)))
    task = Task("arn", limit_cores=limit_cores, containers=containers)
    # Readings of very different lengths end at different moments; they are put together here.
    aligned = {str(index): _ending(stats) for index, stats in enumerate(each)}
    return measured(task, aligned, {}, now_ns=START_NS + 86_400 * 10**9)


def _ending(stats: Stats) -> Stats:
    end = START_NS + 86_400 * 10**9
    assert stats.before is not None
    elapsed = stats.now.read_ns - stats.before.read_ns
    return Stats(Counter(end, stats.now.total_ns), Counter(end - elapsed, stats.before.total_ns))


@law
@given(TASKS, SIZES)
def test_percent_of_the_task_is_the_sum_of_its_containers_within_0_to_100(each: list[Stats], limit: float) -> None:
    measurement = measure(each, limit)
    total = sum(use.cores or 0 for use in measurement.containers) / limit * 100
    assert measurement.task.percent == pytest.approx(min(100, total))
    assert measurement.task.percent is not None
    assert 0 <= measurement.task.percent <= 100
    if not measurement.task.is_cut:
        assert measurement.task.percent == pytest.approx(sum(use.percent or 0 for use in measurement.containers))


@law
@given(TASKS, SIZES)
def test_cores_are_those_of_all_containers_and_never_cut(each: list[Stats], limit: float) -> None:
    measurement = measure(each, limit)
    assert measurement.task.cores == pytest.approx(sum(use.cores or 0 for use in measurement.containers))
    assert measurement.task.is_cut == (measurement.task.cores / limit * 100 > 100)


@law
@given(TASKS, st.randoms(use_true_random=False))
def test_the_order_of_containers_changes_no_digit(each: list[Stats], random: Any) -> None:
    shuffled = random.sample(each, len(each))
    assert measure(shuffled).task == measure(each).task


@law
@given(TASKS, st.sampled_from([0.25, 0.5, 1, 2, 4, 8]))
def test_twice_the_task_is_half_the_percent(each: list[Stats], limit: float) -> None:
    small, large = measure(each, limit).task, measure(each, 2 * limit).task
    assert small.cores == large.cores
    if not small.is_cut:
        assert large.percent == pytest.approx((small.percent or 0) / 2)


@law
@given(readings(1), SIZES, st.integers(1, 64))
def test_irix_percent_is_per_core_and_the_task_percent_by_its_size(each: Stats, limit: float, cpus: int) -> None:
    """On a host all of whose time is counted, `irix / cpus` is the share of the host, and `irix / limit` is ours."""
    assert each.before is not None
    system_ns = cpus * (each.now.read_ns - each.before.read_ns)
    irix = irix_percent(Stats(each.now, each.before, system_ns=system_ns, online_cpus=cpus))
    task = measure([each], limit).task
    assert irix is not None
    assert irix / 100 == pytest.approx(task.cores)
    if not task.is_cut:
        assert irix / limit == pytest.approx(task.percent)


@law
@given(readings(), st.integers(0, 10**12), st.integers(0, 64))
def test_neither_system_time_nor_online_cpus_change_the_percent(each: Stats, system_ns: int, cpus: int) -> None:
    told = Stats(each.now, each.before, system_ns=system_ns, online_cpus=cpus)
    container, task = Container("1", "app"), Task("arn", limit_cores=1, containers=(Container("1", "app"),))
    with_them, without = (measured(task, {container.id: stats}, {}, now_ns=START_NS) for stats in (told, each))
    assert with_them.task.percent == without.task.percent


@law
@given(st.lists(st.tuples(ELAPSED, st.integers(0, 10**12)), min_size=2, max_size=6))
def test_the_average_over_runs_is_the_average_over_all_of_their_time(steps: list[tuple[int, int]]) -> None:
    task = Task("arn", limit_cores=10**6, containers=(Container("1", "app"),))
    now, memory, used = Counter(START_NS, 0), {}, 0.0
    memory = measured(task, {"1": Stats(now)}, memory, now_ns=START_NS).memory
    for elapsed, total in steps:
        now = Counter(now.read_ns + elapsed, now.total_ns + total)
        measurement = measured(task, {"1": Stats(now)}, memory, now_ns=START_NS)
        memory, used = measurement.memory, used + (measurement.task.cores or 0) * elapsed
    assert used == pytest.approx(now.total_ns)


@law
@given(st.integers(-(10**12), 0), st.integers(-(10**12), 10**12))
def test_where_time_did_not_pass_or_counters_fell_nothing_is_told(elapsed: int, used: int) -> None:
    before = Counter(START_NS, 10**12)
    for now in (Counter(START_NS + elapsed, before.total_ns + used), Counter(START_NS + 10, before.total_ns - 1)):
        assert measure_pair(Stats(now, before)).task.cores is None


def measure_pair(stats: Stats) -> Measurement:
    return measured(Task("arn", limit_cores=1, containers=(Container("1", "app"),)), {"1": stats}, {}, now_ns=START_NS)


@pytest.mark.parametrize(
    ("system_ns", "online_cpus"),
    [(None, 2), (0, 2), (-1, 2), (10**9, None), (10, 2)],
    ids=["no system time", "system time stood still", "it fell", "no CPUs", "less than the container used"],
)
def test_no_irix_percent_without_a_sound_divisor(system_ns: int | None, online_cpus: int | None) -> None:
    stats = Stats(Counter(START_NS + 10**9, 200), Counter(START_NS, 100), system_ns, online_cpus)
    assert irix_percent(stats) is None
