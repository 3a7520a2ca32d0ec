"""A backtest for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from generator.backtest.model import Backtest, Backtested
from generator.report.backtest_words import (
    Listed,
    alert_words,
    columns,
    duration,
    hours_words,
    listed,
    remarks,
    rows,
    span_words,
    summary,
    told_outside,
    why_not,
)
from generator.report.style import PLAIN, Style
from generator.report.visible import LONGEST_VALUE, cut, display_width, short, visible

_MOST_ALERTS = 15
_INDENT = "  "


def backtest_text(found: Backtest, *, width: int = 100, style: Style = PLAIN) -> str:
    """A table a monitor with its alerts in local time, then what was not back-tested and what was assumed."""
    lines = [style.bold(summary(found))]
    if found.monitors:
        lines.append(f"{span_words(found, found.monitors[0].hours.zone)}, from {short(found.source, LONGEST_VALUE)}")
    for each in found.run:
        lines += ["", *_monitor(each, found, width, style)]
    if found.not_run:
        lines += ["", style.bold("Not back-tested:")]
        lines += [f"{_INDENT}{short(each.tracking_id, LONGEST_VALUE)}: {why_not(each)}" for each in found.not_run]
    lines += ["", *(style.faint(line) for each in found.assumptions for line in textwrap.wrap(visible(each), width))]
    return "\n".join(lines).rstrip("\n") + "\n"


def _monitor(of: Backtested, found: Backtest, width: int, style: Style) -> Iterator[str]:
    yield f"{style.bold(short(of.tracking_id, LONGEST_VALUE))}  {style.faint(f'{visible(of.path)}:{of.line}')}"
    yield from _table(of, found)
    outside = told_outside(of)
    if outside:
        yield f"{_INDENT}told outside business hours, {hours_words(of.hours)}: {outside}"
    yield from (f"{_INDENT}note: {each}" for each in remarks(of, found))
    alerts = listed(of, found)
    if alerts:
        yield ""
        yield from (cut(each, width) for each in _alerts(alerts[:_MOST_ALERTS], of))
    if len(alerts) > _MOST_ALERTS:
        yield f"{_INDENT}… and {len(alerts) - _MOST_ALERTS:,} more alerts; `--format json` has all"


def _table(of: Backtested, found: Backtest) -> Iterator[str]:
    before, now = columns(found)
    grid = [("", before, now)] if before else []
    grid += [(row.name, row.before or "", row.now) for row in rows(of, found)]
    for line in _aligned(grid, right=(1, 2)):
        yield f"{_INDENT}{line}"


def _alerts(alerts: Sequence[Listed], of: Backtested) -> Iterator[str]:
    grid = []
    for each in alerts:
        when, group, value = alert_words(each.episode, of.hours)
        outside = "" if of.hours.are_at(each.episode.start) else "outside hours"
        length = duration(each.seconds)
        grid.append((each.sign, when, length, short(group, 60), value, outside))
    for line in _aligned(grid, right=(2, 4)):
        yield f"{_INDENT}{line}"


def _aligned(grid: Sequence[Sequence[str]], right: Sequence[int]) -> Iterator[str]:
    widths = [max(map(display_width, column)) for column in zip(*grid, strict=True)]
    for line in grid:
        cells = [
            " " * (width - display_width(cell)) + cell if place in right else cell + " " * (width - display_width(cell))
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()
