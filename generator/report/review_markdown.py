"""What two revisions differ in, as one comment on a pull request or as a job's summary, whatever the size of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from generator.finding import Finding, Severity
from generator.plan.comparison import Comparison, counts
from generator.plan.model import Obstacle
from generator.report.markdown_parts import LONGEST_COMMENT, rows
from generator.report.past_effect import NO_EFFECTS, Effects
from generator.report.plan_words import blocking_first
from generator.report.review_alike import NO_ENVIRONMENTS, Environments, section_lines, sections
from generator.report.review_layout import Measure, Page, laid_out
from generator.report.review_section import Section
from generator.report.review_told import (
    LONGEST_ROW,
    MOST_SENTENCES,
    MOST_TOLD,
    ToldCounts,
    ToldFinding,
    ToldFindings,
    ToldObstacle,
    ToldReview,
    ToldSection,
)
from generator.report.review_words import effect_sentences, headline, section_sentences
from generator.report.visible import LONGEST_SENTENCE, LONGEST_VALUE, cut, short

LONGEST_SUMMARY = 1_048_576
"""Bytes; GitHub shows no longer summary of a job's step."""


def characters(text: str) -> int:
    """As GitHub's own programs count them: UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def octets(text: str) -> int:
    return len(text.encode(errors="surrogatepass"))


class Surroundings(NamedTuple):
    """What stands round the differences: what they are compared with, and what is found in them.

    `whole` says in HTML where all of it is, for what does not fit; `known` more findings were there before.
    `environments` are those of the later revision.
    """

    base: str
    findings: Sequence[Finding] = ()
    known: int = 0
    effects: Effects = NO_EFFECTS
    whole: str = ""
    environments: Environments = NO_ENVIRONMENTS


def review_markdown(
    comparison: Comparison, around: Surroundings, *, longest: int = LONGEST_COMMENT, measure: Measure = characters
) -> str:
    """At most `longest` (from 8,000): what does not fit is told in one line each, then counted, moved ones first."""
    page = Page(longest, measure, around.whole)
    return laid_out(_without_sections(comparison, around), _sections(comparison, around), page).text


def told_review(comparison: Comparison, around: Surroundings, *, longest: int, command: str = "") -> ToldReview:
    """What a comment of that length has room for; `command` shows all of it."""
    told = msgspec.structs.replace(_without_sections(comparison, around), command=_sentence(command))
    shown = laid_out(told, _sections(comparison, around), Page(longest, characters)).sections
    return msgspec.structs.replace(told, sections=shown)


def _without_sections(comparison: Comparison, around: Surroundings) -> ToldReview:
    is_blocked = any(each.blocks for each in comparison.obstacles)
    return ToldReview(
        workspace=comparison.workspace,
        base=_value(around.base),
        counts=ToldCounts(**counts(comparison)),
        obstacles=tuple(map(_obstacle, blocking_first(comparison.obstacles)[:MOST_TOLD])),
        all_obstacles=len(comparison.obstacles),
        is_blocked=is_blocked or any(each.severity is Severity.ERROR for each in around.findings),
        findings=_findings(around.findings),
        sections=(),
        digest=_value(comparison.desired_digest),
    )


def _obstacle(obstacle: Obstacle) -> ToldObstacle:
    return ToldObstacle(
        _value(obstacle.rule),
        _sentence(obstacle.message),
        _sentence(obstacle.hint),
        obstacle.blocks,
        _value(obstacle.tracking_id),
        None if obstacle.id is None else _value(obstacle.id),
        _value(obstacle.path),
        max(0, obstacle.line),
        obstacle.needs_review,
    )


def _findings(findings: Sequence[Finding]) -> ToldFindings:
    order = list(Severity)
    ordered = sorted(findings, key=lambda each: order.index(each.severity))
    errors, warnings, notices = (sum(each.severity is severity for each in findings) for severity in order)
    files = {each.place.path for each in findings if each.severity is not Severity.ERROR}
    return ToldFindings(tuple(map(_finding, ordered[:MOST_TOLD])), errors, warnings, notices, len(files))


def _finding(finding: Finding) -> ToldFinding:
    path, *numbers = msgspec.structs.astuple(finding.place)
    message, hint = map(_sentence, (finding.message, finding.hint))
    return ToldFinding(
        _value(finding.rule), finding.severity, message, hint, _value(path), *(max(0, number) for number in numbers)
    )


def _sections(comparison: Comparison, around: Surroundings) -> Iterator[ToldSection]:
    return (_section(each, around) for each in sections(comparison.differences, around.environments))


def _section(section: Section, around: Surroundings) -> ToldSection:
    first = section.first
    headlines = (first.title, headline(section), *effect_sentences(section, around.effects))
    told = rows(section_lines(section, around.environments))
    return ToldSection(
        service=_value(section.service),
        fate=section.fate,
        resource=_value(first.resource),
        entry=_value(section.entry),
        resources=len(section.differences),
        environments=tuple(map(_value, section.environments)) if len(section.differences) > 1 else (),
        headlines=tuple(_value(text) for text in headlines if text),
        path=_value(first.path),
        line=max(0, first.line),
        sentences=tuple(map(_sentence, section_sentences(section)))[:MOST_SENTENCES],
        rows=tuple(cut(row, LONGEST_ROW) for row in told),
    )


def _value(text: str) -> str:
    return short(text, LONGEST_VALUE)


def _sentence(text: str) -> str:
    return short(text, LONGEST_SENTENCE)
