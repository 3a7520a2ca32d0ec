"""What became of a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from generator.message.event import State
from generator.simulate.telling import Sent
from generator.simulate.timeline import GroupTimeline
from generator.source.documents import Place
from generator.testing.model import PreparedTest


class Difference(Struct, frozen=True, kw_only=True):
    """What was expected at a place of the file, and what was found instead; `what` is the field of the expectation."""

    place: Place
    what: Literal["state", "changes", "told", "message", "message_has"]
    expected: str
    found: str


class Dependence(Struct, frozen=True, kw_only=True):
    """A setting of the simulator by which a test would end otherwise."""

    setting: str
    chosen: str | int | None
    instead: str | int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A test's differences, none where it passed; `refusal` says why it could not be run, and
    `depends_on` what Datadog does not document that decides it, where that was asked.
    """

    test: PreparedTest
    differences: tuple[Difference, ...] = ()
    groups: tuple[GroupTimeline, ...] = ()
    sent: tuple[Sent, ...] = ()
    refusal: str = ""
    depends_on: tuple[Dependence, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.refusal and not self.differences

    @property
    def reached(self) -> frozenset[State]:
        """The states that some group came into."""
        return frozenset(each.after for group in self.groups for each in group.transitions)
