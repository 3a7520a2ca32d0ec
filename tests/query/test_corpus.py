"""Real queries: all that Datadog is known to take must parse, all that it rejects for syntax must not."""

from __future__ import annotations

import pytest

from generator.query.doubts import doubts
from generator.query.inspection import leaves
from generator.query.nodes import MonitorQuery, Query
from generator.query.parser import SyntaxProblem, parse_expression, parse_metric_monitor
from generator.query.printer import print_query
from tests.query.corpus_report import (
    CORPUS,
    KNOWN_TO_BE_TAKEN,
    Real,
    accepted,
    from_other_parsers,
    in_dashboards,
    in_variables,
    known_to_be_taken,
    reason,
    reasons,
    recorded,
    rejected_for_syntax,
    suspects,
)

METRIC_TYPES = {"metric alert", "query alert"}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real queries is not on this machine")


@pytest.fixture(scope="module")
def queries() -> list[Real]:
    return list(accepted())


def refused(queries: list[Real]) -> list[Real]:
    return [real for real in queries if isinstance(real.parsed(), SyntaxProblem)]


def test_nearly_every_query_that_datadog_takes_parses(queries: list[Real]) -> None:
    good, tried = known_to_be_taken(queries)

    assert tried > 5000
    assert good / tried >= 0.995
    assert good == tried - 1


def test_every_exception_has_a_reason_and_every_reason_its_exception(queries: list[Real]) -> None:
    exceptions = refused([*queries, *from_other_parsers()])

    assert [real for real in exceptions if not reason(real)] == []
    assert {reason(real) for real in exceptions} == set(reasons().values())


def test_every_query_of_a_recorded_success_parses() -> None:
    found = list(recorded())

    assert len(found) > 300
    assert [real for real in refused(found) if not reason(real)] == []


def test_every_metric_query_inside_a_dashboard_or_an_slo_parses() -> None:
    found = list(in_dashboards())

    assert len(found) > 3000
    assert refused(found) == []


def test_every_variable_of_a_recorded_exchange_parses_and_prints_to_its_equal() -> None:
    found = set(in_variables())

    assert len(found) > 100
    assert refused(list(found)) == []
    assert [real for real in found if not real.returns_equal()] == []


def test_what_datadog_rejects_for_syntax_is_refused() -> None:
    found = list(rejected_for_syntax())

    assert len(found) >= 8
    assert [real for real in found if not isinstance(real.parsed(), SyntaxProblem)] == []


def test_every_suspect_metric_query_is_refused() -> None:
    found = [real for real in suspects() if real.kind in METRIC_TYPES]

    assert len(found) == 5
    assert len(refused(found)) == 5


def test_printing_a_real_query_changes_nothing_about_its_meaning(queries: list[Real]) -> None:
    assert [real for real in queries if not real.returns_equal()] == []


def test_real_queries_are_hardly_ever_doubted(queries: list[Real]) -> None:
    """A vendor's anomaly monitor with a useless argument, and a service check from before groups were asked for."""
    trees = [real.parsed() for real in queries if real.evidence in KNOWN_TO_BE_TAKEN]

    doubted = [doubt.message for tree in trees if isinstance(tree, Query) for doubt in doubts(tree)]

    assert sorted(doubted) == ["`service check` usually has `.by`", "the algorithm `basic` knows no seasonality"]


def test_a_leaf_stands_where_its_span_says(queries: list[Real]) -> None:
    for real in queries:
        query = real.parsed()
        for leaf in leaves(query) if isinstance(query, MonitorQuery) else ():
            assert parse_expression(real.text[slice(*leaf.span)]) == leaf
            assert real.text[slice(*leaf.metric_span)] == leaf.metric


def test_a_plain_real_query_is_printed_letter_for_letter_except_blanks(queries: list[Real]) -> None:
    plain = [real for real in queries if real.kind == "dashboard" and "(" not in real.text]

    assert len(plain) > 1000
    for real in plain:
        expression = real.parsed()
        assert not isinstance(expression, SyntaxProblem)
        assert "".join(print_query(expression).split()) == "".join(real.text.split())


def test_a_metric_monitor_parses_by_itself_as_by_its_type(queries: list[Real]) -> None:
    for real in queries:
        if real.kind in METRIC_TYPES and not real.text.lstrip().startswith("formula("):
            assert parse_metric_monitor(real.text) == real.parsed()
