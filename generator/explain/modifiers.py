"""What stands after a metric's scope, in words."""

from __future__ import annotations

from collections.abc import Iterator

from generator.explain.durations import duration_text, span_words
from generator.explain.phrases import number, percentile
from generator.query.nodes import AsRate, Fill, MetricQuery, Name, Number, Rollup, StringLiteral, Weighted

_METHODS = {"avg": "averaged", "sum": "summed up", "min": "its lowest", "max": "its highest", "count": "counted"}
_CALENDARS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}


def modifier_words(leaf: MetricQuery) -> str:
    """` per second (summed up every hour, gaps filled with 0)`, or nothing."""
    rate = " per second" if any(isinstance(modifier, AsRate) for modifier in leaf.modifiers) else ""
    told = [words for modifier in leaf.modifiers if (words := _words(modifier))]
    return f"{rate} ({', '.join(told)})" if told else rate


def _words(modifier: object) -> str:
    if isinstance(modifier, Rollup):
        method = modifier.method or "avg"
        named = _METHODS.get(method) or f"its {percentile(method) or method}"
        return " ".join([named, *_interval(modifier)])
    if isinstance(modifier, Fill):
        return _fill(modifier)
    return "weighted by the life of its tags" if isinstance(modifier, Weighted) else ""


def _interval(rollup: Rollup) -> Iterator[str]:
    """`every hour`, `every week from Monday by the calendar of Asia/Tokyo`."""
    if isinstance(rollup.interval, int):
        yield f"every {span_words(duration_text(rollup.interval))}"
    elif rollup.interval is not None:
        yield f"every {_CALENDARS.get(rollup.interval, rollup.interval)}"
        rest = list(rollup.rest)
        zone = rest.pop() if rest and isinstance(rest[-1], StringLiteral) else None
        yield from (f"from {_start(start)}" for start in rest[:1])
        yield f"by the calendar of {zone.text}" if isinstance(zone, StringLiteral) else "by the calendar"


def _start(start: Number | StringLiteral | Name) -> str:
    """`Monday`, `9am`, `the 1st`, `9:00`."""
    if isinstance(start, Number):
        return f"{number(start.value)}:00"
    if not start.text[:1].isdigit():
        return start.text.capitalize()
    return start.text if start.text.endswith("m") else f"the {start.text}"


def _fill(fill: Fill) -> str:
    if isinstance(fill.method, int | float):
        way = f"filled with {number(fill.method)}"
    else:
        way = _WAYS.get(fill.method, "filled with a straight line")
    limit = f" for up to {duration_text(fill.limit_seconds)}" if fill.limit_seconds is not None else ""
    return f"gaps {way}{limit}"


_WAYS = {"null": "left open", "zero": "filled with 0", "last": "filled with the last value"}
