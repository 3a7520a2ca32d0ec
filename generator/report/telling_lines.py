"""When what fails or is late is told, as a table, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from generator.explain.arrivals import looks, looks_back
from generator.explain.durations import duration_words
from generator.explain.recipients import Told, recipients
from generator.explain.telling_table import (
    ANY_HOURS,
    Happenings,
    TellingTable,
    failure_table,
    lateness_table,
    looks_table,
)
from generator.render.explanation import Explanation
from generator.report.visible import visible
from generator.resources.types import resource_types
from generator.schedule.fields import parse_local_time
from generator.schedule.local_time import of_minutes
from generator.schedule.recurrence import Recurrence
from generator.schedule.zones import zone


def telling_lines(explanation: Explanation, days: Mapping[date, str]) -> tuple[str, ...]:
    """By weekday and hour, and on certain days; that it is any hour where it is told as it happens."""
    resource = explanation.resource
    if not resource_types()[resource.resource].alerts or resource.payload.get("draft_status") == "draft":
        return ()
    table = _told_later(explanation, days) or _looks(explanation, days)
    when = _lines(table) if table is not None else [f"When it is told: {_at_any_hour(resource.payload)}"]
    return (*when, *_reached(resource.payload), "")


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


def _looks(explanation: Explanation, days: Mapping[date, str]) -> TellingTable | None:
    """Where it looks on days and at a time of its own."""
    found, office = looks(explanation.resource.payload), zone(explanation.timezone)
    if not isinstance(found, Recurrence) or not isinstance(office, ZoneInfo):
        return None
    return looks_table(found, office, days)


def _at_any_hour(payload: Mapping[str, Any]) -> str:
    back = looks_back(payload)
    if looks(payload) == "other":
        return "when it looks, which its schedule says"
    if back < timedelta():
        return "never, as it looks ahead"
    after = f"{duration_words(back)} after it happens" if back else "as it happens"
    return f"{after}, on any day and at any hour"


def _hours(written: Mapping[str, Any]) -> tuple[time, ...]:
    """The start and the end of a run where they are written."""
    texts = (written.get(name) for name in ("runs.from", "runs.to"))
    return tuple(of_minutes(parse_local_time(text)) for text in texts if isinstance(text, str))


def _lines(table: TellingTable) -> list[str]:
    grid = [(table.what, *table.columns), *((visible(days), *cells) for days, cells in table.rows)]
    return [f"When it is told ({table.zone}):", *_aligned(grid)]


def _reached(payload: Mapping[str, Any]) -> list[str]:
    """A line for each state in which it tells somebody else; one where it is always the same."""
    found = recipients(payload)
    if not any(each.handles or each.perhaps for each in found):
        return ["  to nobody: its message names no handle"]
    if len(found) == 1:
        return [f"  {_to(found[0])}"]
    return ["Who is told:", *_aligned([(each.state, _to(each)) for each in found])]


def _to(told: Told) -> str:
    certain, perhaps = (visible(", ".join(each)) for each in (told.handles, told.perhaps))
    if not perhaps:
        return f"to {certain or 'nobody'}"
    return f"to {certain}, perhaps to {perhaps}" if certain else f"perhaps to {perhaps}"


def _aligned(grid: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(line[column]) for line in grid) for column in range(len(grid[0]))]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in grid)
    return [f"  {line.rstrip()}" for line in lines]
