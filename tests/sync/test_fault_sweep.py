"""A sample of `make faults`: any fault or rival at any request of a run, then a clean run; all is as it must be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.estate import desired
from tests.sync.fault_sweep import FAULTS, KILLS, RUNS, Case, Sweep, all_cases, memory, sampled, seed_of_the_day
from tests.sync.rivals import RIVALS

ROOT = Path(__file__).parents[2]
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
SHARES = 12
A_SHARE = 26
FOUND = [
    # Two SLOs of one second, where the lower id is that of the run that looks later.
    Case("sync", "a second sync", 109),
    # A twin of what this run's own composite, SLO and downtime refer to.
    Case("sync", "a twin", 336),
    Case("restore", "a twin", 165),
]


@pytest.fixture(scope="module")
def sweep() -> Iterator[Sweep]:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        yield Sweep(Path(folder))


@pytest.fixture(scope="module")
def cases(sweep: Sweep) -> list[Case]:
    return all_cases(sweep)


def test_the_sweep_is_of_two_hundred_resources_and_thousands_of_cases(sweep: Sweep, cases: list[Case]) -> None:
    assert len(desired(sweep.by_hand)) >= 200
    assert len(cases) > 12_000
    assert {case.run for case in cases} == set(RUNS)


def test_the_page_on_the_protocol_tells_the_figures_of_the_sweep(sweep: Sweep, cases: list[Case]) -> None:
    page = " ".join((ROOT / "docs" / "sync-protocol.md").read_text(encoding="utf-8").split())
    requests, resources = sweep.requests("sync"), len(desired(sweep.by_hand))
    assert f"in {len(cases):,} runs: each of {len(FAULTS)} faults" in page
    assert f"and {NUMBERS[len(RIVALS)]} rivals" in page
    assert f"each of the {requests:,} requests of a sync of {resources:,} resources" in page


@pytest.mark.parametrize("share", range(SHARES))
def test_after_any_disturbance_one_clean_run_makes_all_as_it_must_be(
    share: int, sweep: Sweep, cases: list[Case]
) -> None:
    """The message of a failure names the seed: `SEED=N pytest tests/sync/test_fault_sweep.py` repeats it."""
    seed = seed_of_the_day()
    chosen = sampled(cases, SHARES * A_SHARE, seed)[share::SHARES]
    assert len(chosen) == A_SHARE
    assert {str(case): found for case in chosen if (found := sweep.problems(case))} == {}, f"SEED={seed}"


@pytest.mark.parametrize("case", FOUND, ids=str)
def test_what_an_earlier_sweep_has_found_stays_mended(case: Case, sweep: Sweep) -> None:
    assert sweep.problems(case) == []


def test_a_case_that_kills_really_kills(sweep: Sweep) -> None:
    beyond = Case("sync", KILLS[0], 100_000)
    assert sweep.problems(beyond)[0].startswith("was not killed")
