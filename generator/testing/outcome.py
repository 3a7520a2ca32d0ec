"""What became of a test."""

from __future__ import annotations

from dataclasses import dataclass

from generator.message.event import State
from generator.simulate.telling import Sent
from generator.simulate.timeline import GroupTimeline
from generator.source.documents import Place
from generator.testing.model import PreparedTest


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected at a place of the file, and what was found instead; `at` in UNIX seconds, where it has one."""

    place: Place
    expected: str
    found: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A test's differences, none where it passed; `refusal` says why it could not be run."""

    test: PreparedTest
    differences: tuple[Difference, ...] = ()
    groups: tuple[GroupTimeline, ...] = ()
    sent: tuple[Sent, ...] = ()
    refusal: str = ""

    @property
    def passed(self) -> bool:
        return not self.refusal and not self.differences

    @property
    def reached(self) -> frozenset[State]:
        """The states that some group came into."""
        return frozenset(each.after for group in self.groups for each in group.transitions)
