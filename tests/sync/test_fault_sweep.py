"""A sample of `make faults`: any fault at any request of a sync, then one clean run, and all is as it must be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.fault_sweep import KILLS, KINDS, Case, Sweep, all_cases, memory, sampled
from tests.sync.scene import desired

A_KIND = 3


@pytest.fixture(scope="module")
def sweep() -> Iterator[Sweep]:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        yield Sweep(Path(folder))


@pytest.fixture(scope="module")
def cases(sweep: Sweep) -> list[Case]:
    return all_cases(sweep.requests())


def test_the_sweep_is_of_two_hundred_resources_and_thousands_of_cases(cases: list[Case]) -> None:
    assert len(desired()) >= 200
    assert len(cases) > 5000


@pytest.mark.parametrize("kind", KINDS)
def test_after_a_fault_one_clean_run_makes_all_as_it_must_be(kind: str, sweep: Sweep, cases: list[Case]) -> None:
    chosen = [case for case in sampled(cases, A_KIND * len(KINDS)) if case.kind == kind]
    assert len(chosen) == A_KIND
    assert {case: found for case in chosen if (found := sweep.problems(case))} == {}


def test_a_case_that_kills_really_kills(sweep: Sweep) -> None:
    beyond = Case(KILLS[0], 100_000)
    assert sweep.problems(beyond)[0].startswith("was not killed")
