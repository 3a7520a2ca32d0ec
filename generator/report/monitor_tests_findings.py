"""Failed tests of monitors as findings, for outputs that mark lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from generator.finding import Finding, Severity
from generator.testing.outcome import Outcome

RULE = "failed-test"


def failures(outcome: Outcome) -> Iterator[Finding]:
    """One for each difference, at what was expected."""
    test = outcome.test
    about = (test.resource.tracking_id,)
    if outcome.refusal:
        message = f"{test.name}: it cannot be simulated: {outcome.refusal}"
        span = test.document.key_span(("tests", test.name))
        yield Finding(RULE, Severity.ERROR, message, span, tracking_ids=about)
    for each in outcome.differences:
        message = f"{test.name}: {each.what}: expected {each.expected}, found {each.found}"
        yield Finding(RULE, Severity.ERROR, message, test.document.span(each.place), tracking_ids=about)
