"""Laws of the percent, for any readings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toban_fargate_cpu import Measurement, Memory, irix_percent, measured
from toban_fargate_documents import Container, Counter, Stats, StockCounters, Task

START_NS = 1_700_000_000 * 10**9
END_NS = START_NS + 86_400 * 10**9
SIZES = st.sampled_from([0.25, 0.5, 1, 2, 4, 8, 16])
# As far apart as readings are compared: half a second to two minutes.
ELAPSED = st.integers(10**9 // 2, 120 * 10**9)
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
    return measured(task, aligned, {}, now_ns=END_NS)


def _ending(stats: Stats) -> Stats:
    assert stats.before is not None
    elapsed = stats.now.read_ns - stats.before.read_ns
    return Stats(Counter(END_NS, stats.now.total_ns), Counter(END_NS - elapsed, stats.before.total_ns))


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
@given(readings(0.9), SIZES, st.integers(1, 64))
def test_irix_percent_is_by_the_core_and_the_task_percent_by_its_size(each: Stats, limit: float, cpus: int) -> None:
    """Where all time of a host is counted, irix by its cores is the share of the host, and by the limit ours."""
    assert each.before is not None
    elapsed, used = each.now.read_ns - each.before.read_ns, each.now.total_ns - each.before.total_ns
    irix = irix_percent(replace(each, stock=StockCounters(used, cpus * elapsed, cpus, elapsed // 10**9))) or 0
    task = measure([each], limit).task
    # It is sent with two digits after the point.
    assert irix / cpus == pytest.approx(100 * used / (cpus * elapsed), abs=0.006 / cpus)
    assert irix == pytest.approx(100 * (task.cores or 0), abs=0.006)
    if not task.is_cut:
        assert irix / limit == pytest.approx(task.percent, abs=0.006 / limit)
        assert irix / cpus * (cpus / limit) == pytest.approx(task.percent, abs=0.006 / limit)


@law
@given(readings(), st.integers(0, 10**12), st.integers(0, 64))
def test_neither_system_time_nor_online_cpus_change_the_percent(each: Stats, system_ns: int, cpus: int) -> None:
    told = replace(each, online_cpus=cpus, stock=StockCounters(1, system_ns, cpus, 1))
    container, task = Container("1", "app"), Task("arn", limit_cores=1, containers=(Container("1", "app"),))
    with_them, without = (measured(task, {container.id: stats}, {}, now_ns=each.now.read_ns) for stats in (told, each))
    assert without.task.percent is not None
    assert with_them.task.percent == without.task.percent


@law
@given(st.lists(st.tuples(ELAPSED, st.integers(0, 10**12)), min_size=2, max_size=6))
def test_the_average_over_runs_is_the_average_over_all_of_their_time(steps: list[tuple[int, int]]) -> None:
    task = Task("arn", limit_cores=10**6, containers=(Container("1", "app"),))
    now, memory, used = Counter(START_NS, 0), {}, 0.0
    memory = measured(task, {"1": Stats(now)}, memory, now_ns=START_NS).memory
    for elapsed, total in steps:
        now = Counter(now.read_ns + elapsed, now.total_ns + total)
        measurement = measured(task, {"1": Stats(now)}, memory, now_ns=now.read_ns)
        memory, used = measurement.memory, used + (measurement.task.cores or 0) * elapsed
    assert used == pytest.approx(now.total_ns)


@law
@given(st.integers(-(10**12), 0), st.integers(-(10**12), 10**12))
def test_where_time_did_not_pass_or_counters_fell_nothing_is_told(elapsed: int, used: int) -> None:
    before = Counter(START_NS, 10**12)
    for now in (Counter(START_NS + elapsed, before.total_ns + used), Counter(START_NS + 10, before.total_ns - 1)):
        assert measure_pair(Stats(now, before)).task.cores is None


def measure_pair(stats: Stats) -> Measurement:
    task = Task("arn", limit_cores=1, containers=(Container("1", "app"),))
    return measured(task, {"1": stats}, {}, now_ns=stats.now.read_ns)


# The stock percent: used ns, system ns, CPUs and whole seconds between the readings.
STOCK = {
    "half a core of two": ((5 * 10**9, 20 * 10**9, 2, 10), 50),
    "rounded to two digits": ((86_559_152, 19_920 * 10**6, 2, 10), 0.87),
    "idle": ((0, 20 * 10**9, 2, 10), None),
    "the counter fell": ((-1, 20 * 10**9, 2, 10), None),
    "system time stood still": ((5, 0, 2, 10), None),
    "system time fell": ((5, -1, 2, 10), None),
    "no CPUs": ((5, 20, 0, 10), None),
    "the CPUs had less time than was used": ((12 * 10**9, 10 * 10**9, 2, 10), 120),
    "and not a digit is rounded then": ((12_345_678_912, 10 * 10**9, 2, 10), 123.45678912),
    "as much as was used": ((20 * 10**9, 20 * 10**9, 2, 10), 200),
    "within less than a second": ((10**9, 10**9, 1, 0), None),
}


@pytest.mark.parametrize(("stock", "expected"), STOCK.values(), ids=STOCK)
def test_the_stock_percent_is_what_the_integration_sends(stock: tuple[int, ...], expected: float | None) -> None:
    assert irix_percent(Stats(Counter(START_NS, 0), stock=StockCounters(*stock))) == expected


def test_no_stock_percent_without_what_it_divides() -> None:
    assert irix_percent(Stats(Counter(START_NS, 200), Counter(START_NS - 10**10, 100))) is None


# The check's own last reading beside the endpoint's pair.


def cores_after(own: Counter, stats: Stats) -> float | None:
    """What the second of two runs makes of it."""
    task, memory = Task("arn", limit_cores=1, containers=(Container("1", "app"),)), {}
    memory = measured(task, {"1": Stats(own)}, memory, now_ns=own.read_ns).memory
    return measured(task, {"1": stats}, memory, now_ns=stats.now.read_ns).containers[0].cores


@law
@given(st.tuples(ELAPSED, ELAPSED), st.tuples(*[st.integers(0, 5 * 10**9)] * 3))
def test_no_figure_is_of_less_than_the_endpoints_pair_shows(steps: tuple[int, int], totals: tuple[int, ...]) -> None:
    """For any three counters, fallen or not: what a figure says was used is at least the rise within the pair."""
    first, between, last = START_NS, START_NS + steps[0], START_NS + sum(steps)
    own, before, now = (Counter(*each) for each in zip((first, between, last), totals, strict=True))
    cores = cores_after(own, Stats(now, before))
    if cores is not None:
        assert now.total_ns >= before.total_ns
        assert cores * (last - first) >= (now.total_ns - before.total_ns) * (1 - 1e-9)


@law
@given(st.tuples(ELAPSED, ELAPSED), st.tuples(st.floats(0, 4), st.floats(0, 4)))
def test_a_figure_differs_from_the_pair_by_no_more_than_the_time_outside_of_it_allows(
    steps: tuple[int, int], used: tuple[float, float]
) -> None:
    """A container of up to 4 cores that was not started anew."""
    total = [round(cores * ns) for cores, ns in zip(used, steps, strict=True)]
    own, before = Counter(START_NS, 0), Counter(START_NS + steps[0], total[0])
    now = Counter(START_NS + sum(steps), sum(total))
    cores = cores_after(own, Stats(now, before))
    assert cores is not None
    seconds = sum(steps) if sum(steps) <= 120 * 10**9 else steps[1]
    outside = seconds - steps[1]
    assert total[1] * (1 - 1e-9) <= cores * seconds <= (total[1] + 4 * outside) * (1 + 1e-9) + 1


# A clock that is set back.


@law
@given(st.sampled_from([10, 20]), st.floats(0.001, 4), st.integers(1, 10), st.floats(0, 1))
def test_a_clock_set_back_up_to_a_minute_bends_no_figure(period: int, used: float, at_run: int, share: float) -> None:
    """By more than a run's length, or it is a shorter interval to all who see only readings."""
    back_ns = round((period + 0.001 + share * (60 - period - 0.001)) * 10**9)
    task, memory, sent = Task("arn", limit_cores=1, containers=(Container("1", "app"),)), {}, []
    for run in range(20):
        read = [at * 10**9 - (back_ns if at >= at_run * period else 0) for at in (run * period - 10, run * period)]
        totals = [round(used * (at + 1000) * 10**9) for at in (run * period - 10, run * period)]
        before, now = (Counter(START_NS + at, total) for at, total in zip(read, totals, strict=True))
        measurement = measured(task, {"1": Stats(now, before)}, memory, now_ns=now.read_ns)
        memory = measurement.memory
        sent.append(measurement.task.cores)
    assert [each for each in sent if each is not None] == pytest.approx([used] * (20 - sent.count(None)))
    assert sent.count(None) <= 1


# A container that is started anew now and then, and uses one share of a core in each life.


@dataclass(frozen=True)
class Lives:
    """When each life began, in seconds, and how many cores it uses."""

    began: tuple[int, ...]
    cores: tuple[float, ...]
    goes_on: bool

    def life(self, at: int) -> int:
        return max(index for index, began in enumerate(self.began) if began <= at)

    def total_ns(self, at: int) -> int:
        """The counter starts anew in each life, or goes on as the ECS agent makes it."""
        ends = (*self.began[1:], 10**9)
        lives = range(self.life(at) + 1) if self.goes_on else [self.life(at)]
        used = sum(self.cores[each] * (min(at, ends[each]) - self.began[each]) for each in lives)
        return round(used * 10**9)

    def stats(self, at: int) -> Stats:
        """Renewed every ten seconds, with the reading before."""
        tick = at // 10 * 10
        now, before = (Counter(START_NS + each * 10**9, self.total_ns(each)) for each in (tick, tick - 10))
        return Stats(now, before)


@st.composite
def several_lives(draw: st.DrawFn) -> Lives:
    restarts = draw(st.lists(st.integers(1, 300), max_size=4, unique=True))
    cores = draw(st.lists(st.floats(0.01, 4), min_size=len(restarts) + 1, max_size=len(restarts) + 1))
    return Lives((-1000, *sorted(restarts)), tuple(cores), draw(st.booleans()))


TOLD = {"start and count": (True, True), "start": (True, False), "count": (False, True), "first start": (None, True)}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
@law
@given(lives=several_lives(), runs=st.lists(st.integers(0, 330), min_size=2, max_size=12, unique=True))
def test_no_figure_spans_a_restart(told: tuple[bool | None, bool], lives: Lives, runs: list[int]) -> None:
    tells_start, tells_count = told
    memory: Memory = {}
    for at in sorted(runs):
        life, stats = lives.life(at), lives.stats(at)
        began = lives.began[life if tells_start else 0]
        container = Container(
            "1",
            "app",
            started_ns=None if tells_start is False else START_NS + began * 10**9,
            restarts=life if tells_count else 0,
        )
        task = Task("arn", limit_cores=1, containers=(container,))
        measurement = measured(task, {"1": stats}, memory, now_ns=START_NS + at * 10**9)
        memory = measurement.memory
        (use,) = measurement.containers
        if use.cores is not None:
            assert use.cores == pytest.approx(lives.cores[lives.life(at // 10 * 10)], abs=1e-9)


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_a_container_started_anew_is_measured_again_within_a_minute(told: tuple[bool | None, bool]) -> None:
    tells_start, tells_count = told
    lives, memory, sent = Lives((-1000, 25), (1.0, 0.25), goes_on=True), {}, {}
    for at in (0, 20, 40, 60, 80):
        life = lives.life(at)
        began = lives.began[life if tells_start else 0]
        started_ns = None if tells_start is False else START_NS + began * 10**9
        container = Container("1", "app", started_ns=started_ns, restarts=life if tells_count else 0)
        task = Task("arn", limit_cores=1, containers=(container,))
        measurement = measured(task, {"1": lives.stats(at)}, memory, now_ns=START_NS + at * 10**9)
        memory, sent[at] = measurement.memory, measurement.containers[0].cores
    assert sent.pop(40) in (None, 0.25)
    assert sent == {0: 1, 20: 1, 60: 0.25, 80: 0.25}
