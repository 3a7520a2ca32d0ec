"""The queries of logs, events, formulas, checks and SLOs in words."""

from __future__ import annotations

from generator.explain.chain_methods import argument_text, duration_of, first_text, head_argument, last_words, untold
from generator.explain.checks import check_condition
from generator.explain.objectives import budget_condition, burn_condition
from generator.explain.phrases import LONGEST_SCOPE, QUANTITIES, code
from generator.explain.searches import SUBJECTS, TOLD, aggregation_words, searched
from generator.query.nodes import ChainQuery, Method, StringLiteral

_CHANGES = ("relative", "absolute")
_TAILS = frozenset({"anomaly", "change", "forecast"})
_ENDS = frozenset({"by", "last", "current"})


def chain_condition(query: ChainQuery, threshold: str) -> str:
    """When it alerts; the threshold is passed in, as it may stand in the options."""
    if isinstance(query.head, StringLiteral):
        return check_condition(query, argument_text(query.head), threshold)
    if query.head == "burn_rate":
        return burn_condition(query, threshold)
    if query.head == "error_budget":
        return budget_condition(query, threshold)
    is_search = query.head in SUBJECTS
    subject = _with_tails(query, searched(query) if is_search else _formula(query))
    told = _TAILS | _ENDS | (TOLD if is_search else {"rollup"})
    compared = f"{QUANTITIES.get(query.comparator or '', '')} {threshold}".strip()
    return f"{subject} is {compared}{_within(query)}{untold(query, told)}"


def _formula(query: ChainQuery) -> str:
    formula = code(head_argument(query) or str(query.head), LONGEST_SCOPE)
    rollup = first_text(query, "rollup")
    return f"{aggregation_words(rollup)} {formula}" if rollup else formula


def _with_tails(query: ChainQuery, subject: str) -> str:
    """`the relative change of … against 1 month earlier`."""
    for method in query.methods:
        if method.name in _TAILS:
            subject = _with_tail(method, subject)
    return subject


def _with_tail(method: Method, subject: str) -> str:
    texts = [argument_text(argument) for argument in method.args]
    if method.name == "change" and len(texts) == 2 and texts[0] in _CHANGES and not method.kwargs:
        return f"the {texts[0]} change of {subject} against {duration_of(texts[1])} earlier"
    named = [f"{name} {argument_text(value)}" for name, value in method.kwargs]
    told = ", ".join([*texts, *named])
    return f"the {method.name} of {subject}{f' ({told})' if told else ''}"


def _within(query: ChainQuery) -> str:
    last, current = first_text(query, "last"), first_text(query, "current")
    if current:
        return f" in the current {duration_of(current).removeprefix('1 ')}"
    return f" in {last_words(last)}" if last else ""
