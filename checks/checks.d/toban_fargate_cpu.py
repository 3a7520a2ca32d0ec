"""CPU of an ECS task in percent of what the task may use: the arithmetic, without network and clock.

    cores of a container = CPU time used between two readings / wall-clock time between them
    percent of the task  = 100 * sum of its containers' cores / the task's limit

Wall-clock time is that of the readings themselves, so that neither a late check nor the ten seconds for which Fargate
repeats a reading shifts a number. Neither the CPUs that a container sees nor `system_cpu_usage` divides anything: tasks
of 0.25, 0.5 and 1 vCPU see two CPUs each, and a container's own limit is a weight, no cap.

Two readings are compared only within one life of a container, and a reading counts only while it is of now.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from toban_fargate_documents import Container, Counter, Stats, Task

_SECOND_NS = 10**9
# How long a container may run before an absence of readings is one.
_STARTS_WITHIN_NS = 30 * _SECOND_NS
# How far a reading may be from now and still tell of it: Fargate renews each container's every 10 s, at moments of its
# own, and the check runs every 20 s.
_OF_NOW_WITHIN_NS = 60 * _SECOND_NS
# Over less time a step of the counter is large beside what was used.
_SHORTEST_NS = _SECOND_NS // 2
# An average over more time, as after an outage, is none of now.
_LONGEST_NS = 120 * _SECOND_NS


@dataclass(frozen=True)
class Reading:
    """The newest that is known of a container. `cores` are those since the reading before, where there was one.

    A reading before `alive_since_ns` may be of an earlier life, and is compared with none.
    """

    counter: Counter
    life: tuple[int | None, int]
    alive_since_ns: int
    cores: float | None


Memory = Mapping[str, Reading]
"""Readings by container id, kept from one run to the next."""


@dataclass(frozen=True)
class ContainerUse:
    """What one container uses, as of a new reading; `cores` is None while one reading is all there is."""

    name: str
    age_seconds: float
    cores: float | None = None
    percent: float | None = None
    reservation_percent: float | None = None
    irix_percent: float | None = None


@dataclass(frozen=True)
class TaskUse:
    """What the task uses. `missing` containers run and are not in the sum; `is_cut`: more than 100 % was measured."""

    missing: int
    limit_cores: float | None = None
    cores: float | None = None
    percent: float | None = None
    is_cut: bool = False
    age_seconds: float | None = None
    online_cpus: int | None = None


@dataclass(frozen=True)
class Measurement:
    """One run's figures, and what the next run needs. `unread` says why no container was read, where none was."""

    task: TaskUse
    containers: tuple[ContainerUse, ...]
    memory: Memory
    unread: str | None = None


def cores_used(before: Counter, now: Counter) -> float | None:
    """Average cores between two readings; None where they are too near or too far, or the counter started anew."""
    elapsed, used = now.read_ns - before.read_ns, now.total_ns - before.total_ns
    return used / elapsed if _SHORTEST_NS <= elapsed <= _LONGEST_NS and used >= 0 else None


def percent_of(cores: float, limit_cores: float) -> float:
    """Percent of a limit, not cut."""
    return 100 * cores / limit_cores


def irix_percent(stats: Stats) -> float | None:
    """What Datadog's integration sends of this answer, to the digit: 100 is a CPU that the container sees.

    It sends nothing for an idle container, and divides by whole seconds where the CPUs had less time than was used.
    """
    stock = stats.stock
    if stock is None or stock.used_ns <= 0 or stock.system_ns <= 0 or stock.online_cpus <= 0:
        return None
    if stock.system_ns > stock.used_ns:
        return round(stock.used_ns / stock.system_ns * stock.online_cpus * 100, 2)
    return stock.used_ns / (stock.seconds * _SECOND_NS) * 100 if stock.seconds else None


def measured(task: Task, stats: Mapping[str, Stats], memory: Memory, *, now_ns: int) -> Measurement:
    """The figures of one run. `memory` is the last run's, empty at first."""
    known = [each for each in task.containers if each.id in stats]
    found = {each.id: _reading(each, stats[each.id], memory.get(each.id), now_ns=now_ns) for each in known}
    readings = {name: reading for name, reading in found.items() if reading is not None}
    news = {
        name: reading
        for name, reading in readings.items()
        if reading is not memory.get(name) and _is_of_now(reading.counter, now_ns)
    }
    containers = tuple(
        _container_use(each, stats[each.id], news.get(each.id), limit_cores=task.limit_cores, now_ns=now_ns)
        for each in known
    )
    online_cpus = max((cpus for each in known if (cpus := stats[each.id].online_cpus) is not None), default=None)
    use = _task_use(task, readings, online_cpus, has_news=bool(news), now_ns=now_ns)
    return Measurement(use, containers, readings, _unread(task, stats, now_ns=now_ns))


# What a reading is compared with.


def _reading(container: Container, stats: Stats, last: Reading | None, *, now_ns: int) -> Reading | None:
    """The last reading itself where the endpoint has no newer one."""
    if last is not None and _is_ahead(last.counter, now_ns):
        # The clock was set back.
        last = None
    if _is_ahead(stats.now, now_ns):
        return last
    if last is not None and not _is_renewed(last.counter, stats.now):
        return last
    alive_since_ns = _alive_since_ns(container, last, now_ns)
    own = None if last is None or _has_fallen_since(last.counter, stats) else last.counter
    compared = (each for each in (own, stats.before) if each is not None and each.read_ns >= alive_since_ns)
    since = (cores_used(each, stats.now) for each in compared)
    cores = next((each for each in since if each is not None), None)
    return Reading(stats.now, container.life, alive_since_ns, cores)


def _alive_since_ns(container: Container, last: Reading | None, now_ns: int) -> int:
    """From when on readings are certain to be of this life: since its start, if that is told, else since it is seen."""
    if last is not None and last.life == container.life:
        return last.alive_since_ns
    told = container.started_ns
    # A restart may leave the moment of the first start where it was.
    if last is None:
        return now_ns if container.restarts else told or 0
    return told if told is not None and told != last.life[0] else now_ns


def _is_renewed(last: Counter, now: Counter) -> bool:
    elapsed = now.read_ns - last.read_ns
    # No old answer has used more than the last one: an older one that has is of a clock that was set back.
    return elapsed >= _SHORTEST_NS or (elapsed < 0 and now.total_ns > last.total_ns)


def _has_fallen_since(last: Counter, stats: Stats) -> bool:
    """Whether the endpoint's previous reading, between the two, tells of a fall that they do not show."""
    between = stats.before
    if between is None or not last.read_ns < between.read_ns < stats.now.read_ns:
        return False
    return not last.total_ns <= between.total_ns <= stats.now.total_ns


def _is_ahead(counter: Counter, now_ns: int) -> bool:
    return counter.read_ns - now_ns > _OF_NOW_WITHIN_NS


def _is_of_now(counter: Counter, now_ns: int) -> bool:
    return abs(now_ns - counter.read_ns) <= _OF_NOW_WITHIN_NS


# What is told.


def _container_use(
    container: Container, stats: Stats, reading: Reading | None, *, limit_cores: float | None, now_ns: int
) -> ContainerUse:
    age_seconds = _age_seconds(stats.now, now_ns)
    if reading is None or reading.cores is None:
        return ContainerUse(container.name, age_seconds)
    reserved = container.reserved_cores
    return ContainerUse(
        container.name,
        age_seconds,
        cores=reading.cores,
        percent=None if limit_cores is None else min(100.0, percent_of(reading.cores, limit_cores)),
        reservation_percent=None if reserved is None else percent_of(reading.cores, reserved),
        irix_percent=irix_percent(stats),
    )


def _task_use(task: Task, readings: Memory, online_cpus: int | None, *, has_news: bool, now_ns: int) -> TaskUse:
    summed = {
        name: reading.cores
        for name, reading in readings.items()
        if reading.cores is not None and _is_of_now(reading.counter, now_ns)
    }
    missing = sum(each.id not in summed and _should_be_read(each, now_ns) for each in task.containers)
    age_seconds = max((_age_seconds(each.counter, now_ns) for each in readings.values()), default=None)
    silent = TaskUse(missing, task.limit_cores, age_seconds=age_seconds, online_cpus=online_cpus)
    if not summed or not has_news:
        return silent
    # The exact sum: the order of containers changes no digit.
    cores = math.fsum(summed.values())
    percent = None if task.limit_cores is None else percent_of(cores, task.limit_cores)
    return replace(
        silent,
        cores=cores,
        percent=None if percent is None else min(100.0, percent),
        is_cut=percent is not None and percent > 100,
    )


def _unread(task: Task, stats: Mapping[str, Stats], *, now_ns: int) -> str | None:
    """Why no container that runs was read; None where one was, or where all have only begun."""
    if not task.containers:
        return "the task document names no container that runs"
    ages = [_age_seconds(stats[each.id].now, now_ns) for each in task.containers if each.id in stats]
    is_expected = any(_should_be_read(each, now_ns) for each in task.containers)
    if not is_expected or any(abs(age) * _SECOND_NS <= _OF_NOW_WITHIN_NS for age in ages):
        return None
    if not ages:
        return "the stats document has no counters of any container that runs"
    nearest = min(ages, key=abs)
    if nearest < 0:
        return f"the endpoint's readings are {-nearest:.0f} s ahead of this clock"
    return f"the endpoint's newest reading is {nearest:.0f} s old"


def _should_be_read(container: Container, now_ns: int) -> bool:
    started_ns = container.started_ns
    has_begun = started_ns is not None and -_OF_NOW_WITHIN_NS <= now_ns - started_ns <= _STARTS_WITHIN_NS
    return container.is_running and not has_begun


def _age_seconds(counter: Counter, now_ns: int) -> float:
    return (now_ns - counter.read_ns) / _SECOND_NS
