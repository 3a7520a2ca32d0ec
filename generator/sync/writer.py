"""Carries one change out: looks at what is live, keeps what it overwrites, writes, and says what became of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Container, Mapping
from typing import Any

import msgspec

from generator.datadog.client import Datadog
from generator.datadog.errors import ApiError, InUse, Rejected, Uncertain
from generator.plan.model import Action, Change
from generator.plan.state import is_done, is_ours, is_untouched
from generator.resources.references import references, resolved
from generator.resources.types import Payload
from generator.sync.archive import Archive
from generator.sync.blotted import exposed_words
from generator.sync.journal import Journal
from generator.sync.outcome import Outcome, Status, outcome_of
from generator.sync.verdict import gone, moved, outcome_of_twins, type_of

FRESH_SECONDS = 60.0
POSTS = 3
LOOKS_AFTER_SECONDS = (0.5, 1.0, 2.0, 4.0)
"""A resource whose POST got no answer may appear a little later."""


BodyOf = Callable[[Change, Mapping[str, str]], dict[str, Any]]
Step = Callable[[Change, Mapping[str, str]], Outcome]


class Interrupted(Exception):  # noqa: N818 - the name says what is known
    """The run stops before this write."""


class Writer:
    """Used by many threads at once, each with a change of its own."""

    def __init__(  # noqa: PLR0913 - what a run is made of
        self,
        client: Datadog,
        journal: Journal,
        archive: Archive,
        *,
        stopping: threading.Event,
        suspects: Container[str] = frozenset(),
        is_used: Callable[[str], bool],
        body_of: BodyOf,
    ) -> None:
        self._client = client
        self._journal = journal
        self._archive = archive
        self._stopping = stopping
        self._suspects = suspects
        self._is_used = is_used
        self._body_of = body_of

    def carry_out(self, change: Change, ids: Mapping[str, str]) -> Outcome:
        """All of a change but the deletion of what a replacement leaves behind. `ids` resolve its references."""
        steps = {
            Action.CREATE: self._create,
            Action.UPDATE: self._update,
            Action.ADOPT: self._update,
            Action.REPLACE: self._replace,
            Action.DELETE: self._delete,
        }
        return self._outcome(steps[change.action], change, ids)

    def retire(self, change: Change, replaced: Outcome) -> Outcome:
        """Delete what a replacement has left behind; the change then stands as a whole."""
        retired = self._outcome(self._delete, change, {})
        if retired.is_as_planned:
            status = Status.DONE if Status.DONE in {replaced.status, retired.status} else Status.ALREADY
            return msgspec.structs.replace(replaced, status=status, message=retired.message or replaced.message)
        remains = f"`{replaced.id}` took its place, but the old `{change.id}` is still there: {retired.message}"
        return msgspec.structs.replace(replaced, status=retired.status, message=remains)

    def withdraw(self, change: Change, created: Outcome, older: str, ids: Mapping[str, str]) -> Outcome:
        """Delete what this run has just created, unless somebody has touched it since: `older` bears its id too."""

        def step(change: Change, ids: Mapping[str, str]) -> Outcome:
            resource_type = type_of(change)
            live = self._client.read(resource_type, str(created.id))
            if live is None or not is_done(resource_type, change, live, ids):
                return outcome_of(change, Status.MOVED, f"{told}; both are there, one of them edited: delete one")
            if self._client.read(resource_type, older) is None:
                return created
            self._announce_over_ours(change, live)
            self._client.delete(resource_type, str(created.id))
            return outcome_of(change, Status.MOVED, f"{told}, so ours was deleted again; plan again", id=older)

        # Another sync, or a request of this one that took effect long after its answer was lost.
        told = f"`{older}` was created at the same time, by another sync or a late request, as our `{created.id}`"
        outcome = self._outcome(step, change, ids)
        if outcome.status is Status.MOVED or outcome is created:
            return outcome
        return msgspec.structs.replace(outcome, message=f"{told}; run again: {outcome.message}")

    def repoint(self, change: Change, written: Outcome, ids: Mapping[str, str], new_ids: Mapping[str, str]) -> Outcome:
        """Make what this run has just written refer to `new_ids`, unless somebody has touched it since."""

        def step(change: Change, ids: Mapping[str, str]) -> Outcome:
            resource_type = type_of(change)
            live = self._read(change)
            if live is None or not is_done(resource_type, change, live, ids):
                return outcome_of(change, Status.MOVED, "it was edited since it was written")
            self._announce_over_ours(change, live)
            self._client.update(
                resource_type, str(change.id), resource_type.writable(self._body_of(change, new_ids), live)
            )
            return outcome_of(change, Status.DONE)

        update = msgspec.structs.replace(change, action=Action.UPDATE, id=written.id)
        return self._outcome(step, update, ids)

    def _outcome(self, step: Step, change: Change, ids: Mapping[str, str]) -> Outcome:
        try:
            return step(change, ids)
        except Interrupted:
            return outcome_of(change, Status.INTERRUPTED, "not begun")
        except Rejected as refusal:
            return outcome_of(change, Status.REFUSED, str(refusal))
        except ApiError as error:
            return outcome_of(change, Status.INTERRUPTED if self._stopping.is_set() else Status.FAILED, str(error))

    def _create(self, change: Change, ids: Mapping[str, str]) -> Outcome:
        resource_type = type_of(change)
        age = self._client.list_age_seconds(resource_type)
        if age is None or age >= FRESH_SECONDS or change.tracking_id in self._suspects:
            twins = self._client.find(resource_type, change.tracking_id)
            if twins:
                return outcome_of_twins(change, ids, twins)
        return self._post(change, ids)

    def _replace(self, change: Change, ids: Mapping[str, str]) -> Outcome:
        """Create the new one beside the old one, so that nothing is unmonitored in between."""
        resource_type = type_of(change)
        found = self._client.find(resource_type, change.tracking_id)
        twins = tuple(twin for twin in found if str(twin["id"]) != change.id)
        if twins:
            return outcome_of_twins(change, ids, twins)
        live = self._read(change)
        if live is None:
            return gone(change)
        if not is_untouched(resource_type, change, live) or not is_ours(resource_type, change, live):
            return moved(change, live)
        errors = self._client.validate(resource_type, self._body_of(change, ids))
        if errors:
            return outcome_of(change, Status.REFUSED, f"Datadog would refuse the new one: {'; '.join(errors)}")
        return self._post(change, ids)

    def _post(self, change: Change, ids: Mapping[str, str]) -> Outcome:
        """Create it once, however often the answer is lost."""
        resource_type, body = type_of(change), self._body_of(change, ids)
        for tries_left in reversed(range(POSTS)):
            self._announce(change, body=body)
            try:
                created = self._client.create(resource_type, body)
            except Rejected as refusal:
                return self._outcome_of_duplicate(change, ids, refusal)
            except Uncertain:
                twins = self._twins_after_a_lost_answer(change)
                if twins:
                    return outcome_of_twins(change, ids, twins, status=Status.DONE)
                if not tries_left:
                    raise
            else:
                return outcome_of(change, Status.DONE, id=str(created["id"]))
        raise AssertionError("the last try returns or raises")

    def _twins_after_a_lost_answer(self, change: Change) -> tuple[Payload, ...]:
        resource_type = type_of(change)
        for seconds in LOOKS_AFTER_SECONDS:
            found = self._client.find(resource_type, change.tracking_id)
            twins = tuple(twin for twin in found if str(twin["id"]) != change.id)
            if twins:
                return twins
            self._client.pause(seconds, f"looking for {change.tracking_id}")
        return ()

    def _outcome_of_duplicate(self, change: Change, ids: Mapping[str, str], refusal: Rejected) -> Outcome:
        """Datadog refuses an exact copy and names the original: take that if it bears our id."""
        pattern = type_of(change).duplicate
        named = pattern.search(" ".join(refusal.errors)) if pattern else None
        original = self._client.read(type_of(change), named[1]) if named else None
        if original is None:
            raise refusal
        if type_of(change).tracking_id(original) == change.tracking_id:
            return outcome_of_twins(change, ids, (original,))
        return outcome_of(change, Status.REFUSED, f"{refusal}; `{original['id']}` is equal but not ours: adopt it")

    def _update(self, change: Change, ids: Mapping[str, str]) -> Outcome:
        resource_type = type_of(change)
        live = self._read(change)
        if live is None:
            return gone(change)
        if is_done(resource_type, change, live, ids):
            return outcome_of(change, Status.ALREADY)
        if not is_untouched(resource_type, change, live) or not is_ours(resource_type, change, live):
            return moved(change, live)
        body = resource_type.writable(self._body_of(change, ids), live)
        self._announce(change, live, body=body)
        try:
            self._client.update(resource_type, str(change.id), body)
        except Uncertain:
            now = self._read(change)
            if now is None or not is_done(resource_type, change, now, ids):
                raise
        return outcome_of(change, Status.DONE, exposed_words(live))

    def _delete(self, change: Change, _: Mapping[str, str]) -> Outcome:
        resource_type = type_of(change)
        live = self._read(change)
        if live is None:
            return outcome_of(change, Status.ALREADY)
        if not is_untouched(resource_type, change, live) or not is_ours(resource_type, change, live):
            return moved(change, live)
        self._announce(change, live)
        try:
            self._delete_as_reviewed(change)
        except Uncertain:
            if self._read(change) is not None:
                raise
        return outcome_of(change, Status.DONE, exposed_words(live))

    def _delete_as_reviewed(self, change: Change) -> None:
        """By force only where the plan has shown who uses it: Datadog knows of users that came a moment ago."""
        try:
            self._client.delete(type_of(change), str(change.id))
        except InUse:
            if not self._is_used(str(change.id)):
                raise
            self._client.delete(type_of(change), str(change.id), force=True)

    def _read(self, change: Change) -> Payload | None:
        return self._client.read(type_of(change), str(change.id))

    def _announce(
        self, change: Change, overwritten: Payload | None = None, *, body: dict[str, Any] | None = None
    ) -> None:
        """The last step before a write: keep what is overwritten, note the write, and do neither once we stop."""
        if self._stopping.is_set():
            raise Interrupted
        if overwritten is not None:
            written = None if body is None else type_of(change).comparable(body, body)
            self._archive.keep(change.resource, overwritten, change.tracking_id, written=written)
        self._journal.intend(change, body)

    def _announce_over_ours(self, change: Change, ours: Payload) -> None:
        """Likewise for what this run itself has written."""
        if self._stopping.is_set():
            raise Interrupted
        self._archive.keep_own(change.resource, ours, change.tracking_id)
        self._journal.intend(change)


def references_of(change: Change) -> tuple[str, ...]:
    after = change.after
    return references(after) if after is not None and type_of(change).may_refer(after) else ()


def marked_body(change: Change, ids: Mapping[str, str]) -> dict[str, Any]:
    """Give what is sent: the state after, its references as Datadog ids, with the mark that it is ours."""
    after = change.after or {}
    resource_type = type_of(change)
    return resource_type.tracked(resolved(after, ids) if resource_type.may_refer(after) else after, change.tracking_id)
