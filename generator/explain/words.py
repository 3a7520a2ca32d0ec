"""A monitor in plain sentences, from its payload. What the payload lacks is not told; no payload makes this fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from generator.explain.chains import chain_condition, chain_groups, composite_condition
from generator.explain.durations import duration_words, span_words
from generator.explain.expressions import group_words, metric_condition, shift_sentence
from generator.explain.field_words import field_words
from generator.explain.phrases import COMPARISONS, code, listed, number
from generator.query.inspection import comparator, has_modifier
from generator.query.nodes import AsCount, ChainQuery, CompositeQuery, MonitorQuery, Opaque, Query
from generator.query.parser import parse_monitor
from generator.query.problem import SyntaxProblem

__all__ = ["explain_monitor", "field_words"]

_LONGEST_SECONDS = 10**9
_MOST_VARIABLES = 6
_MISSING_DATA = {
    "resolve": "Without data it is OK.",
    "show_no_data": "Without data it shows NO DATA and tells nobody.",
    "show_and_notify_no_data": "Without data it notifies.",
}


def explain_monitor(payload: Mapping[str, Any]) -> str:
    """What it alerts on and when it warns and ends, how late it reads, and what it does without data."""
    monitor_type, text = str(payload.get("type") or ""), str(payload.get("query") or "")
    options = _mapping(payload.get("options"))
    parsed = parse_monitor(monitor_type, text)
    query = None if isinstance(parsed, SyntaxProblem) else parsed
    sentences = [_condition(query, monitor_type, text, options), *_further(query, options)]
    if payload.get("draft_status") == "draft":
        sentences.append("It is a draft and notifies nobody.")
    return " ".join(sentence for sentence in sentences if sentence)


def _condition(query: Query | None, monitor_type: str, text: str, options: Mapping[str, Any]) -> str:
    if isinstance(query, MonitorQuery):
        threshold = query.threshold if isinstance(query.threshold, int | float) else code("critical_query")
        return f"Alerts{group_words(query)} when {metric_condition(query, number(threshold))}."
    if isinstance(query, ChainQuery):
        compared = query.threshold if query.threshold is not None else _threshold(options, "critical")
        return (
            f"Alerts{chain_groups(query)} when {chain_condition(query, '' if compared is None else number(compared))}."
        )
    if isinstance(query, CompositeQuery):
        return f"Alerts when {composite_condition(query)}."
    name = f"{monitor_type} monitor" if monitor_type else "monitor"
    return f"A {name} with the query {code(text)}." if text and not isinstance(query, Opaque) else f"A {name}."


def _further(query: Query | None, options: Mapping[str, Any]) -> Iterator[str]:
    yield _variables(options.get("variables"))
    warning, recovery = (_threshold(options, name) for name in ("warning", "critical_recovery"))
    if warning is not None:
        yield f"Warns {COMPARISONS.get((query and comparator(query)) or '', 'from')} {number(warning)}."
    if recovery is not None:
        yield f"Recovers at {number(recovery)}."
    if isinstance(query, MonitorQuery):
        yield shift_sentence(query)
    yield _delay(options.get("evaluation_delay"))
    yield _schedule(_mapping(options.get("scheduling_options")))
    yield _missing_data(query, options)
    yield _notified_groups(options.get("notify_by"))
    yield _renotification(options)


def _variables(variables: object) -> str:
    """What the names in a formula stand for."""
    found = [_mapping(each) for each in variables] if isinstance(variables, list) else []
    told = [f"{code(str(each.get('name')))} is {code(_variable_query(each))}" for each in found[:_MOST_VARIABLES]]
    return f"In it, {listed(told)}." if told else ""


def _variable_query(variable: Mapping[str, Any]) -> str:
    search = _mapping(variable.get("search")).get("query")
    return str(variable.get("query") or search or variable.get("data_source") or "")


def _delay(seconds: object) -> str:
    words = _seconds_words(seconds)
    return f"Reads {words} late, for metrics that come late." if words else ""


def _schedule(scheduling: Mapping[str, Any]) -> str:
    recurrences = _mapping(scheduling.get("custom_schedule")).get("recurrences")
    if not isinstance(recurrences, list) or not recurrences:
        return ""
    recurrence = _mapping(recurrences[0])
    rule, start, zone = (str(recurrence.get(name) or "") for name in ("rrule", "start", "timezone"))
    return f"Looks only on the schedule {code(rule)}, at {code(start.partition('T')[2][:5])} {zone}.".replace(" .", ".")


def _missing_data(query: Query | None, options: Mapping[str, Any]) -> str:
    policy = options.get("on_missing_data")
    if isinstance(policy, str) and policy in _MISSING_DATA:
        return _MISSING_DATA[policy]
    if options.get("notify_no_data") is True:
        after = _seconds_words(options.get("no_data_timeframe"), unit=60)
        return f"Notifies after {after} without data." if after else _MISSING_DATA["show_and_notify_no_data"]
    if not isinstance(query, MonitorQuery):
        return ""
    is_count = query.aggregation.function == "sum" or has_modifier(query, AsCount)
    return "No data counts as 0." if is_count else "Without data it stays as it is."


def _notified_groups(keys: object) -> str:
    """What one notification is about where it is about several of the query's groups."""
    named = [each for each in keys if isinstance(each, str)] if isinstance(keys, list) else []
    if not named:
        return ""
    of = "all groups" if named == ["*"] else f"each {listed(named[:_MOST_VARIABLES])}"
    return f"Tells once for {of}."


def _renotification(options: Mapping[str, Any]) -> str:
    every = _seconds_words(options.get("renotify_interval"), unit=60)
    if not every:
        return ""
    times, states = options.get("renotify_occurrences"), options.get("renotify_statuses")
    most = f", at most {number(times)} times" if isinstance(times, int) else ""
    named = listed(map(str, states)) if isinstance(states, list) and states else ""
    return f"Tells again every {span_words(every)}{f' in {named}' if named else ''}{most}."


def _threshold(options: Mapping[str, Any], name: str) -> float | None:
    value = _mapping(options.get("thresholds")).get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _seconds_words(value: object, *, unit: int = 1) -> str:
    """Words of a number of seconds or minutes; none for zero and for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value * unit < _LONGEST_SECONDS:
        return ""
    return duration_words(timedelta(seconds=value * unit))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
