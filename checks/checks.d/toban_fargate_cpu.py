"""CPU of an ECS task in percent of what the task may use: the arithmetic, without network and clock.

    cores of a container = CPU time used between two readings / wall-clock time between them
    percent of the task  = 100 * sum of its containers' cores / the task's limit

Wall-clock time is that of the readings themselves, so that neither a late check nor the ten seconds for which Fargate
repeats a reading shifts a number. Neither the CPUs that a container sees nor `system_cpu_usage` divides anything: tasks
of 0.25, 0.5 and 1 vCPU see two CPUs each, and a container's own limit is a weight, no cap.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from toban_fargate_documents import Container, Counter, Stats, Task

_SECOND_NS = 10**9
# How long a container may run before an absence of readings is one.
_STARTS_WITHIN_NS = 30 * _SECOND_NS
# How far a container's reading may lie behind the newest of its task and still be added to it: Fargate renews each
# container's reading every 10 s, at moments of its own.
_TOGETHER_WITHIN_NS = 60 * _SECOND_NS


@dataclass(frozen=True)
class Reading:
    """The newest that is known of a container. `cores` are those since the reading before, where there was one."""

    counter: Counter
    life: tuple[object, ...]
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
    """One run's figures, and what the next run needs."""

    task: TaskUse
    containers: tuple[ContainerUse, ...]
    memory: Memory


def cores_used(before: Counter, now: Counter) -> float | None:
    """Average cores between two readings; None where time did not pass or the counter started anew."""
    elapsed, used = now.read_ns - before.read_ns, now.total_ns - before.total_ns
    return used / elapsed if elapsed > 0 and used >= 0 else None


def percent_of(cores: float, limit_cores: float) -> float:
    """Percent of a limit, not cut."""
    return 100 * cores / limit_cores


def irix_percent(stats: Stats) -> float | None:
    """What `docker stats` shows: 100 is one of the CPUs that the container sees. For comparison only."""
    if stats.before is None or stats.online_cpus is None or stats.system_ns is None:
        return None
    used = stats.now.total_ns - stats.before.total_ns
    return 100 * used / stats.system_ns * stats.online_cpus if 0 <= used <= stats.system_ns > 0 else None


def measured(task: Task, stats: Mapping[str, Stats], memory: Memory, *, now_ns: int) -> Measurement:
    """The figures of one run. `memory` is the last run's, empty at first."""
    known = [each for each in task.containers if each.id in stats]
    readings = {each.id: _reading(each, stats[each.id], memory.get(each.id)) for each in known}
    news = {name: reading for name, reading in readings.items() if reading is not memory.get(name)}
    containers = tuple(
        _container_use(each, stats[each.id], news.get(each.id), limit_cores=task.limit_cores, now_ns=now_ns)
        for each in known
    )
    return Measurement(_task_use(task, stats, readings, news, now_ns=now_ns), containers, readings)


def _reading(container: Container, stats: Stats, last: Reading | None) -> Reading:
    """The last reading itself where the endpoint repeats it."""
    if last is not None and last.counter.read_ns == stats.now.read_ns:
        return last
    own = last.counter if last is not None and last.life == container.life else None
    since = (cores_used(before, stats.now) for before in (own, stats.before) if before is not None)
    return Reading(stats.now, container.life, next((cores for cores in since if cores is not None), None))


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


def _task_use(task: Task, stats: Mapping[str, Stats], readings: Memory, news: Memory, *, now_ns: int) -> TaskUse:
    newest_ns = max((each.counter.read_ns for each in readings.values()), default=0)
    summed = {
        name: (reading.cores, reading.counter)
        for name, reading in readings.items()
        if reading.cores is not None and newest_ns - reading.counter.read_ns <= _TOGETHER_WITHIN_NS
    }
    missing = sum(each.id not in summed and _should_be_read(each, now_ns) for each in task.containers)
    online_cpus = max((found for each in stats.values() if (found := each.online_cpus) is not None), default=None)
    if not summed.keys() & news.keys():
        return TaskUse(missing, task.limit_cores, online_cpus=online_cpus)
    # The exact sum: the order of containers changes no digit.
    cores = math.fsum(each for each, _ in summed.values())
    percent = None if task.limit_cores is None else percent_of(cores, task.limit_cores)
    return TaskUse(
        missing,
        task.limit_cores,
        cores=cores,
        percent=None if percent is None else min(100.0, percent),
        is_cut=percent is not None and percent > 100,
        age_seconds=max(_age_seconds(counter, now_ns) for _, counter in summed.values()),
        online_cpus=online_cpus,
    )


def _should_be_read(container: Container, now_ns: int) -> bool:
    started_ns = container.started_ns
    return container.is_running and (started_ns is None or now_ns - started_ns > _STARTS_WITHIN_NS)


def _age_seconds(counter: Counter, now_ns: int) -> float:
    return (now_ns - counter.read_ns) / _SECOND_NS
