"""A monitor in plain sentences, from its payload or its query. What they lack is not told; none makes this fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.explain.algorithms import algorithm_condition
from generator.explain.chains import chain_condition
from generator.explain.composites import composite_condition
from generator.explain.expressions import expression_words, subject_and_place
from generator.explain.field_words import field_words
from generator.explain.option_words import mapping, option_sentences, threshold_of
from generator.explain.phrases import code, listed, number
from generator.explain.predicates import DYNAMIC_THRESHOLD, predicate
from generator.explain.shifts import shift_sentence
from generator.explain.variables import variable_groups, variables_sentence
from generator.query.groups import result_groups
from generator.query.inspection import Inspected
from generator.query.nodes import ChainQuery, CompositeQuery, Expression, MonitorQuery, Opaque, Query
from generator.query.parser import parse_monitor
from generator.query.problem import SyntaxProblem

__all__ = ["explain_monitor", "explain_query", "field_words"]


def explain_monitor(payload: Mapping[str, Any]) -> str:
    """What it alerts on and when it warns and ends, how late it reads, and what it does without data."""
    monitor_type, text = str(payload.get("type") or ""), str(payload.get("query") or "")
    options = mapping(payload.get("options"))
    parsed = parse_monitor(monitor_type, text)
    query = None if isinstance(parsed, SyntaxProblem) else parsed
    sentences = [
        _untold(monitor_type, text) if query is None else _alert(query, options) or _untold(monitor_type, ""),
        variables_sentence(options.get("variables")),
        _shift(query),
        *(option_sentences(query, options) if "options" in payload else ()),
    ]
    if payload.get("draft_status") == "draft":
        sentences.append("It is a draft and notifies nobody.")
    return " ".join(sentence for sentence in sentences if sentence)


def explain_query(query: Inspected, monitor_type: str = "") -> str:
    """What a query alone says; of a dashboard's query or a formula, what it shows."""
    if isinstance(query, Opaque):
        return _untold(monitor_type, "")
    if isinstance(query, MonitorQuery | ChainQuery | CompositeQuery):
        return " ".join(sentence for sentence in (_alert(query, {}), _shift(query)) if sentence)
    return " ".join(sentence for sentence in _shown(query) if sentence)


def _alert(query: Query, options: Mapping[str, Any]) -> str:
    """Empty where the query says nothing."""
    keys = (*result_groups(query), *variable_groups(options.get("variables")))
    condition = _condition(query, options)
    return f"Alerts{_for_each(tuple(dict.fromkeys(keys)))} when {condition}." if condition else ""


def _condition(query: Query, options: Mapping[str, Any]) -> str:
    if isinstance(query, MonitorQuery):
        return algorithm_condition(query) or f"{''.join(subject_and_place(query.expression))} {predicate(query)}"
    if isinstance(query, ChainQuery):
        return chain_condition(query, _compared(query, options))
    return composite_condition(query) if isinstance(query, CompositeQuery) else ""


def _compared(query: ChainQuery, options: Mapping[str, Any]) -> str:
    """The number, of the query or of its options; the option's name where the query leaves it to a query there."""
    if isinstance(query.threshold, str):
        return DYNAMIC_THRESHOLD
    compared = query.threshold if query.threshold is not None else threshold_of(options, "critical")
    return "" if compared is None else number(compared)


def _shown(expression: Expression) -> Iterator[str]:
    yield f"Shows {expression_words(expression)}{_for_each(result_groups(expression))}."
    yield shift_sentence(expression)


def _for_each(keys: tuple[str, ...]) -> str:
    return f" for each {listed(keys)}" if keys else ""


def _shift(query: Query | None) -> str:
    return shift_sentence(query.expression) if isinstance(query, MonitorQuery) else ""


def _untold(monitor_type: str, text: str) -> str:
    name = f"{monitor_type} monitor" if monitor_type else "monitor"
    return f"A {name} with the query {code(text)}." if text else f"A {name}."
