"""When what fails is told, and to whom, as a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from generator.explain.telling_table import ANY_HOURS, TellingTable, telling_table
from generator.message.handles import handles
from generator.render.explanation import Explanation
from generator.report.visible import visible
from generator.schedule.fields import parse_local_time
from generator.schedule.local_time import of_minutes
from generator.schedule.zones import zone


def telling_lines(explanation: Explanation) -> tuple[str, ...]:
    """By weekday and hour; nothing where all is told as it happens."""
    written = {each.field: each.value for each in explanation.fields}
    office = zone(explanation.timezone)
    runs = zone(str(written.get("runs.timezone", explanation.timezone)))
    if not isinstance(office, ZoneInfo) or not isinstance(runs, ZoneInfo):
        return ()
    payloads = [each.payload for each in explanation.together if each.resource == "monitor"]
    table = telling_table(payloads, _hours(written), hours_zone=runs, zone=office)
    return () if table is None else (*_lines(table), *_reached(explanation), "")


def _hours(written: Mapping[str, Any]) -> tuple[time, ...]:
    """The start and the end of a run where they are written."""
    texts = (written.get(name) for name in ("runs.from", "runs.to"))
    found = tuple(of_minutes(parse_local_time(text)) for text in texts if isinstance(text, str))
    return found or ANY_HOURS


def _lines(table: TellingTable) -> list[str]:
    grid = [("a failure at", *table.columns), *((days, *cells) for days, cells in table.rows)]
    widths = [max(len(line[column]) for line in grid) for column in range(len(grid[0]))]
    aligned = ["  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)) for line in grid]
    return [f"When it is told ({table.zone}):", *(f"  {line.rstrip()}" for line in aligned)]


def _reached(explanation: Explanation) -> tuple[str, ...]:
    found = handles(str(explanation.resource.payload.get("message") or ""))
    return (f"  to {visible(', '.join(found))}",) if found else ()
