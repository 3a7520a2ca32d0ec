"""Monitors of an SLO in words: how fast its error budget burns, how much of it is used."""

from __future__ import annotations

from generator.explain.chain_methods import duration_of, first_text, head_argument, last_words, untold
from generator.explain.phrases import QUANTITIES, code
from generator.query.nodes import ChainQuery

_TOLD = frozenset({"over", "long_window", "short_window"})


def burn_condition(query: ChainQuery, threshold: str) -> str:
    """A rate of 1 uses up just all of the budget within the SLO's period."""
    period = duration_of(first_text(query, "over"))
    long, short = (last_words(first_text(query, name)) for name in ("long_window", "short_window"))
    rate = f"{_quantity(query)} {threshold} times as fast as would use it up in {period}"
    return f"the error budget of {_objective(query)} burns {rate}, both over {long} and over {short}{_rest(query)}"


def budget_condition(query: ChainQuery, threshold: str) -> str:
    budget = f"the error budget of {_objective(query)} for {duration_of(first_text(query, 'over'))}"
    return f"{_quantity(query)} {threshold} % of {budget} is used{_rest(query)}"


def _objective(query: ChainQuery) -> str:
    return f"SLO {code(head_argument(query))}"


def _quantity(query: ChainQuery) -> str:
    return QUANTITIES.get(query.comparator or "", "")


def _rest(query: ChainQuery) -> str:
    return untold(query, _TOLD, once=_TOLD)
