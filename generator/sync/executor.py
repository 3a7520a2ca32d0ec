"""Carries a plan out: independent changes at the same time, referring ones after what they refer to, deletes last."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Iterable, Mapping

import msgspec

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError
from generator.datadog.pacing import WRITERS
from generator.plan.model import Action, Change, Plan
from generator.plan.order import words_of
from generator.sync.archive import Archive
from generator.sync.journal import Journal
from generator.sync.outcome import Outcome, Outcomes, Status, outcome_of
from generator.sync.parallel import Task, Workers, run_in_order
from generator.sync.sequence import batches, waits_of, write_numbers
from generator.sync.twins import later_twins
from generator.sync.uses import Uses
from generator.sync.writer import BodyOf, Writer, marked_body, references_of

Progress = Callable[[Outcome], None]

UNANSWERED_IN_A_ROW = 16
"""So many changes without an answer, and none between that got one, mean that Datadog cannot be reached."""

UNSEEN = "Datadog's list does not show it: another sync may have created it too, which the next plan tells"

NOTHING_HELD: Mapping[int, str] = {}
_FEW_USERS = 5
_CREATING = frozenset((Action.CREATE, Action.REPLACE))


def apply(  # noqa: PLR0913 - what a run is made of
    plan: Plan,
    client: Datadog,
    journal: Journal,
    archive: Archive,
    *,
    workers: int = WRITERS,
    progress: Progress = lambda _: None,
    suspects: Container[str] = frozenset(),
    body_of: BodyOf = marked_body,
    held: Mapping[int, str] = NOTHING_HELD,
    uses: Uses | None = None,
) -> Outcomes:
    """Carry the plan out as far as it goes. An interrupt (Ctrl-C) ends the writes under way and begins no other.

    `suspects` are tracking ids that a run which was cut off may have created an instant ago; `body_of` gives what is
    sent of a change. `held` are the numbers of changes that are left alone, with the reason. `uses` knows who referred
    to what vanishes when the plan was made: what somebody has come to use since is not deleted.
    """
    stopping = threading.Event()
    is_used = uses.is_known_to_be_used if uses is not None else lambda _: False
    writer = Writer(client, journal, archive, stopping=stopping, suspects=suspects, is_used=is_used, body_of=body_of)
    run = _Run(plan, writer, client=client, journal=journal, progress=progress, held=held, uses=uses)
    writers = Workers(workers)
    try:
        run.write(writers)
        looked = later_twins(client, run.created())
        run.withdraw(looked.stays)
        run.tell_unseen(looked.unseen)
        run.delete(writers)
    except KeyboardInterrupt:
        stopping.set()
        client.stop()
    finally:
        writers.end()
    return run.outcomes()


class _Run:
    """What has become of the changes so far, by their number in the plan; the workers fill it in."""

    def __init__(  # noqa: PLR0913 - what a run is made of
        self,
        plan: Plan,
        writer: Writer,
        *,
        client: Datadog,
        journal: Journal,
        progress: Progress,
        held: Mapping[int, str],
        uses: Uses | None,
    ) -> None:
        self._plan = plan
        self._held = held
        self._uses = uses
        self._numbers = write_numbers(plan)
        self._writer = writer
        self._client = client
        self._journal = journal
        self._progress = progress
        self._progressing = threading.Lock()
        self._written: dict[int, Outcome] = {}
        self._final: dict[int, Outcome] = {}
        self._unanswered = 0

    def outcomes(self) -> Outcomes:
        return Outcomes(tuple(self._outcome(number) for number in range(len(self._plan.changes))))

    def write(self, writers: Workers) -> None:
        """Everything but deletes, each after the changes that it refers to."""
        waits = waits_of(self._plan, self._numbers)
        for number in run_in_order(waits, self._writing, writers):
            reason = "its references go round in a circle"
            self._settle(number, outcome_of(self._plan.changes[number], Status.SKIPPED, reason))

    def created(self) -> dict[int, tuple[Change, Outcome]]:
        """What this run itself has created, by number."""
        return {
            number: (self._plan.changes[number], outcome)
            for number, outcome in self._written.items()
            if outcome.status is Status.DONE and outcome.action in _CREATING
        }

    def withdraw(self, twins: Mapping[int, str]) -> None:
        """Take back each create that somebody else, whose resource is given, was quicker with."""
        for number, older in sorted(twins.items(), reverse=True):
            change, created, ids = self._plan.changes[number], self._written[number], self._all_ids()
            if holder := self._still_refers(number, ids, {**ids, change.tracking_id: older}):
                reason = (
                    f"`{older}` bears its id too, but `{holder}` refers to `{created.id}`: both are there, delete one"
                )
                outcome = outcome_of(change, Status.MOVED, reason, id=created.id)
            else:
                outcome = self._writer.withdraw(change, created, older, ids)
            self._written[number] = outcome
            self._settle_finally(number, outcome)

    def tell_unseen(self, numbers: Iterable[int]) -> None:
        """Say of what Datadog does not list that nobody knows whether there is another of it."""
        for number in sorted(numbers):
            self._settle(number, msgspec.structs.replace(self._written[number], message=UNSEEN))

    def _still_refers(self, number: int, ids: Mapping[str, str], new_ids: Mapping[str, str]) -> str:
        """Make what this run has written refer to the other one; give the first that could not be changed."""
        name = self._plan.changes[number].tracking_id
        for other, written in list(self._written.items()) if self._numbers.get(name) == number else ():
            change = self._plan.changes[other]
            if written.is_as_planned and name in references_of(change):
                outcome = self._writer.repoint(change, written, ids, new_ids)
                self._journal.settle(outcome)
                if not outcome.is_as_planned:
                    return change.tracking_id
        return ""

    def _all_ids(self) -> dict[str, str]:
        written = ((self._plan.changes[number].tracking_id, outcome.id) for number, outcome in self._written.items())
        return {**self._plan.references, **{name: each for name, each in written if each is not None}}

    def delete(self, writers: Workers) -> None:
        """Deletes, and what replacements leave behind: first what refers, then what it referred to."""
        for number, reason in self._held.items():
            if number not in self._final:
                self._settle_finally(number, outcome_of(self._plan.changes[number], Status.HELD, reason))
        doomed = [number for number, change in enumerate(self._plan.changes) if self._is_doomed(number, change)]
        for batch in batches(self._plan, doomed):
            holders = self._holders(batch)
            free = [number for number in batch if number not in holders]
            for number, holder in holders.items():
                self._hold(number, holder)
            if self._uses is not None:
                self._uses.renew(self._going(doomed))
            run_in_order(dict.fromkeys(free, ()), self._deleting, writers)

    def _writing(self, number: int) -> Task:
        change = self._plan.changes[number]
        if number in self._held:
            return lambda: self._settle(number, outcome_of(change, Status.HELD, self._held[number]))
        if reason := self._reason_to_skip(change):
            return lambda: self._settle(number, outcome_of(change, Status.SKIPPED, reason))
        ids = self._ids(change)
        return lambda: self._settle(number, self._writer.carry_out(change, ids))

    def _reason_to_skip(self, change: Change) -> str:
        if is_over := self._client.is_over:
            return is_over
        if self._unanswered >= UNANSWERED_IN_A_ROW:
            return f"Datadog gave no answer to {self._unanswered} changes in a row"
        for reference in references_of(change):
            written = self._written.get(self._numbers.get(reference, -1))
            if written is not None and not written.is_as_planned and _has_no_id(written):
                return f"it refers to `{reference}`, which was not carried out"
            if written is None and reference not in self._plan.references:
                return f"it refers to `{reference}`, which has no Datadog id in this plan; plan again"
        return ""

    def _ids(self, change: Change) -> dict[str, str]:
        """Datadog ids of what the change refers to; a replacement's id is the new one."""
        numbers = ((reference, self._numbers.get(reference, -1)) for reference in references_of(change))
        written = {reference: self._written[number].id for reference, number in numbers if number in self._written}
        return {**self._plan.references, **{reference: each for reference, each in written.items() if each is not None}}

    def _deleting(self, number: int) -> Task:
        return lambda: self._settle_finally(number, self._deleted(number))

    def _deleted(self, number: int) -> Outcome:
        change = self._plan.changes[number]
        replaced = self._written[number] if change.action is Action.REPLACE else None
        try:
            reason = self._reason_to_keep(change)
        except ApiError as error:
            return self._kept(change, replaced, Status.FAILED, f"who uses it could not be read: {error}")
        if reason:
            return self._kept(change, replaced, Status.HELD, f"since the plan was made {reason}")
        if replaced is not None:
            return self._writer.retire(change, replaced)
        return self._writer.carry_out(change, {})

    def _going(self, doomed: Iterable[int]) -> set[tuple[str, str | None]]:
        """What is deleted, or is to be: not what somebody has edited, nor what is kept for those that use it."""
        changes = ((self._plan.changes[number], self._final.get(number)) for number in doomed)
        return {(change.resource, change.id) for change, final in changes if final is None or final.is_as_planned}

    def _reason_to_keep(self, change: Change) -> str:
        if self._uses is None:
            return ""
        if new_users := self._uses.new(str(change.id)):
            return f"it is used by {', '.join(map(str, new_users[:_FEW_USERS]))}"
        if hidden := self._uses.hidden():
            return f"these keys cannot read {', '.join(map(str, hidden[:_FEW_USERS]))} any more, which may use it"
        return ""

    def _kept(self, change: Change, replaced: Outcome | None, status: Status, reason: str) -> Outcome:
        if replaced is None:
            return outcome_of(change, status, f"{reason}; plan again")
        remains = f"`{replaced.id}` took its place, but the old `{change.id}` is still there: {reason}; plan again"
        return outcome_of(change, status, remains, id=replaced.id)

    def _hold(self, number: int, holder: Outcome) -> None:
        """Leave alone what a change that was not carried out still refers to."""
        reason = f"`{holder.tracking_id}` still refers to `{self._plan.changes[number].id}` and was not carried out"
        self._settle_finally(number, outcome_of(self._plan.changes[number], Status.SKIPPED, reason))

    def _holders(self, doomed: Iterable[int]) -> dict[int, Outcome]:
        """By the number of a delete: a change that was not carried out and refers to what would be deleted."""
        numbers = {str(self._plan.changes[number].id): number for number in doomed}
        holders: dict[int, Outcome] = {}
        for outcome, change in zip(self.outcomes().outcomes, self._plan.changes, strict=True):
            refers = outcome.status is not Status.INTERRUPTED and not outcome.is_as_planned
            if refers:
                words = words_of(change) & numbers.keys() - {change.id}
                holders |= {numbers[word]: outcome for word in words}
        return holders

    def _is_doomed(self, number: int, change: Change) -> bool:
        """Deletes, and replacements whose new resource stands."""
        written = self._written.get(number)
        replaced = change.action is Action.REPLACE and written is not None and written.is_as_planned
        return (change.action is Action.DELETE and number not in self._held) or replaced

    def _settle(self, number: int, outcome: Outcome) -> None:
        """Note what became of a write; a replacement is not final before the old one is gone."""
        self._written[number] = outcome
        if outcome.status is not Status.SKIPPED:
            self._unanswered = self._unanswered + 1 if outcome.status is Status.FAILED else 0
        if not (outcome.action is Action.REPLACE and outcome.is_as_planned):
            self._settle_finally(number, outcome)

    def _settle_finally(self, number: int, outcome: Outcome) -> None:
        self._final[number] = outcome
        self._journal.settle(outcome)
        with self._progressing:
            self._progress(outcome)

    def _outcome(self, number: int) -> Outcome:
        change = self._plan.changes[number]
        if number in self._final:
            return self._final[number]
        if number not in self._written:
            return outcome_of(change, Status.INTERRUPTED, "not begun")
        new_id = self._written[number].id
        message = f"`{new_id}` took its place, but the old `{change.id}` is still there; run again"
        return outcome_of(change, Status.INTERRUPTED, message, id=new_id)


def _has_no_id(written: Outcome) -> bool:
    """Whether there is nothing to refer to: what was only to be updated is live all the same."""
    return written.action in _CREATING or written.id is None
