"""A batch's failures are told, and nothing tells when it has not run at all.

A state machine that was never started does not fail: its schedule was switched off, its rule does not match, a right is
missing. The morning is as empty as after a failure, and the monitor of failures is green. Add a `batch_delay` with the
time by which the run must have succeeded; it tells of failures too. Failures that are told at once, and whose hours are
not known, are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from generator.explain.batch_source import batch_named_by
from generator.finding import Severity
from generator.lint.rendered import METRIC_TYPES, RenderedMonitor, Repository, key
from generator.lint.rule import Complaint, ResourceKey
from generator.message.problem import shown
from generator.query.inspection import comparator, leaves
from generator.query.nodes import AllOf, Scope, Tag, Terms

SEVERITY = Severity.NOTICE
REACH = "repository"

_TOO_FEW = ("<", "<=")
_Batch = tuple[str, ...]
"""The environment, and the tags that name a batch in it."""


class Facts(Struct, frozen=True):
    """Of one file: the monitors that tell of a batch's failures, and the batches that somebody waits for."""

    failures: tuple[tuple[ResourceKey, _Batch], ...]
    awaited: tuple[_Batch, ...]


def facts(repository: Repository) -> Facts:
    failures, awaited = [], []
    for monitor in repository.monitors:
        batch = _batch(monitor) if _may_count_runs(monitor) else ()
        if len(batch) > 1 and comparator(monitor.tree) in _TOO_FEW:
            awaited.append(batch)
        elif len(batch) > 1:
            failures.append((key(monitor.resource), batch))
    return Facts(tuple(failures), tuple(awaited))


def findings(facts: Mapping[str, Facts]) -> Iterator[tuple[ResourceKey, Complaint]]:
    awaited = {batch for each in facts.values() for batch in each.awaited}
    told = set()
    for each in facts.values():
        for of, batch in each.failures:
            if batch not in awaited and batch not in told:
                told.add(batch)
                yield of, _complaint(batch)


def _complaint(batch: _Batch) -> Complaint:
    # The name alone is the same in each account.
    names = ", ".join(dict.fromkeys(shown(tag.rpartition(":")[2]) for tag in batch[1:]))
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


def _batch(monitor: RenderedMonitor) -> _Batch:
    scopes = (_terms(leaf.scope) for leaf in leaves(monitor.tree))
    named = (batch_named_by(term) for terms in scopes for term in terms if isinstance(term, Tag))
    tags = {f"{tag.key}:{tag.value}" for tag in named if tag is not None and tag.value}
    return monitor.resource.tracking_id.rpartition("/")[2], *sorted(tags)


def _terms(scope: Scope) -> tuple[Scope, ...]:
    return scope.operands if isinstance(scope, Terms | AllOf) else (scope,)
