"""Rules meet monitors that Datadog accepted: what hits many of them is no error, and each error there was looked at."""

from __future__ import annotations

import pytest

from generator.finding import Finding, Severity, is_error
from generator.lint.rule import rules
from tests.lint.hit_rates import Rate, rates

# Rule and text of each error on a monitor that Datadog's server took, with why it is right all the same.
LOOKED_AT = {
    # A recording of the provider's own test, which sent this text without having it validated.
    ("query-syntax", "invalid query"),
    # Datadog takes a priority as text and answers with the number; the YAML has one way to write it.
    ("wrong-type", "`priority` must be a whole number, found text `4`"),
    ("wrong-type", "`priority` must be a whole number, found text `5`"),
}


@pytest.fixture(scope="module")
def hits() -> tuple[tuple[Rate, ...], tuple[Finding, ...]]:
    return rates()


def test_rule_that_hits_more_than_a_tenth_is_a_notice(hits: tuple[tuple[Rate, ...], tuple[Finding, ...]]) -> None:
    loud = {each.rule for each in hits[0] if each.accepted > 0.1 and each.severity is not Severity.NOTICE}
    assert loud == set()


def test_every_error_on_an_accepted_monitor_was_looked_at(hits: tuple[tuple[Rate, ...], tuple[Finding, ...]]) -> None:
    errors = {(each.rule, each.excerpt.text if each.excerpt else each.message) for each in hits[1] if is_error(each)}
    assert errors == LOOKED_AT


def test_every_rule_has_its_rate(hits: tuple[tuple[Rate, ...], tuple[Finding, ...]]) -> None:
    assert [each.rule for each in hits[0]] == [rule.name for rule in rules()]
    assert any(each.vendor > 0 for each in hits[0])
