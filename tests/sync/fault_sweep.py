"""Each fault and each rival at each request of a run, and a kill before and after each; then all is as it must be.

`python tests/sync/fault_sweep.py [--sample N] [--seed N]` (`make faults`) prints how many cases it ran, and those that
failed. A witness looks at each write before Datadog does; a clean run follows each case.
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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError
from generator.localdog.fault import Deed, Fault, Scenario, When
from generator.localdog.faults import NO_FAULTS
from generator.localdog.store import Store
from generator.sync.outcome import Outcomes
from tests.sync.estate import REPLACED, desired
from tests.sync.rivals import COMING, RIVALS, Rival
from tests.sync.scene import Sent, Stage, faults_of, ids_of, of_others, staged, still_open
from tests.sync.witness import Witness

LONG_OUTAGE = 60


def _struck(*deeds: tuple[range, Deed]) -> Callable[[int], Scenario]:
    """Deeds by the requests that they strike, counted from the one that the case is about."""

    def scenario(request: int) -> Scenario:
        faults = (Fault(when=When(nth=[request + each for each in places]), do=deed) for places, deed in deeds)
        return Scenario(faults=tuple(faults))

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
    "refuses connections": _struck((ONE, Deed(refuse_seconds=0.02))),
}
KILLS = ("killed before", "killed after")
KINDS = (*FAULTS, *KILLS, *RIVALS)
FEW = ("cut off before", "cut off after", "status 504, done", "refused", "a long outage", *KILLS, *list(RIVALS)[:4])
"""What the other runs are tried with, which differ from a sync in little."""
RUNS: Mapping[str, tuple[str, ...]] = {"sync": KINDS, "sync FILE": (*FEW, *COMING), "restore": FEW}
A_THIRD = 3
RESTORED = "run-001"


@dataclass(frozen=True)
class Case:
    """A kind of fault at a request, counted from one, of a run."""

    run: str
    kind: str
    request: int

    @property
    def workers(self) -> int:
        return 1 if self.request % 2 or self.kind in RIVALS else 4


class Beginning(NamedTuple):
    """What a run begins with: a Datadog, as a store and as a file, and the folder of our state."""

    store: Store
    database: Path
    state: Path

    @classmethod
    def of(cls, stage: Stage, database: Path) -> Beginning:
        on_disk = Store.open(database)
        on_disk.load(stage.organisation.store.dump())
        on_disk.close()
        return cls(stage.organisation.store, database, stage.state)


class Sweep:
    """Runs cases, each from one of two beginnings; `folder` is for what they leave."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        stage, self.by_hand = staged(folder / "before")
        live = stage.live()
        self._ids = {"sync": ids_of(live), "sync FILE": ids_of(live)}
        self._others = {name: each for name, each in of_others(live).items() if name not in self.by_hand.values()}
        self._before = Beginning.of(stage, folder / "before.db")
        self._file = stage.made(desired(self.by_hand), stage.client()).plan
        synced = self._stage(self._before)
        assert synced.sync(desired(self.by_hand), synced.client()).are_as_planned
        self._ids["restore"] = ids_of(synced.live())
        self._after = Beginning.of(synced, folder / "after.db")
        self._cases = 0

    def requests(self, run: str) -> int:
        """Requests of a run that nothing disturbs."""
        stage = self._stage(self._beginning(run))
        seen: list[Sent] = []
        self._ran(run, stage, stage.client(before=seen.append))
        return len(seen)

    def problems(self, case: Case) -> list[str]:
        self._cases += 1
        notes = self._folder / f"{self._cases}.notes"
        stage, problems, converges = self._disturbed(case, notes)
        if case.request % A_THIRD == 0:
            # The journal is an aid and not a need.
            shutil.rmtree(stage.state / "journal", ignore_errors=True)
        if converges:
            # A rival has changed what the file was made of.
            problems += self._ended(
                "sync" if case.run == "sync FILE" and case.kind in RIVALS else case.run, stage, notes
            )
        stage.organisation.store.close()
        return [*problems, *(notes.read_text(encoding="utf-8").splitlines() if notes.exists() else ())]

    def _beginning(self, run: str) -> Beginning:
        return self._after if run == "restore" else self._before

    def _stage(self, beginning: Beginning, store: Store | None = None) -> Stage:
        state = Path(tempfile.mkdtemp(dir=self._folder))
        if beginning.state.exists():
            shutil.copytree(beginning.state, state, dirs_exist_ok=True)
        return Stage.of(store or beginning.store.copied(), state, self.by_hand.values())

    def _ran(
        self, run: str, stage: Stage, client: Datadog, *, rival: Rival | None = None, workers: int = 1
    ) -> Outcomes:
        if run == "restore":
            made = stage.restoring(RESTORED, client)
            if rival is not None:
                rival.plan = made
            return stage.carried_out(made, client, workers=workers, restores=RESTORED)
        if rival is not None and run == "sync FILE":
            rival.plan = self._file
        planned = stage.made(desired(self.by_hand), client)
        if rival is not None:
            rival.plan = planned.plan
        if run == "sync FILE":
            return stage.sync_file(self._file, planned, client, workers=workers)
        return stage.carried_out(planned.plan, client, workers=workers, uses=planned.uses)

    def _witness(self, stage: Stage, notes: Path) -> Witness:
        return Witness(stage.organisation.store, stage.state, self._others.keys(), notes)

    def _disturbed(self, case: Case, notes: Path) -> tuple[Stage, list[str], bool]:
        if case.kind in KILLS:
            return *self._killed(case, notes), True
        stage = self._stage(self._beginning(case.run))
        witness = self._witness(stage, notes)
        if case.kind in RIVALS:
            rival = RIVALS[case.kind](stage, witness, case.request, self.by_hand)
            self._ran(case.run, stage, stage.client(before=rival), rival=rival)
            return stage, rival.problems(), rival.converges
        if "stale" in case.kind:
            witness.may_double = {name for _, name in self._ids[case.run]} | {
                each.tracking_id for each in self._file.changes
            }
        stage.organisation.faults.set(FAULTS[case.kind](case.request))
        try:
            outcomes = self._ran(case.run, stage, stage.client(before=witness), workers=case.workers)
        except ApiError:
            outcomes = None
        stage.organisation.faults.set(NO_FAULTS)
        if outcomes is None or not outcomes.are_as_planned:
            return stage, [], True
        return stage, [f"said to be done, but {each}" for each in self._faults(case.run, stage)], True

    def _killed(self, case: Case, notes: Path) -> tuple[Stage, list[str]]:
        beginning = self._beginning(case.run)
        database = self._folder / f"{self._cases}.db"
        shutil.copyfile(beginning.database, database)
        state = self._stage(beginning).state
        child = os.fork()
        if not child:
            self._run_until_killed(case, Stage.of(Store.open(database), state, self.by_hand.values()), notes)
        _, status = os.waitpid(child, 0)
        problems = (
            [] if os.WIFSIGNALED(status) else [f"was not killed, but ended with {os.waitstatus_to_exitcode(status)}"]
        )
        return Stage.of(Store.open(database), state, self.by_hand.values()), problems

    def _run_until_killed(self, case: Case, stage: Stage, notes: Path) -> NoReturn:
        witness = self._witness(stage, notes)

        def kill(sent: Sent) -> None:
            if sent.number == case.request:
                os.kill(os.getpid(), signal.SIGKILL)

        def watch(sent: Sent) -> None:
            witness(sent)
            if case.kind == "killed before":
                kill(sent)

        after: dict[str, Any] = {"after": kill} if case.kind == "killed after" else {}
        try:
            self._ran(case.run, stage, stage.client(before=watch, **after), workers=case.workers)
        finally:
            os._exit(3)

    def _ended(self, run: str, stage: Stage, notes: Path) -> list[str]:
        """What is wrong after a clean run."""
        outcomes = self._ran(run, stage, stage.client(before=self._witness(stage, notes)))
        left = [each for each in outcomes.outcomes if not each.is_as_planned]
        problems = [f"the clean run left {each.tracking_id}: {each.message}" for each in left]
        return [*problems, *self._faults(run, stage), *still_open(stage)]

    def _faults(self, run: str, stage: Stage) -> list[str]:
        live = stage.live()
        new = [
            f"{name} has a new id"
            for (kind, name), each in ids_of(live).items()
            if name not in REPLACED and self._ids[run].get((kind, name), each) != each
        ]
        if run != "restore":
            return [*new, *faults_of(stage, desired(self.by_hand), self._others)]
        plan = stage.restoring(RESTORED, stage.client())
        others = {name: each for name, each in of_others(live).items() if name in self._others}
        return [
            *new,
            *(f"left to restore: {each.action.value} {each.tracking_id}" for each in plan.changes),
            *(f"not restored: {each.message}" for each in plan.obstacles if each.tracking_id not in REPLACED),
            *(["a resource of others was touched"] if others != self._others else []),
        ]


def all_cases(sweep: Sweep) -> list[Case]:
    """Of a sync each kind at each request, of the other runs at each third."""
    cases = []
    for run, kinds in RUNS.items():
        step = 1 if run == "sync" else A_THIRD
        requests = sweep.requests(run)
        cases += [
            Case(run, kind, request)
            for number, kind in enumerate(kinds)
            for request in range(1 + number % step, requests + 1, step)
        ]
    return cases


def sampled(cases: list[Case], count: int, seed: int) -> list[Case]:
    """As many of each run and kind, spread over the requests, and a rest of any."""
    chance = random.Random(seed)  # noqa: S311 - a seeded choice of cases
    groups: dict[tuple[str, str], list[Case]] = {}
    for case in cases:
        groups.setdefault((case.run, case.kind), []).append(case)
    share = count // len(groups)
    chosen = [case for found in groups.values() for case in chance.sample(found, min(share, len(found)))]
    rest = sorted(set(cases) - set(chosen), key=str)
    return [*chosen, *chance.sample(rest, max(0, min(count - len(chosen), len(rest))))]


def seed_of_the_day() -> int:
    """Another sample each day; `SEED` in the environment repeats one."""
    return int(os.environ.get("SEED") or datetime.now(UTC).strftime("%Y%m%d"))


def ran(cases: list[Case], folder: Path) -> Iterator[tuple[Case, list[str]]]:
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
    options.add_argument("--seed", type=int, default=seed_of_the_day())
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        every = all_cases(Sweep(Path(folder)))
    cases = every if chosen.sample is None else sampled(every, chosen.sample, chosen.seed)
    started = time.monotonic()
    batches = [cases[place : place + 40] for place in range(0, len(cases), 40)]
    failed: list[tuple[Case, list[str]]] = []
    with multiprocessing.get_context("fork").Pool(chosen.processes) as pool:
        for number, found in enumerate(pool.imap_unordered(_share, batches), start=1):
            failed += found
            print(f"\r{min(number * 40, len(cases)):,} of {len(cases):,}", end="", file=sys.stderr)  # noqa: T201 - a report
    print(file=sys.stderr)  # noqa: T201 - a report
    _report(cases, failed, time.monotonic() - started)
    return 1 if failed else 0


def _report(cases: list[Case], failed: list[tuple[Case, list[str]]], seconds: float) -> None:
    for (run, kind), count in Counter((case.run, case.kind) for case in cases).items():
        print(f"{count:>6,}  {run}: {kind}")  # noqa: T201 - a report
    for case, problems in failed[:20]:
        print(f"FAILED {case}: {'; '.join(problems[:5])}")  # noqa: T201 - a report
    print(f"{len(cases):,} cases in {seconds:.0f} s: {len(failed)} failed")  # noqa: T201 - a report


if __name__ == "__main__":
    sys.exit(main())
