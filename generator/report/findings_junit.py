"""Findings as JUnit XML: errors are failures, what is suppressed is skipped, the rest passes and says what it is."""

from __future__ import annotations

from collections.abc import Sequence

from generator.finding import Finding, is_error
from generator.lint.suppressing import Suppressed
from generator.report.junit_parts import attribute, finding_case, suite


def findings_junit(findings: Sequence[Finding], suppressed: Sequence[Suppressed]) -> str:
    cases = [finding_case(finding) for finding in findings]
    cases += (finding_case(each.finding, f"<skipped message={attribute(each.by.reason)}/>") for each in suppressed)
    failures = sum(map(is_error, findings))
    return suite("toban lint", cases, failures=failures, skipped=len(suppressed), empty="no findings")
