"""What stands in the way of a sync and what differs, each as a finding on a line of the YAML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from generator.finding import Finding, Severity, Span
from generator.plan.comparison import Comparison, Difference, Fate
from generator.plan.model import Obstacle
from generator.report.past_effect import NO_EFFECTS, Effects, effect_words
from generator.report.review_section import Section
from generator.report.review_words import headline

_NOWHERE = "monitors/organization.yaml"


def obstacle_findings(obstacles: Iterable[Obstacle]) -> Iterator[Finding]:
    """What concerns no resource is told at the organisation's file."""
    for each in obstacles:
        severity = Severity.ERROR if each.blocks else Severity.WARNING if each.needs_review else Severity.NOTICE
        names = (each.tracking_id,) if each.tracking_id else ()
        span = _line(each.path or _NOWHERE, each.line or 1)
        yield Finding(each.rule, severity, each.message, span, each.hint, tracking_ids=names)


Locate = Callable[[Difference], Span | None]
"""Where the YAML has what changes; None for the line of the entry."""


def difference_notices(
    comparison: Comparison, effects: Effects = NO_EFFECTS, *, locate: Locate = lambda _: None
) -> Iterator[Finding]:
    """One notice for what the environments of an entry have in common; what goes is on no line any more."""
    told: dict[tuple[Span, str], list[str]] = {}
    for each in comparison.differences:
        if each.fate is not Fate.REMOVED:
            effect = effects.get(each.tracking_id)
            words = "; ".join(filter(None, (headline(Section((each,))), effect_words(effect) if effect else "")))
            summary = words if each.fate is Fate.MOVED else f"{each.fate.value}{words and f': {words}'}"
            told.setdefault((locate(each) or _line(each.path, each.line), summary), []).append(each.tracking_id)
    for (span, words), names in told.items():
        environments = ", ".join(name.rpartition("/")[2] for name in names)
        message = f"`{names[0].rpartition('/')[0]}` in {environments}: {words}"
        yield Finding("plan", Severity.NOTICE, message, span, tracking_ids=tuple(names))


def _line(path: str, line: int) -> Span:
    return Span(path, max(line, 1), 1, max(line, 1), 1)
