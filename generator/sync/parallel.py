"""Runs numbered tasks by several workers, each after those that it waits for."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial

Task = Callable[[], None]
Ended = queue.SimpleQueue["tuple[int, BaseException | None]"]


class Workers:
    """Threads that are there before anything is given to them.

    A ThreadPoolExecutor loses a thread that an interrupt (Ctrl-C) meets at its start: it would write on, unseen.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._gone: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(count):
            threading.Thread(target=self._work, name="sync", daemon=True).start()

    def submit(self, task: Task) -> None:
        """Run it in one of the threads; it must not raise."""
        self._tasks.put(task)

    def end(self) -> None:
        """Wait for all that was submitted."""
        for _ in range(self.count):
            self._tasks.put(None)
        for _ in range(self.count):
            self._gone.get()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            task()
        self._gone.put(None)


def run_in_order(waits: Mapping[int, Iterable[int]], begin: Callable[[int], Task], workers: Workers) -> tuple[int, ...]:
    """Run a task for each key of `waits`, and return those that wait for each other in a circle.

    `begin` is called here, once all that a task waits for has ended, and gives what a worker runs. An error of a task
    is raised here.
    """
    unmet = {number: set(awaited) for number, awaited in waits.items()}
    followers = _followers(unmet)
    ready = deque(number for number, awaited in unmet.items() if not awaited)
    ended: Ended = queue.SimpleQueue()
    running = 0
    while ready or running:
        while ready and running < workers.count:
            number = ready.popleft()
            workers.submit(partial(_run, number, begin(number), ended))
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
