"""Runs of the check, one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samples import SECOND_NS, START_NS
from toban_fargate_cpu import Measurement, Memory, measured
from toban_fargate_documents import stats_of, task_of


@dataclass
class Runs:
    """The check's memory from run to run."""

    memory: Memory

    def next(self, at: float, task_document: Any, **by_name: Any) -> Measurement:
        """One run at `at` seconds; stats are given by the container's name."""
        answered = stats_of({f"0123-{name}": each for name, each in by_name.items()})
        now_ns = START_NS + round(at * SECOND_NS)
        measurement = measured(task_of(task_document), answered, self.memory, now_ns=now_ns)
        self.memory = measurement.memory
        return measurement


def cores(measurement: Measurement) -> dict[str, float | None]:
    return {each.name: each.cores for each in measurement.containers}
