"""Real queries: all that Datadog is known to take must parse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.query.inspection import leaves
from generator.query.nodes import MonitorQuery
from generator.query.parser import (
    SyntaxProblem,
    parse_dashboard_query,
    parse_expression,
    parse_metric_monitor,
    parse_monitor,
)
from generator.query.printer import print_query

CORPUS = Path(__file__).parents[2] / "../shared/corpus"
METRIC_TYPES = {"metric alert", "query alert"}
# The server stores this log query although nothing can match it.
STORED_BUT_MEANINGLESS = {"invalid query"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real queries is not on this machine")


def monitors(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield type, query and evidence."""
    for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
        kind, query, _, encoding, evidence = line.split("\t")[:5]
        yield kind, json.loads(query) if encoding == "json" else query, evidence


def dashboard_texts(name: str) -> Iterator[str]:
    for line in (CORPUS / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line) if line.startswith('"') else line


def refused_metric_queries(*evidences: str) -> tuple[list[str], int]:
    """Return what does not parse, and how many were tried."""
    tried = [row for row in monitors("monitor_queries.tsv") if row[0] in METRIC_TYPES and row[2] in evidences]
    return [text for kind, text, _ in tried if isinstance(parse_monitor(kind, text), SyntaxProblem)], len(tried)


def test_every_metric_query_of_the_server_and_the_vendor_parses() -> None:
    refused, tried = refused_metric_queries("server", "vendor")

    assert tried > 150
    assert refused == []


def test_nearly_every_other_metric_query_parses() -> None:
    refused, tried = refused_metric_queries("unverified", "filled-template")

    assert tried > 300
    assert len(refused) <= 2, "\n".join(refused)


def test_every_query_of_another_type_parses_except_known_ones() -> None:
    refused = [
        text
        for kind, text, _ in monitors("monitor_queries.tsv")
        if kind not in METRIC_TYPES
        and isinstance(parse_monitor(kind, text), SyntaxProblem)
        and text not in STORED_BUT_MEANINGLESS
    ]

    assert refused == []


@pytest.mark.parametrize(
    ("name", "parse"), [("dashboard_queries.txt", parse_dashboard_query), ("dashboard_formulas.txt", parse_expression)]
)
def test_every_query_of_a_dashboard_parses(name: str, parse: Callable[[str], object]) -> None:
    refused = [text for text in dashboard_texts(name) if isinstance(parse(text), SyntaxProblem)]

    assert refused == []


def test_every_suspect_metric_query_is_refused() -> None:
    suspects = [row for row in monitors("monitor_queries_suspect.tsv") if row[0] in METRIC_TYPES]
    taken = [text for kind, text, _ in suspects if not isinstance(parse_monitor(kind, text), SyntaxProblem)]

    assert len(suspects) == 5
    assert taken == []


def test_printing_a_real_query_changes_nothing_about_its_meaning() -> None:
    for kind, text, _ in monitors("monitor_queries.tsv"):
        node = parse_monitor(kind, text)
        if not isinstance(node, SyntaxProblem):
            assert parse_monitor(kind, print_query(node)) == node
    for text in dashboard_texts("dashboard_queries.txt"):
        expression = parse_dashboard_query(text)
        assert not isinstance(expression, SyntaxProblem)
        assert parse_dashboard_query(print_query(expression)) == expression


def test_a_leaf_stands_where_its_span_says() -> None:
    for kind, text, _ in monitors("monitor_queries.tsv"):
        query = parse_monitor(kind, text)
        for leaf in leaves(query) if isinstance(query, MonitorQuery) else ():
            assert parse_expression(text[slice(*leaf.span)]) == leaf
            assert text[slice(*leaf.metric_span)] == leaf.metric


def test_a_plain_real_query_is_printed_letter_for_letter_except_blanks() -> None:
    plain = [text for text in dashboard_texts("dashboard_queries.txt") if "(" not in text]

    assert len(plain) > 1000
    for text in plain:
        expression = parse_dashboard_query(text)
        assert not isinstance(expression, SyntaxProblem)
        assert "".join(print_query(expression).split()) == "".join(text.split())


def test_a_metric_monitor_parses_by_itself_as_by_its_type() -> None:
    for kind, text, _ in monitors("monitor_queries.tsv"):
        if kind in METRIC_TYPES and not text.lstrip().startswith("formula("):
            assert parse_metric_monitor(text) == parse_monitor(kind, text)
