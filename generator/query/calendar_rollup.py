"""Rollups that follow the calendar: `.rollup(sum, weekly, monday, 'Asia/Tokyo')`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.query.arguments import is_timezone
from generator.query.doubt import Doubt
from generator.query.nodes import Number, Rollup, StringLiteral
from generator.query.printer import print_query
from generator.query.problem import choices, nearest, shown

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_STARTS = {
    "daily": (re.compile(r"(?:1[0-2]|0?[1-9])[ap]m|(?:1[0-9]|2[0-3]|[0-9])"), "an hour such as `9am`"),
    "weekly": (re.compile(_DAYS), "a day such as `monday`"),
    "monthly": (re.compile(r"(?:1st|2nd|3rd|[4-9]th|1[0-9]th|2(?:0th|1st|2nd|3rd|[4-9]th)|30th|31st)"), "a day: `1st`"),
    "yearly": (re.compile(_MONTHS), "a month such as `april`"),
}


def calendar_doubts(rollup: Rollup) -> Iterator[Doubt]:
    if not isinstance(rollup.interval, str):
        yield from (
            Doubt("a rollup by seconds takes no further argument", extra.span, "write `.rollup(sum, 60)`")
            for extra in rollup.rest[:1]
        )
        return
    if rollup.interval not in _STARTS:
        hint = nearest(rollup.interval, _STARTS) or f"calendars are {choices(_STARTS)}"
        yield Doubt(f"no calendar is called {shown(rollup.interval)}", rollup.interval_span, hint)
        return
    pattern, example = _STARTS[rollup.interval]
    rest = list(rollup.rest)
    if rest and not isinstance(rest[-1], Number) and not pattern.fullmatch(rest[-1].text.lower()):
        zone = rest.pop()
        if not (isinstance(zone, StringLiteral) and is_timezone(zone.text)):
            hint = f"write {example}, then a time zone in quotes"
            yield Doubt(f"{shown(print_query(zone))} is neither a start nor a time zone", zone.span, hint)
    for start in rest[:1]:
        if not pattern.fullmatch(str(start.value) if isinstance(start, Number) else start.text.lower()):
            yield Doubt(
                f"a {rollup.interval} rollup does not start at {shown(print_query(start))}", start.span, example
            )
    for extra in rest[1:2]:
        yield Doubt("a calendar rollup takes a start and a time zone, nothing else", extra.span)
