"""What is wrong with a file of tests, collected on the way through it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from zoneinfo import ZoneInfo

from generator.finding import Finding, Severity
from generator.source.documents import Document, Place
from generator.testing.moments import MomentProblem, moment_of

WRONG_VALUE = "wrong-value"


@dataclass(frozen=True, slots=True)
class Remarks:
    """Findings about what stands at places of the document; `about` are the resources concerned."""

    document: Document
    about: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def add(self, place: Place, message: str, hint: str, *, rule: str = WRONG_VALUE) -> None:
        span = self.document.span(place)
        self.findings.append(Finding(rule, Severity.ERROR, message, span, hint=hint, tracking_ids=self.about))

    def add_at_key(self, place: Place, message: str, hint: str, *, rule: str = WRONG_VALUE) -> None:
        span = self.document.key_span(place)
        self.findings.append(Finding(rule, Severity.ERROR, message, span, hint=hint, tracking_ids=self.about))

    def add_within(self, place: Place, start: int, end: int, *, message: str, hint: str) -> None:
        """About a part of a text."""
        span = self.document.span_within(place, start, end) or self.document.span(place)
        self.findings.append(Finding(WRONG_VALUE, Severity.ERROR, message, span, hint=hint, tracking_ids=self.about))

    def of(self, tracking_id: str) -> Remarks:
        """The same list, for what concerns a resource."""
        return replace(self, about=(tracking_id,))


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads local times, and remarks on those that are none."""

    day: date
    zone: ZoneInfo
    remarks: Remarks

    def at(self, text: str, place: Place) -> int | None:
        found = moment_of(text, self.day, self.zone)
        if isinstance(found, MomentProblem):
            self.remarks.add(place, found.message, found.hint, rule="wrong-time")
            return None
        return found

    def at_key(self, text: str, place: Place) -> int | None:
        found = moment_of(text, self.day, self.zone)
        if isinstance(found, MomentProblem):
            self.remarks.add_at_key(place, found.message, found.hint, rule="wrong-time")
            return None
        return found
