"""A batch's failures are told, and nothing tells when it has not run at all.

A state machine that was never started does not fail: its schedule was switched off, its rule does not match, a right is
missing. The morning is as empty as after a failure, and the monitor of failures is green. Add a `batch_delay` with the
time by which the run must have succeeded; it tells of failures too. Failures that are told at once, and whose hours are
not known, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.finding import Severity
from generator.lint.batches import Batch, Watched, batch_of
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor, Repository, key
from generator.lint.rule import Complaint, ResourceKey
from generator.message.problem import shown
from generator.query.inspection import comparator

SEVERITY = Severity.NOTICE
REACH = "repository"

_TOO_FEW = ("<", "<=")


class Facts(Struct, frozen=True):
    """Of one file: the monitors that tell of a batch's failures, and the batches that somebody waits for."""

    failures: tuple[tuple[ResourceKey, Batch], ...]
    awaited: tuple[Batch, ...]


def facts(repository: Repository) -> Facts:
    failures, awaited = [], []
    for monitor in repository.monitors:
        batch = batch_of(monitor) if _may_count_runs(monitor) else ("", ())
        if batch[1] and comparator(monitor.tree) in _TOO_FEW:
            awaited.append(batch)
        elif batch[1]:
            failures.append((key(monitor.resource), batch))
    return Facts(tuple(failures), tuple(awaited))


def findings(facts: Mapping[str, Facts]) -> Iterator[tuple[ResourceKey, Complaint]]:
    awaited = Watched((batch, batch) for each in facts.values() for batch in each.awaited)
    told = set()
    for each in facts.values():
        for of, batch in each.failures:
            if batch not in told and next(awaited.by(batch), None) is None:
                told.add(batch)
                yield of, _complaint(batch)


def _complaint(batch: Batch) -> Complaint:
    # The name alone is the same in each account.
    names = ", ".join(dict.fromkeys(shown(tag.rpartition(":")[2]) for tag in batch[1]))
    message = f"this tells when {names} fails, and nothing tells when it does not run at all"
    return Complaint(message, (), hint="add a monitor of `kind: batch_delay` with the deadline of its result")


def _may_count_runs(monitor: RenderedMonitor) -> bool:
    """Whether it looks late, or at known hours; cheap, since most monitors have nothing to do with batches."""
    return (
        monitor.type in METRIC_TYPES
        and monitor.text.startswith("sum(")
        and (
            monitor.resource.happens is not None
            or "timeshift(" in monitor.text
            or "scheduling_options" in monitor.options
        )
    )
