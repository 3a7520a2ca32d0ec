"""What two revisions differ in as JUnit XML: a case for each difference, which passes, and one for each finding."""

from __future__ import annotations

from collections.abc import Sequence

from generator.finding import Finding, is_error
from generator.plan.comparison import Comparison, Difference
from generator.report.change_lines import change_lines
from generator.report.junit_parts import case, finding_case, passed, suite
from generator.report.past_effect import NO_EFFECTS, Effects
from generator.report.review_section import Section
from generator.report.review_words import section_sentences


def review_junit(comparison: Comparison, findings: Sequence[Finding], effects: Effects = NO_EFFECTS) -> str:
    cases = [_case(each, effects) for each in comparison.differences]
    cases += map(finding_case, findings)
    failures = sum(map(is_error, findings))
    return suite("toban plan", cases, failures=failures, skipped=0, empty="nothing differs")


def _case(difference: Difference, effects: Effects) -> str:
    sentences = section_sentences(Section((difference,)), effects)
    lines = (f"{line.mark} {line.text}" for line in change_lines(difference.fields))
    name = f"{difference.fate.value} {difference.resource} {difference.tracking_id}"
    return case(difference.path, name, passed("\n".join((*sentences, *lines))))
