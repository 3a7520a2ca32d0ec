"""All questions about one plan, and what was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from generator.datadog.client import Datadog
from generator.lint.answers import Answers
from generator.message.handles import has_handle
from generator.online.accepted import Accepted
from generator.online.changing import asked_about
from generator.online.probing import PROBED_DAYS, Probe, probed
from generator.online.reach import Reach, Unasked
from generator.online.validating import Validation, validated
from generator.plan.model import Plan
from generator.render.model import Resource

ASKING_SECONDS = 120.0


class Extent(msgspec.Struct, frozen=True):
    """How much is asked: about how many monitors, by how many metric queries, and whether for points at all."""

    at_most: int
    probe: bool = False


class Asked(msgspec.Struct, frozen=True):
    answers: Answers
    resources: tuple[Resource, ...]
    validation: Validation
    probe: Probe
    handles: str = ""
    """Why the list of handles was not read; empty where it was, or nobody needed it."""


def ask(  # noqa: PLR0913 - what the questions are made of
    client: Datadog,
    plan: Plan,
    resources: Sequence[Resource],
    *,
    extent: Extent,
    accepted: Accepted,
    now: datetime,
    clock: Callable[[], float],
) -> Asked:
    """`resources` are those of `asked_about(plan)`."""
    until = clock() + ASKING_SECONDS

    def reach() -> Reach:
        """One for each sort of question: keys that may not validate may well read."""
        return Reach(clock, until)

    at_most = extent.at_most
    validation = validated(client, reach(), asked_about(plan), ids=plan.references, accepted=accepted, at_most=at_most)
    tells = at_most and any(has_handle(str(each.payload.get("message") or "")) for each in resources)
    handles = reach().ask(client.handles) if tells else None
    probe = probed(client, reach(), resources, now=now, at_most=at_most) if extent.probe else Probe()
    answers = Answers(
        refusals=validation.refusals,
        unasked={**probe.unasked, **validation.unasked},
        handles=None if isinstance(handles, Unasked) else handles,
        silent=probe.silent,
        probed_days=PROBED_DAYS,
    )
    why = handles.reason if isinstance(handles, Unasked) else ""
    return Asked(answers, tuple(resources), validation, probe, why)
