"""One run from its lock to the last note in its journal: what a sync and a restore have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError
from generator.datadog.pacing import WRITERS
from generator.plan.model import Plan
from generator.resources.types import resource_types
from generator.sync.archive import Archive, Origin, kept_files
from generator.sync.executor import NOTHING_HELD, Progress, apply
from generator.sync.journal import Intent, Journal
from generator.sync.lock import exclusive
from generator.sync.outcome import Outcomes, Status
from generator.sync.restoring import body_of as archived_body
from generator.sync.uses import Uses
from generator.sync.writer import BodyOf, marked_body

LOOKED = frozenset((Status.DONE, Status.ALREADY, Status.MOVED, Status.REFUSED))
"""After these what is live was seen."""


@dataclass(frozen=True, slots=True)
class Run:
    """`name` sorts by time, `state` is the folder of our state; `restores` names the run that is put back, if any."""

    name: str
    state: Path
    restores: str = ""

    def has_kept(self) -> bool:
        """Whether there is anything to put back."""
        return bool(kept_files(self.state, self.name))

    @property
    def body_of(self) -> BodyOf:
        """What a restore writes has the mark that it had, or none."""
        return archived_body if self.restores else marked_body


def carry_out(  # noqa: PLR0913 - what a run is made of
    plan: Plan,
    client: Datadog,
    run: Run,
    *,
    workers: int = WRITERS,
    progress: Progress = lambda _: None,
    tell_open: Callable[[tuple[Intent, ...]], object] = lambda _: None,
    held: Mapping[int, str] = NOTHING_HELD,
    uses: Uses | None = None,
) -> Outcomes:
    """Carry the plan out, alone from this checkout; raises Locked. `tell_open` hears what earlier runs left open."""
    with exclusive(run.state), closing(Journal.begin(run.state, run.name, plan)) as journal:
        tell_open(journal.carried)
        archive = Archive(run.state, run.name, Origin(plan.target, plan.workspace, run.restores))
        suspects = frozenset(each.tracking_id for each in journal.carried)
        outcomes = apply(
            plan,
            client,
            journal,
            archive,
            workers=workers,
            progress=progress,
            suspects=suspects,
            body_of=run.body_of,
            held=held,
            uses=uses,
        )
        for intent in _looked_at(journal.carried, outcomes, client):
            journal.note_looked(intent)
    return outcomes


def _looked_at(carried: tuple[Intent, ...], outcomes: Outcomes, client: Datadog) -> Iterator[Intent]:
    """Those of which this run has seen what is live: in its changes, else by one more list, where that can be read."""
    statuses: dict[tuple[str, str], set[Status]] = defaultdict(set)
    for outcome in outcomes.outcomes:
        statuses[outcome.resource, outcome.tracking_id].add(outcome.status)
    aside = {each.resource for each in carried if (each.resource, each.tracking_id) not in statuses}
    listed = {name for name in sorted(aside) if name not in resource_types() or _can_be_listed(client, name)}
    for intent in carried:
        seen = statuses.get((intent.resource, intent.tracking_id))
        if (intent.resource in listed) if seen is None else seen <= LOOKED:
            yield intent


def _can_be_listed(client: Datadog, name: str) -> bool:
    try:
        client.rows(resource_types()[name])
    except ApiError:
        return False
    return True
