"""Formulas over queries of metrics (`options.variables`)."""

from __future__ import annotations

from typing import Any

import pytest

from generator.simulate.evaluating import simulate
from generator.simulate.history import History
from generator.simulate.refusal import Refusal
from generator.simulate.settings import Settings
from tests.simulate.histories import START, at, changes, minutes, simulated

BAD, GOOD = minutes("1 9", metric="bad"), minutes("10 10", metric="good")


def variable(name: str, query: str, **of: Any) -> dict[str, Any]:
    return {"name": name, "data_source": "metrics", "query": query, "aggregator": "sum", **of}


VARIABLES = [variable("query1", "sum:bad{*}"), variable("query2", "sum:good{*}")]
RATIO = 'formula("query1 / query2").last("2m")'


@pytest.mark.parametrize(("order", "threshold", "alerts"), [
    ("queries_first", 0.4, True), ("queries_first", 0.6, False), ("points_first", 0.9, True),
])  # fmt: skip
def test_in_which_order_a_formula_is_aggregated_is_a_setting(order: Any, threshold: float, *, alerts: bool) -> None:
    # 10 of 20, or 0.1 + 0.9.
    found = simulated(
        f"{RATIO} > {threshold}",
        BAD,
        GOOD,
        since="00:01",
        until="00:01",
        settings=Settings(formulas=order),
        variables=VARIABLES,
    )
    assert bool(changes(found)) is alerts


@pytest.mark.parametrize(
    ("query", "variables", "reason"),
    [
        (f"{RATIO} > 1", [variable("query1", "sum:a{*}")], "names `query2`"),
        (f"{RATIO} > 1", None, "names `query1`"),
        (f"{RATIO} > 1", "a text", "names `query1`"),
        (f"{RATIO} > 1", [variable("query1", "sum:a{*}", data_source="logs"), VARIABLES[1]], "a formula over `logs`"),
        (f"{RATIO} > 1", [5, VARIABLES[1]], "a formula over `nothing`"),
        (f"{RATIO} > 1", [variable("query1", "sum:a{"), VARIABLES[1]], "the formula's query `query1` cannot be read"),
        (f"{RATIO} > 1", [variable("query1", "sum:a{*}", aggregator="max"), VARIABLES[1]], "aggregated differently"),
        ('formula("query1").rollup("sum").last("5m") > 1', VARIABLES, "other methods than `.last()`"),
        ('formula("query1").last("99999w") > 1', VARIABLES, "a month at most"),
        ('formula("query1 +").last("5m") > 1', VARIABLES, "cannot be read"),
    ],
)
def test_what_is_not_documented_of_formulas_is_refused(query: str, variables: object, reason: str) -> None:
    payload = {"type": "query alert", "query": query, "options": {"variables": variables}}
    refused = simulate(payload, History(()), since=START, until=at("00:10"))
    assert isinstance(refused, Refusal)
    assert reason in refused.reason
