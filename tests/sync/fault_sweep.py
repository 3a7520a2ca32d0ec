"""Each fault at each request of a sync, and a kill before and after each; then one clean run, and all is as it must be.

`python tests/sync/fault_sweep.py [--sample N]` (`make faults`) prints how many cases it ran, and those that failed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from generator.datadog.errors import ApiError
from generator.localdog.fault import Deed, Fault, Scenario, When
from generator.localdog.faults import NO_FAULTS
from generator.localdog.store import Store
from generator.render.model import Resource
from generator.resources.types import Payload
from tests.sync.scene import Stage, desired, faults_of, of_others, staged

LONG_OUTAGE = 60


def _struck(*deeds: tuple[range, Deed]) -> Callable[[int], Scenario]:
    """Deeds by the requests that they strike, counted from the one that the case is about."""

    def scenario(request: int) -> Scenario:
        faults = [Fault(when=When(nth=[request + each for each in places]), do=deed) for places, deed in deeds]
        return Scenario(faults=faults)

    return scenario


ONE = range(1)
LOST = Deed(reset="after_write")
FAULTS: Mapping[str, Callable[[int], Scenario]] = {
    **{f"status {status}": _struck((ONE, Deed(status=status))) for status in (408, 429, 500, 502, 503, 504, 512)},
    **{f"status {status}, done": _struck((ONE, Deed(status=status, after_write=True))) for status in (500, 504, 512)},
    "429 with a broken reset": _struck((ONE, Deed(status=429, headers={"x-ratelimit-reset": "0.35"}))),
    "refused": _struck((ONE, Deed(status=403))),
    "cut off before": _struck((ONE, Deed(reset="before_write"))),
    "cut off after": _struck((ONE, LOST)),
    "half an answer": _struck((ONE, Deed(half=True))),
    "a proxy's page": _struck((ONE, Deed(content_type="text/html"))),
    "a proxy's page, done": _struck((ONE, Deed(content_type="text/html", after_write=True))),
    "lost, then a stale look": _struck((ONE, LOST), (range(1, 3), Deed(stale=True))),
    "lost twice": _struck((ONE, LOST), (range(2, 4), LOST)),
    "a long outage": _struck((range(LONG_OUTAGE), Deed(status=503))),
}
KILLS = ("killed before", "killed after")
KINDS = (*FAULTS, *KILLS)


@dataclass(frozen=True)
class Case:
    """A kind of fault at a request, counted from one."""

    kind: str
    request: int

    @property
    def workers(self) -> int:
        return 1 if self.request % 2 else 4


class Sweep:
    """Runs cases from one beginning; `folder` is for what they leave."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        stage = staged(folder / "beginning")
        self._store = stage.organisation.store
        self._others: Mapping[str, Payload] = of_others(stage.live())
        self._desired: list[Resource] = desired()
        self._database = folder / "beginning.db"
        on_disk = Store.open(self._database)
        on_disk.load(self._store.dump())
        on_disk.close()
        self._cases = 0

    def requests(self) -> int:
        """Requests of a sync that nothing disturbs."""
        stage = self._stage()
        numbers: list[int] = []
        stage.sync(self._desired, stage.client(before=numbers.append))
        return len(numbers)

    def problems(self, case: Case) -> list[str]:
        stage, problems = self._killed(case) if case.kind in KILLS else self._disturbed(case)
        if case.request % 3 == 0:
            # The journal is an aid and not a need.
            shutil.rmtree(stage.state / "journal", ignore_errors=True)
        _, outcomes = stage.sync(self._desired, stage.client())
        problems += [
            f"the clean run left {each.tracking_id}: {each.message}"
            for each in outcomes.outcomes
            if not each.is_as_planned
        ]
        problems += faults_of(stage, self._desired, self._others)
        stage.organisation.store.close()
        return problems

    def _stage(self) -> Stage:
        self._cases += 1
        return Stage.of(self._store.copied(), self._folder / f"{self._cases}")

    def _disturbed(self, case: Case) -> tuple[Stage, list[str]]:
        stage = self._stage()
        stage.organisation.faults.set(FAULTS[case.kind](case.request))
        try:
            _, outcomes = stage.sync(self._desired, stage.client(), workers=case.workers)
        except ApiError:
            outcomes = None
        stage.organisation.faults.set(NO_FAULTS)
        if outcomes is None or not outcomes.are_as_planned:
            return stage, []
        return stage, [f"said to be done, but {each}" for each in faults_of(stage, self._desired, self._others)]

    def _killed(self, case: Case) -> tuple[Stage, list[str]]:
        self._cases += 1
        database, state = self._folder / f"{self._cases}.db", self._folder / f"{self._cases}"
        database.write_bytes(self._database.read_bytes())
        child = os.fork()
        if not child:
            _sync_until_killed(Stage.of(Store.open(database), state), self._desired, case)
        _, status = os.waitpid(child, 0)
        problems = (
            [] if os.WIFSIGNALED(status) else [f"was not killed, but ended with {os.waitstatus_to_exitcode(status)}"]
        )
        return Stage.of(Store.open(database), state), problems


def _sync_until_killed(stage: Stage, wanted: list[Resource], case: Case) -> None:
    def kill(number: int) -> None:
        if number == case.request:
            os.kill(os.getpid(), signal.SIGKILL)

    moment: dict[str, Any] = {case.kind.removeprefix("killed "): kill}
    try:
        stage.sync(wanted, stage.client(**moment), workers=case.workers)
    finally:
        os._exit(3)


def all_cases(requests: int) -> list[Case]:
    return [Case(kind, request) for request in range(1, requests + 1) for kind in KINDS]


def sampled(cases: list[Case], count: int, seed: int = 1) -> list[Case]:
    """As many of each kind, spread over the requests."""
    chance = random.Random(seed)  # noqa: S311 - a seeded choice of cases
    by_kind = [[case for case in cases if case.kind == kind] for kind in KINDS]
    share = max(1, count // len(by_kind))
    return [case for found in by_kind for case in chance.sample(found, min(share, len(found)))]


def ran(cases: Iterable[Case], folder: Path) -> Iterator[tuple[Case, list[str]]]:
    sweep = Sweep(folder)
    for case in cases:
        yield case, sweep.problems(case)


def _share(cases: list[Case]) -> list[tuple[Case, list[str]]]:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        return [each for each in ran(cases, Path(folder)) if each[1]]


def memory() -> str | None:
    """Thousands of waits for a disk would measure the disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of its own is made in it


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sample", type=int, help="run about so many cases only")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        requests = Sweep(Path(folder)).requests()
    cases = all_cases(requests) if chosen.sample is None else sampled(all_cases(requests), chosen.sample)
    started = time.monotonic()
    batches = [cases[place : place + 40] for place in range(0, len(cases), 40)]
    failed: list[tuple[Case, list[str]]] = []
    with multiprocessing.get_context("fork").Pool(chosen.processes) as pool:
        for number, found in enumerate(pool.imap_unordered(_share, batches), start=1):
            failed += found
            print(f"\r{min(number * 40, len(cases)):,} of {len(cases):,}", end="", file=sys.stderr)  # noqa: T201 - a report
    seconds = time.monotonic() - started
    print(file=sys.stderr)  # noqa: T201 - a report
    for kind, count in Counter(case.kind for case in cases).items():
        print(f"{count:>6,}  {kind}")  # noqa: T201 - a report
    for case, problems in failed[:20]:
        print(f"FAILED {case.kind} at request {case.request}: {'; '.join(problems[:5])}")  # noqa: T201 - a report
    print(  # noqa: T201 - a report
        f"{len(cases):,} cases, {len(KINDS)} faults at {requests} requests of a sync of {len(desired())} resources, "
        f"{seconds:.0f} s: {len(failed)} failed"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
