"""What a monitor does without data, in sentences.

Datadog documents that counts become 0 only of `on_missing_data: default`
(https://docs.datadoghq.com/monitors/guide/on_missing_data/), and of a monitor that says nothing that its state stays
(https://docs.datadoghq.com/monitors/guide/troubleshooting-monitor-alerts/). The simulator takes it so too.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from generator.explain.durations import duration_words
from generator.query.inspection import has_modifier, leaves, nodes
from generator.query.nodes import AsCount, Binary, Call, MonitorQuery, Query

_LONGEST_SECONDS = 10**9
_STAYS = "Without data it stays as it is."
_POLICIES = {
    "resolve": "Without data it is OK.",
    "show_no_data": "Without data it shows NO DATA and tells nobody.",
    "show_and_notify_no_data": "Without data it notifies.",
}
_COMPARE = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}


def missing_data_sentences(query: Query | None, options: Mapping[str, Any], warning: float | None) -> tuple[str, ...]:
    """What no data at all means, and what it means that one of several counts has none; none where nobody can say."""
    sentences = (_whole(query, options, warning), _partly(query) if isinstance(query, MonitorQuery) else "")
    return tuple(sentence for sentence in sentences if sentence)


def _whole(query: Query | None, options: Mapping[str, Any], warning: float | None) -> str:
    policy = _policy(options)
    if isinstance(policy, str) and policy in _POLICIES:
        return _POLICIES[policy]
    if policy != "default" and options.get("notify_no_data") is True:
        after = _minutes_words(options.get("no_data_timeframe"))
        return f"Notifies after {after} without data." if after else _POLICIES["show_and_notify_no_data"]
    if not isinstance(query, MonitorQuery) or any(isinstance(node, Call) for node in nodes(query)):
        return ""  # Of functions, which may put points where there are none, nothing is documented.
    return _by_default(query, warning) if policy == "default" else _unsaid(query, warning)


def _policy(options: Mapping[str, Any]) -> object:
    """A custom schedule needs one, and Datadog leaves `default` out of its answers beside it."""
    scheduling = options.get("scheduling_options")
    has_schedule = isinstance(scheduling, Mapping) and bool(scheduling.get("custom_schedule"))
    return options.get("on_missing_data") or ("default" if has_schedule else None)


def _by_default(query: MonitorQuery, warning: float | None) -> str:
    zero = f"Without data it counts 0{_outcome(query, warning)}"
    if has_modifier(query, AsCount):
        return f"{zero}."
    if _is_sum(query):
        return f"{zero}, or stays as it is: whether a sum without `.as_count()` is a count is not documented."
    return _STAYS


def _unsaid(query: MonitorQuery, warning: float | None) -> str:
    if not has_modifier(query, AsCount) and not _is_sum(query):
        return _STAYS
    zero = f"only with `on_missing_data: default` is it documented to count 0{_outcome(query, warning)}"
    return f"Without data it most likely stays as it is: {zero}."


def _outcome(query: MonitorQuery, warning: float | None) -> str:
    """Empty where another query computes the threshold."""
    if isinstance(query.threshold, str):
        return ""
    is_beyond = _COMPARE[query.comparator]
    warns = warning is not None and is_beyond(0, warning)
    return f", which {'alerts' if is_beyond(0, query.threshold) else 'warns' if warns else 'is OK'}"


def _partly(query: MonitorQuery) -> str:
    """Counts are added up before any arithmetic, to 0 where there are none, and nothing is divided by 0
    (https://docs.datadoghq.com/monitors/guide/as-count-in-monitor-evaluations/).
    """
    found = tuple(nodes(query))
    if not has_modifier(query, AsCount) or any(isinstance(node, Call) for node in found):
        return ""
    between = [node for node in found if isinstance(node, Binary) and leaves(node.left) and leaves(node.right)]
    if not any(node.operator != "+" for node in between):
        return ""
    divided = ", and with nothing to divide by it stays as it is" if any(n.operator == "/" for n in between) else ""
    return f"A metric that alone has no data counts 0{divided}."


def _is_sum(query: MonitorQuery) -> bool:
    return all(leaf.space in ("sum", "count") for leaf in leaves(query))


def _minutes_words(value: object) -> str:
    """Words of a number of minutes; none for zero and for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return ""
    seconds = value * 60
    return duration_words(timedelta(seconds=seconds)) if 0 < seconds < _LONGEST_SECONDS else ""
