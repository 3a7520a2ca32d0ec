from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from generator.message.handles import Mention, handles, has_handle, mentions
from generator.message.parser import parse_message
from tests.message.strategies import any_text, well_formed

TABLE = [
    line.split("\t")
    for line in (Path(__file__).parent / "handles.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_handles_are_found_at_word_boundaries(row: list[str]) -> None:
    text, *expected = row
    assert handles(text) == tuple(each for each in expected if each)


@settings(max_examples=400, derandomize=True, deadline=None)
@given(any_text | well_formed)
def test_the_handles_of_a_text_are_those_of_its_tree(text: str) -> None:
    assert handles(text) == tuple(dict.fromkeys(mention.handle for mention in mentions(parse_message(text))))


@settings(max_examples=400, derandomize=True, deadline=None)
@given(any_text | well_formed)
def test_a_text_has_a_handle_where_handles_are_found(text: str) -> None:
    assert has_handle(text) is bool(handles(text))


@settings(max_examples=200, derandomize=True, deadline=None)
@given(any_text | well_formed)
def test_a_mention_tells_where_its_handle_stands(text: str) -> None:
    assert all(text[each.start : each.end] == each.handle for each in mentions(parse_message(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@{{" * 200_000, 0),
        ("{{" + " @" * 200_000, 0),
        ("@{{x}}" * 100_000, 1),
        ("@a{{#x}}" * 100_000, 1),
        ("{{!@" * 100_000, 0),
    ],
)
def test_a_long_hostile_text_is_read_to_its_end(text: str, expected: int) -> None:
    assert len(handles(text)) == expected


def _told(text: str) -> list[tuple[str, list[tuple[str, bool]]]]:
    return [(each.handle, _branches(each)) for each in mentions(parse_message(text))]


def _branches(mention: Mention) -> list[tuple[str, bool]]:
    return [(branch.condition.name, branch.holds) for branch in mention.branches]


def test_a_mention_knows_the_branches_around_it() -> None:
    inner = '{{#is_match "x.name" "y"}} @c {{else}} @d {{/is_match}}'

    assert _told(f"@a {{{{#is_alert}}}} @b {inner} {{{{/is_alert}}}} {{{{^is_alert}}}} @e {{{{/is_alert}}}}") == [
        ("@a", []),
        ("@b", [("is_alert", True)]),
        ("@c", [("is_alert", True), ("is_match", True)]),
        ("@d", [("is_alert", True), ("is_match", False)]),
        ("@e", [("is_alert", False)]),
    ]


def test_else_of_a_negated_block_is_where_its_condition_holds() -> None:
    assert _told("{{^is_alert}}@a{{else}}@b{{/is_alert}}") == [
        ("@a", [("is_alert", False)]),
        ("@b", [("is_alert", True)]),
    ]


def test_raw_text_under_a_condition_stands_in_its_branch() -> None:
    assert _told('{{{{is_match "x.name" "y"}}}} @a {{{{/is_match}}}}') == [("@a", [("is_match", True)])]
