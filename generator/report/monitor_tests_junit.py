"""Tests of monitors as JUnit XML; what cannot be simulated is a failure, and so is an error in the files."""

from __future__ import annotations

from collections.abc import Sequence

from generator.finding import Finding
from generator.report.junit_parts import attribute, case, finding_case, suite, text
from generator.report.monitor_tests_text import failure_text
from generator.testing.outcome import Outcome


def outcomes_junit(outcomes: Sequence[Outcome], findings: Sequence[Finding]) -> str:
    cases = [case(each.test.path, each.test.name, _failure(each)) for each in outcomes]
    cases += map(finding_case, findings)
    failures = len(findings) + sum(not each.passed for each in outcomes)
    return suite("toban test", cases, failures=failures, skipped=0, empty="no tests")


def _failure(outcome: Outcome) -> str:
    if outcome.passed:
        return ""
    message = outcome.refusal or _first(outcome)
    kind = "not simulated" if outcome.refusal else outcome.differences[0].what
    return f"<failure message={attribute(message)} type={attribute(kind)}>{text(failure_text(outcome))}</failure>"


def _first(outcome: Outcome) -> str:
    first = outcome.differences[0]
    return f"{first.what}: expected {first.expected}, found {first.found}"
