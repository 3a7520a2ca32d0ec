"""Rules about messages before hostile ones."""

from __future__ import annotations

from typing import Any

import pytest

from generator.finding import Excerpt, Finding, Span
from generator.lint.messages import MOST_COMPLAINTS
from generator.lint.runner import lint
from generator.render.model import Rendering, Resource

_PIECES = (
    "{{", "{{{{", "{{#is_alert}}", "{{/is_alert}}", "{{valeu}}", "{{x.name}}", "{{zz 1}}", "{{else}}", "@slack ",
    "{{local_time 'a' 'Tokio'}}", "x@slack-a ", " @pagerduty-x", "{{#zz}}", "{{#is_priority 'P1'}}",
    '{{eval "rnd(1)"}}', '{{^is_match "a.name" "b"}}',
)  # fmt: skip


class _Locate:
    def __call__(self, resource: Resource, field: tuple[str | int, ...]) -> Span:
        del resource
        return Span(".".join(map(str, field)), 1, 1, 1, 1)

    def marked(self, resource: Resource, field: tuple[str | int, ...], excerpt: Excerpt) -> Span | None:
        del resource, field, excerpt


def found(payload: dict[str, Any]) -> list[Finding]:
    whole = {"type": "query alert", "query": "avg(last_5m):avg:m{*} by {host} > 20", **payload}
    return list(lint(Rendering("main", (Resource("main/a/b/p", "monitor", whole, "a.yaml", 1),), ()), _Locate()))


@pytest.mark.parametrize("piece", _PIECES)
def test_a_hostile_message_is_judged_to_its_end_with_few_complaints_of_a_rule(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    findings = found({"message": text, "options": {"thresholds": {"critical": 20, "warning": 10}}})
    assert {finding.span.path for finding in findings} <= {"message"}
    assert all(0 <= each.excerpt.start <= each.excerpt.end <= len(text) for each in findings if each.excerpt)
    rules = [finding.rule for finding in findings]
    assert all(rules.count(rule) <= MOST_COMPLAINTS for rule in rules)


@pytest.mark.parametrize("value", [None, 5, ["{{#is_alert}}"], {"{{": "}}"}])
def test_a_message_that_is_no_text_has_no_complaint_about_messages(value: object) -> None:
    findings = found({"message": value, "name": value, "options": {"escalation_message": value}})
    assert {finding.rule for finding in findings} - {"option-of-wrong-type"} == {"nobody-is-notified"}


@pytest.mark.parametrize(
    ("handle", "complaints"),
    [("@slack_{}@", 0), ("@slack-{}#@", 1), ("x@slack-{}.a", 0), ("\uff20slack-{}", 1), ("`@slack_{}", 1)],
)
def test_a_long_word_behind_a_handle_is_read_once(handle: str, complaints: int) -> None:
    """Were each of its letters tried as the last one, this would take the better part of an hour."""
    findings = found({"message": handle.format("a" * 1_000_000)})
    assert [each.rule for each in findings].count("malformed-handle") == complaints
