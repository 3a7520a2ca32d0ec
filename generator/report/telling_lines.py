"""When what fails or is late is told, and to whom, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from generator.explain.arrivals import is_told_as_it_happens
from generator.explain.telling_table import ANY_HOURS, Happenings, TellingTable, failure_table, lateness_table
from generator.message.handles import handles
from generator.render.explanation import Explanation
from generator.report.visible import visible
from generator.schedule.fields import parse_local_time
from generator.schedule.local_time import of_minutes
from generator.schedule.zones import zone

_AT_ANY_HOUR = "When it is told: as it happens, on any day and at any hour"


def telling_lines(explanation: Explanation, days: Mapping[date, str]) -> tuple[str, ...]:
    """By weekday and hour, and on certain days; that it is any hour where it is told as it happens."""
    reached = _reached(explanation)
    table = _told_later(explanation, days)
    if table is not None:
        return (*_lines(table), *reached, "")
    is_any_hour = reached and is_told_as_it_happens(explanation.resource.payload)
    return (_AT_ANY_HOUR, *reached, "") if is_any_hour else ()


def _told_later(explanation: Explanation, days: Mapping[date, str]) -> TellingTable | None:
    """Where it is told at other hours than it happens, or happens at known ones."""
    written = {each.field: each.value for each in explanation.fields}
    office = zone(explanation.timezone)
    runs = zone(str(written.get("runs.timezone", explanation.timezone)))
    if not isinstance(office, ZoneInfo) or not isinstance(runs, ZoneInfo):
        return None
    payloads = [each.payload for each in explanation.together]
    hours = _hours(written)
    table = failure_table(payloads, Happenings(hours or ANY_HOURS, runs, office, days))
    if table is None and hours:
        table = lateness_table([explanation.resource.payload], Happenings(hours[:1], runs, office, days))
    if table is None and hours and explanation.resource.happens:
        at_once = Happenings(hours, runs, office, days)
        table = failure_table(payloads, at_once, arrives_within=explanation.arrives_within)
    return table


def _hours(written: Mapping[str, Any]) -> tuple[time, ...]:
    """The start and the end of a run where they are written."""
    texts = (written.get(name) for name in ("runs.from", "runs.to"))
    return tuple(of_minutes(parse_local_time(text)) for text in texts if isinstance(text, str))


def _lines(table: TellingTable) -> list[str]:
    grid = [(table.what, *table.columns), *((visible(days), *cells) for days, cells in table.rows)]
    widths = [max(len(line[column]) for line in grid) for column in range(len(grid[0]))]
    aligned = ["  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in grid]
    return [f"When it is told ({table.zone}):", *(f"  {line.rstrip()}" for line in aligned)]


def _reached(explanation: Explanation) -> tuple[str, ...]:
    found = handles(str(explanation.resource.payload.get("message") or ""))
    return (f"  to {visible(', '.join(found))}",) if found else ()
