"""Runs numbered tasks on a pool, each after those that it waits for."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

Task = Callable[[], None]
Ended = queue.SimpleQueue["tuple[int, BaseException | None]"]


def run_in_order(
    waits: Mapping[int, Iterable[int]], begin: Callable[[int], Task], *, pool: ThreadPoolExecutor, workers: int
) -> tuple[int, ...]:
    """Run a task for each key of `waits`, and return those that wait for each other in a circle.

    `begin` is called here, once all that a task waits for has ended, and gives what the pool runs. An error of a task
    is raised here.
    """
    unmet = {number: set(awaited) for number, awaited in waits.items()}
    followers = _followers(unmet)
    ready = deque(number for number, awaited in unmet.items() if not awaited)
    ended: Ended = queue.SimpleQueue()
    running = 0
    while ready or running:
        while ready and running < workers:
            number = ready.popleft()
            pool.submit(_run, number, begin(number), ended)
            running += 1
        number, error = ended.get()
        running -= 1
        if error is not None:
            raise error
        del unmet[number]
        for follower in followers.get(number, ()):
            unmet[follower].discard(number)
            if not unmet[follower]:
                ready.append(follower)
    return tuple(unmet)


def _run(number: int, task: Task, ended: Ended) -> None:
    error: BaseException | None = None
    try:
        task()
    except BaseException as raised:  # noqa: BLE001 - it is raised again in the thread that waits
        error = raised
    ended.put((number, error))


def _followers(unmet: Mapping[int, Iterable[int]]) -> dict[int, list[int]]:
    followers: dict[int, list[int]] = {}
    for number, awaited in unmet.items():
        for each in awaited:
            followers.setdefault(each, []).append(number)
    return followers
