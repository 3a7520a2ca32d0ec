from __future__ import annotations

import pytest
from hypothesis import given, settings

from generator.message.nodes import Condition, Message, Text
from generator.message.outline import outline
from generator.message.parser import parse_message
from generator.message.uses import uses
from tests.message.strategies import any_text, well_formed


@settings(max_examples=400, derandomize=True, deadline=None)
@given(any_text | well_formed)
def test_an_outline_has_the_problems_and_names_of_its_message(text: str) -> None:
    message, said = parse_message(text), outline(text)
    assert [each.message for each in said.message.problems] == [each.message for each in message.problems]
    assert said.variables == {use.parts for use in uses(message)}
    assert _tags(said.message) == _tags(message)


def _tags(message: Message) -> list[tuple[str, list[tuple[Condition, bool]]]]:
    """Each tag with the branches it stands in."""
    return [
        (part.node.text, [(branch.condition, branch.holds) for branch in part.branches])
        for part in message.parts
        if not isinstance(part.node, Text)
    ]


def test_messages_that_differ_in_their_text_share_an_outline() -> None:
    first, second = (
        outline("a {{value}} b {{#is_alert}}c{{/is_alert}}"),
        outline("{{value}}{{#is_alert}}@x{{/is_alert}}"),
    )
    assert first is second
    assert first.conditions == {"is_alert"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{{host.name}} {{host.name}}", ["host.name", "host.name"]),
        ('{{#is_match "env.name" "prod"}}{{/is_match}}', ["env.name"]),
        ('{{^is_exact_match (eval "int(value / 2)") "8"}}{{/is_exact_match}}', ["value"]),
        ('{{{{is_match "role.name" "db"}}}}{{x.name}}{{{{/is_match}}}}', ["role.name"]),
        ("{{local_time 'last_triggered_at' 'Asia/Tokyo'}}", ["last_triggered_at"]),
        ('{{urlencode "service.name"}}', ["service.name"]),
        ("{{eval \"strip([a.b].name, 'x') + value\"}}", ["a.b.name", "value"]),
        ("{{!-- {{host.name}} --}}{{{{raw}}}}{{host.name}}{{{{/raw}}}}", []),
    ],
)
def test_what_a_message_reads_is_found_wherever_it_is_named(text: str, named: list[str]) -> None:
    found = uses(parse_message(text))
    assert [use.name for use in found] == named
    assert all(text[use.start : use.end].replace("[", "").replace("]", "") == use.name for use in found)
