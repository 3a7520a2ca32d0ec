"""Has Datadog validate what a plan would write: https://docs.datadoghq.com/api/latest/monitors/#validate-a-monitor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from generator.datadog.client import Datadog
from generator.online.accepted import Accepted, payload_digest
from generator.online.parallel import answers_of
from generator.online.reach import Reach, Unasked
from generator.plan.model import Action, Change
from generator.resources.references import references, resolved
from generator.resources.types import Payload, ResourceType, resource_types

_IN_PLACE = frozenset((Action.UPDATE, Action.ADOPT))


class Validation(msgspec.Struct, frozen=True):
    """By tracking id: Datadog's words against a monitor, and why it was not asked about one.

    `accepted` now, `known` from before; `referring` are those that refer to what is not there yet; `left_out` are more
    than should be asked about.
    """

    refusals: dict[str, tuple[str, ...]]
    unasked: dict[str, str]
    accepted: int
    known: int
    referring: tuple[str, ...]
    left_out: int


class _Question(NamedTuple):
    change: Change
    type: ResourceType
    payload: Payload
    resource_id: str | None
    digest: str


def validated(  # noqa: PLR0913 - what the questions are made of
    client: Datadog,
    reach: Reach,
    changes: Sequence[Change],
    *,
    ids: Mapping[str, str],
    accepted: Accepted,
    at_most: int,
) -> Validation:
    """`ids` are those of live resources, by tracking id; a payload that needs another cannot be validated."""
    questions, referring = _questions(changes, ids)
    fresh = [each for each in questions if each.digest not in accepted]
    asked = fresh[:at_most]
    found = answers_of(client, asked, lambda each: reach.ask(lambda: _refusals(client, each)))
    accepted.add(each.digest for each, words in zip(asked, found, strict=True) if words == ())
    told = {each.change.tracking_id: words for each, words in zip(asked, found, strict=True)}
    return Validation(
        refusals={name: words for name, words in told.items() if not isinstance(words, Unasked) and words},
        unasked={name: words.reason for name, words in told.items() if isinstance(words, Unasked)},
        accepted=sum(words == () for words in found),
        known=len(questions) - len(fresh),
        referring=referring,
        left_out=len(fresh) - len(asked),
    )


def _questions(changes: Sequence[Change], ids: Mapping[str, str]) -> tuple[list[_Question], tuple[str, ...]]:
    questions: list[_Question] = []
    referring: list[str] = []
    for change in changes:
        found = resource_types()[change.resource]
        if change.after is None or found.validate_path is None:
            continue
        payload: Payload = change.after
        if found.may_refer(payload):
            payload = resolved(payload, ids)
            if references(payload):
                referring.append(change.tracking_id)
                continue
        resource_id = change.id if change.action in _IN_PLACE else None
        questions.append(_Question(change, found, payload, resource_id, payload_digest(payload, resource_id)))
    return questions, tuple(referring)


def _refusals(client: Datadog, question: _Question) -> tuple[str, ...]:
    """That an equal monitor exists is for the plan to know, and for the sync to look at."""
    words = client.validate(question.type, question.payload, question.resource_id)
    duplicate = question.type.duplicate
    return words if duplicate is None else tuple(each for each in words if not duplicate.search(each))
