"""The options of a monitor in sentences. What they lack is not told; no options make this fail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from generator.explain.algorithms import warned_share
from generator.explain.durations import duration_words, span_words
from generator.explain.missing_data import missing_data_sentences
from generator.explain.phrases import COMPARISONS, code, listed, number
from generator.query.inspection import comparator
from generator.query.nodes import MonitorQuery, Query, StringLiteral

_LONGEST_SECONDS = 10**9
_MOST_KEYS = 6
# What ends an alert: the first value that is no longer beyond the recovery threshold.
_RECOVERIES = {">": "at or below", ">=": "below", "<": "at or above", "<=": "above"}


def option_sentences(query: Query | None, options: Mapping[str, Any]) -> Iterator[str]:
    """When it warns and ends, how late it reads, when it looks, what it does without data, how often it tells."""
    yield from _limits(query, options)
    yield _delay(options.get("evaluation_delay"))
    yield _schedule(mapping(options.get("scheduling_options")))
    yield from missing_data_sentences(query, options, threshold_of(options, "warning"))
    yield _notified_groups(options.get("notify_by"))
    yield _renotification(options)


def threshold_of(options: Mapping[str, Any], name: str) -> float | None:
    value = mapping(options.get("thresholds")).get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _limits(query: Query | None, options: Mapping[str, Any]) -> Iterator[str]:
    compared = (comparator(query) if query else None) or ""
    warning = threshold_of(options, "warning")
    if warning is not None:
        yield f"Warns {_warning(query, compared, warning)}."
    for name, what in (("critical_recovery", "Recovers"), ("warning_recovery", "A warning ends")):
        recovery = threshold_of(options, name)
        if recovery is not None:
            amount = _amount(query, recovery)
            # The share of anomalies recovers at 0 %, Datadog's own default, whatever the comparator.
            yield f"{what} {'at' if amount.endswith('%') else _RECOVERIES.get(compared, 'at')} {amount}."


def _warning(query: Query | None, compared: str, warning: float) -> str:
    if isinstance(getattr(query, "head", None), StringLiteral):
        return "after 1 time" if warning == 1 else f"after {number(warning)} times in a row"
    return f"{COMPARISONS.get(compared, 'from')} {_amount(query, warning)}"


def _amount(query: Query | None, threshold: float) -> str:
    share = warned_share(query, threshold) if isinstance(query, MonitorQuery) else ""
    return share or number(threshold)


def _delay(seconds: object) -> str:
    words = _seconds_words(seconds)
    return f"Reads {words} late, for metrics that come late." if words else ""


def _schedule(scheduling: Mapping[str, Any]) -> str:
    recurrences = mapping(scheduling.get("custom_schedule")).get("recurrences")
    if not isinstance(recurrences, list) or not recurrences:
        return ""
    recurrence = mapping(recurrences[0])
    rule, start, zone = (str(recurrence.get(name) or "") for name in ("rrule", "start", "timezone"))
    return f"Looks only on the schedule {code(rule)}, at {code(start.partition('T')[2][:5])} {zone}.".replace(" .", ".")


def _notified_groups(keys: object) -> str:
    """What one notification is about where it is about several of the query's groups."""
    named = [each for each in keys if isinstance(each, str)] if isinstance(keys, list) else []
    if not named:
        return ""
    of = "all groups" if named == ["*"] else f"each {listed(named[:_MOST_KEYS])}"
    return f"Tells once for {of}."


def _renotification(options: Mapping[str, Any]) -> str:
    every = _seconds_words(options.get("renotify_interval"), unit=60)
    if not every:
        return ""
    times, states = options.get("renotify_occurrences"), options.get("renotify_statuses")
    most = f", at most {number(times)} times" if isinstance(times, int) else ""
    named = listed(map(str, states)) if isinstance(states, list) and states else ""
    return f"Tells again every {span_words(every)}{f' in {named}' if named else ''}{most}."


def _seconds_words(value: object, *, unit: int = 1) -> str:
    """Words of a number of seconds or minutes; none for zero and for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value * unit < _LONGEST_SECONDS:
        return ""
    return duration_words(timedelta(seconds=value * unit))
