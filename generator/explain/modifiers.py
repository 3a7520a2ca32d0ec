"""What stands after a metric's scope, in words."""

from __future__ import annotations

from generator.explain.durations import duration_text, span_words
from generator.explain.phrases import number
from generator.query.nodes import AsRate, Fill, MetricQuery, Rollup, Weighted

_METHODS = {"avg": "averaged", "sum": "summed up", "min": "its lowest", "max": "its highest", "count": "counted"}
_CALENDARS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}


def modifier_words(leaf: MetricQuery) -> str:
    """` per second (summed up by hour, gaps filled with 0)`, or nothing."""
    rate = " per second" if any(isinstance(modifier, AsRate) for modifier in leaf.modifiers) else ""
    told = [words for modifier in leaf.modifiers if (words := _words(modifier))]
    return f"{rate} ({', '.join(told)})" if told else rate


def _words(modifier: object) -> str:
    if isinstance(modifier, Rollup):
        method = _METHODS.get(modifier.method or "avg", f"the {modifier.method} taken")
        return f"{method} by {_interval(modifier.interval)}" if modifier.interval is not None else method
    if isinstance(modifier, Fill):
        return _fill(modifier)
    return "weighted by time" if isinstance(modifier, Weighted) else ""


def _interval(interval: int | str) -> str:
    if isinstance(interval, str):
        return f"calendar {_CALENDARS.get(interval, interval)}"
    return span_words(duration_text(interval))


def _fill(fill: Fill) -> str:
    if isinstance(fill.method, int | float):
        return f"gaps filled with {number(fill.method)}"
    ways = {"null": "gaps left open", "zero": "gaps filled with 0", "last": "gaps filled with the last value"}
    return ways.get(fill.method, "gaps filled with a straight line")
