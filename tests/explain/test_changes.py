"""What became of a query, in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from generator.explain.changes import query_changes
from generator.query.nodes import Node, Query
from generator.query.parser import likely_type, parse_monitor
from generator.query.problem import SyntaxProblem
from tests.query.strategies import queries

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "query_changes.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def parsed(text: str) -> Query:
    found = parse_monitor(likely_type(text), text)
    assert not isinstance(found, SyntaxProblem), found
    return found


@pytest.mark.parametrize(("before", "after", "words"), ROWS, ids=["|".join(row[:2])[:80] for row in ROWS])
def test_a_change_of_a_query_is_told_in_words(before: str, after: str, words: str) -> None:
    assert "; ".join(query_changes(parsed(before), parsed(after))) == words


@settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(queries, queries)
def test_any_two_queries_can_be_told_apart_and_equal_ones_differ_in_nothing(
    before: tuple[str, Node], after: tuple[str, Node]
) -> None:
    words = query_changes(before[1], after[1])

    assert all(each and "\n" not in each for each in words)
    assert query_changes(before[1], before[1]) == ()
