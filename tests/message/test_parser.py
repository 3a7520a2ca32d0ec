from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from generator.message.nodes import Block, Condition, Function, Literal, Message, Tag, Text, Variable, Verbatim
from generator.message.parser import DEEPEST, MOST_PROBLEMS, parse_message
from generator.message.printer import print_message
from generator.message.problem import MessageProblem
from tests.corpus import corpus_lines
from tests.message.strategies import any_text, well_formed

PROBLEMS = [
    line.split("\t")
    for line in (Path(__file__).parent / "problems.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize("row", PROBLEMS, ids=[row[0] for row in PROBLEMS])
def test_what_is_wrong_is_told_with_its_place(row: list[str]) -> None:
    text, *expected = row
    assert [_told(problem) for problem in parse_message(text).problems] == expected


def _told(problem: MessageProblem) -> str:
    hint = f" [{problem.hint}]" if problem.hint else ""
    return f"{problem.start}-{problem.end}: {problem.message}{hint}"


@settings(max_examples=500, derandomize=True, deadline=None)
@given(any_text)
def test_any_text_is_printed_back(text: str) -> None:
    assert print_message(parse_message(text)) == text


@settings(max_examples=300, derandomize=True, deadline=None)
@given(well_formed)
def test_what_is_well_formed_has_no_problem_and_is_printed_back(text: str) -> None:
    message = parse_message(text)
    assert message.problems == ()
    assert print_message(message) == text


@settings(max_examples=300, derandomize=True, deadline=None)
@given(any_text | well_formed)
def test_the_parts_hold_every_character_once_in_order(text: str) -> None:
    pieces = []
    for part in parse_message(text).parts:
        node = part.node
        pieces += [node.opening.text, node.text, node.closing] if isinstance(node, Verbatim) else [node.text]
    assert "".join(pieces) == text


@settings(max_examples=300, derandomize=True, deadline=None)
@given(any_text)
def test_a_problem_lies_inside_its_text(text: str) -> None:
    assert all(0 <= each.start <= each.end <= len(text) and each.message for each in parse_message(text).problems)


def test_recorded_messages_are_printed_back() -> None:
    messages = [record["json"].get("message") or "" for record in corpus_lines("monitors.jsonl")]
    assert len([text for text in messages if "{{" in text]) > 200
    assert [text for text in messages if print_message(parse_message(text)) != text] == []


def test_recorded_messages_have_no_problem_but_where_another_language_writes_them() -> None:
    broken = {
        record["source"]
        for record in corpus_lines("monitors.jsonl")
        if parse_message(record["json"].get("message") or "").problems
    }
    # Templates of Go: `{{ "{{value}}" }}` writes what Datadog reads.
    assert {source for source in broken if not source.startswith("FairwindsOps/astro:")} == set()


def _only(text: str) -> Tag | Block | Verbatim | Text:
    (node,) = parse_message(text).nodes
    return node


def _variable(text: str) -> Variable:
    node = _only(text)
    assert isinstance(node, Tag)
    assert isinstance(node.content, Variable)
    return node.content


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("{{value}}", ("value",)),
        ("{{ host.name }}", ("host", "name")),
        ("{{[env.name].name}}", ("env.name", "name")),
        ("{{@usr.id.name}}", ("@usr", "id", "name")),
        ("{{[@usr.id].name}}", ("@usr.id", "name")),
        ("{{log.tags.[k.y]}}", ("log", "tags", "k.y")),
        ("{{service.links[On call]}}", ("service", "links", "On call")),
    ],
)
def test_a_variable_is_read_by_its_parts(text: str, parts: tuple[str, ...]) -> None:
    assert _variable(text).path.parts == parts


def test_three_braces_leave_a_value_unescaped() -> None:
    assert [_variable(text).is_escaped for text in ("{{event.text}}", "{{{event.text}}}")] == [True, False]


def test_a_block_holds_what_stands_in_its_two_branches() -> None:
    block = _only('{{^is_match "host.name" "a"}}b{{else}}c{{/is_match}}')

    assert isinstance(block, Block)
    assert (block.condition.name, block.condition.is_negated) == ("is_match", True)
    assert [argument.text for argument in block.condition.arguments if isinstance(argument, Literal)] == [
        "host.name",
        "a",
    ]
    assert [node.text for node in (*block.body, *block.otherwise) if isinstance(node, Text)] == ["b", "c"]


def test_a_function_keeps_where_its_arguments_stand() -> None:
    text = "{{local_time 'last_triggered_at' 'Asia/Tokyo'}}"
    node = _only(text)

    assert isinstance(node, Tag)
    assert isinstance(node.content, Function)
    arguments = node.content.call.arguments
    assert [text[each.start : each.end] for each in arguments] == ["last_triggered_at", "Asia/Tokyo"]


def test_raw_text_is_not_read() -> None:
    node = _only("{{{{raw}}}}{{#x}} {{value}}{{{{/raw}}}}")

    assert isinstance(node, Verbatim)
    assert (node.condition, node.text) == (Condition("raw"), "{{#x}} {{value}}")


def _nested(depth: int) -> Message:
    return parse_message("{{#is_alert}}" * depth + "x" + "{{/is_alert}}" * depth)


def test_blocks_nest_fifty_deep_and_no_deeper() -> None:
    assert _nested(DEEPEST).problems == ()
    assert [problem.message for problem in _nested(DEEPEST + 20).problems] == ["blocks are nested more than 50 deep"]


HOSTILE = [
    "{{", "{{{{", "{{{{a}}}}", "{{#is_alert}}", "{{/x}}", "{{!--", "{{!--}}", "{{!", "{{[", "{{'", '{{#is_match "',
    "{{{a}}", '{{eval "((((}}', '{{eval "zz(1)"}}', "{{else}}", "}}", "{{{{raw}}}}{{{{/raw}}}}", "{{( ", "{{a\n",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_message_is_read_to_its_end_without_endless_problems(piece: str) -> None:
    text = piece * (400_000 // len(piece))
    message = parse_message(text)
    assert print_message(message) == text
    assert len(message.problems) <= MOST_PROBLEMS + DEEPEST


def test_a_tag_without_end_is_refused_by_its_length() -> None:
    (problem,) = parse_message("{{" + "a " * 3_000 + "}}").problems
    assert problem.message == "a tag of 6004 characters, more than 4000"
