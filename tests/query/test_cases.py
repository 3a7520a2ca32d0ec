"""Queries in files: what each becomes, or why it is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.query.nodes import Node
from generator.query.parser import (
    SyntaxProblem,
    parse_dashboard_query,
    parse_formula,
    parse_metric_monitor,
    parse_monitor,
)
from generator.query.printer import print_query

CASES = Path(__file__).parent / "cases"


def rows(name: str, width: int) -> tuple[tuple[str, ...], ...]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return tuple(tuple([*line.split("\t"), *[""] * width][:width]) for line in lines if not line.startswith("#"))


def parse(kind: str, text: str) -> Node | SyntaxProblem:
    if kind == "dashboard":
        return parse_dashboard_query(text)
    return parse_formula(text) if kind == "formula" else parse_monitor(kind, text)


@pytest.mark.parametrize(("kind", "text", "canonical"), rows("canonical.tsv", 3))
def test_a_query_prints_in_its_canonical_form(kind: str, text: str, canonical: str) -> None:
    node = parse(kind, text)

    assert not isinstance(node, SyntaxProblem), node
    assert print_query(node) == (canonical or text)
    assert parse(kind, print_query(node)) == node


@pytest.mark.parametrize(("kind", "marked", "message", "hint"), rows("refused.tsv", 4))
def test_a_refusal_says_what_was_found_where_and_how_to_mend_it(
    kind: str, marked: str, message: str, hint: str
) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")

    problem = parse(kind, text)

    assert isinstance(problem, SyntaxProblem)
    assert message in problem.message
    assert hint in problem.hint
    assert bool(hint) == bool(problem.hint)
    assert (problem.start, problem.end) == (marked.index("⟦"), marked.index("⟧") - 1)


@pytest.mark.parametrize("blank", ["\n", "\r\n", "\t", "   "])
def test_line_breaks_and_blanks_mean_the_same(blank: str) -> None:
    words = ("avg(last_5m):", "avg:a{x:y ,", "z:w}", "by {host}", "/", "avg:b{*}", "> 5")

    assert parse("metric alert", blank.join(words)) == parse("metric alert", " ".join(words))


def test_a_message_is_one_line_without_control_characters() -> None:
    problem = parse("metric alert", "avg(last_5m):abs(avg:a{*}, 'x\n\x1b[31m")

    assert isinstance(problem, SyntaxProblem)
    assert problem.message.isprintable()
    assert "\\n\\x1b[31m" in problem.message


def test_a_formula_is_no_metric_query() -> None:
    problem = parse_metric_monitor('formula("query1").last("5m") > 1')

    assert isinstance(problem, SyntaxProblem)
    assert "a formula stands where a metric query is expected" in problem.message
    assert problem.end == len("formula")
