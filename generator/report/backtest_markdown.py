"""A backtest as a comment on a pull request: a table of all monitors, then one folded section each."""

from __future__ import annotations

from collections.abc import Iterator

from generator.backtest.model import Backtest, Backtested
from generator.report.backtest_words import (
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
from generator.report.html import code, prose
from generator.report.markdown_parts import LONGEST_COMMENT
from generator.report.visible import LONGEST_VALUE, short, visible

MARKER = "<!-- toban backtest -->"
"""By this first line a workflow finds the comment that it wrote before."""

_MOST_ALERTS = 20
_RESERVED = 300


def backtest_markdown(found: Backtest, *, longest: int = LONGEST_COMMENT) -> str:
    """At most `longest` characters: sections that do not fit are left out whole."""
    told = "".join(_head(found))
    foot = "".join(f"<p><sub>{prose(visible(each))}</sub></p>\n" for each in found.assumptions)
    left_out = 0
    for section in (*(_section(each, found) for each in found.run), *_not_run(found)):
        if len(told) + len(section) + len(foot) + _RESERVED > longest:
            left_out += 1
        else:
            told += section
    if left_out:
        told += f"<p>… and {left_out:,} more that do not fit here; <code>--format json</code> has all</p>\n\n"
    return told + foot


def _head(found: Backtest) -> Iterator[str]:
    yield f"{MARKER}\n### {prose(summary(found))}\n\n"
    if found.monitors:
        where = f"{span_words(found, found.monitors[0].hours.zone)}, from {short(found.source, LONGEST_VALUE)}"
        yield f"<p>{prose(where)}</p>\n\n"


def _section(of: Backtested, found: Backtest) -> str:
    table = rows(of, found)
    first = table[0]
    counts = first.now if first.before is None else f"{first.before} → {first.now}"
    body = "".join((*_table(of, found), *_sentences(of, found), *_alerts(of, found)))
    name = code(short(of.tracking_id, LONGEST_VALUE))
    title = f"<br>{prose(short(of.title, LONGEST_VALUE))}" if of.title else ""
    return f"<details><summary><b>{counts} {first.name}</b> {name}{title}</summary>\n\n{body}</details>\n\n"


def _table(of: Backtested, found: Backtest) -> Iterator[str]:
    before, now = columns(found)
    yield "<table>\n"
    if before:
        yield f"<tr><th></th><th>{code(before)}</th><th>{prose(now)}</th></tr>\n"
    for row in rows(of, found):
        cells = (row.now,) if row.before is None else (row.before, row.now)
        numbers = "".join(f'<td align="right">{prose(cell)}</td>' for cell in cells)
        yield f"<tr><td>{prose(row.name)}</td>{numbers}</tr>\n"
    yield "</table>\n\n"


def _sentences(of: Backtested, found: Backtest) -> Iterator[str]:
    outside = told_outside(of)
    if outside:
        yield f"<p>Told outside business hours, {prose(hours_words(of.hours))}: {prose(outside)}</p>\n\n"
    yield from (f"<p>Note: {prose(each)}</p>\n\n" for each in remarks(of, found))


def _alerts(of: Backtested, found: Backtest) -> Iterator[str]:
    alerts = listed(of, found)
    if not alerts:
        return
    names = ("", f"alert ({prose(of.hours.zone.key)})", "for", "group", "value")
    yield f"<table>\n<tr>{''.join(f'<th>{name}</th>' for name in names)}</tr>\n"
    for each in alerts[:_MOST_ALERTS]:
        when, group, value = alert_words(each.episode, of.hours)
        outside = "" if of.hours.are_at(each.episode.start) else " 🌙"
        cells = (each.sign, f"{prose(when)}{outside}", prose(duration(each.seconds)), code(short(group, 100)), value)
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"
    yield "</table>\n\n"
    if len(alerts) > _MOST_ALERTS:
        yield f"<p>… and {len(alerts) - _MOST_ALERTS:,} more alerts</p>\n\n"
    if not all(of.hours.are_at(each.episode.start) for each in alerts):
        yield "<p><sub>🌙 outside business hours</sub></p>\n\n"


def _not_run(found: Backtest) -> Iterator[str]:
    if found.not_run:
        lines = "".join(
            f"<li>{code(short(each.tracking_id, LONGEST_VALUE))}: {prose(why_not(each))}</li>\n"
            for each in found.not_run
        )
        head = f"<details open><summary>{len(found.not_run):,} not back-tested</summary>"
        yield f"{head}\n\n<ul>\n{lines}</ul>\n</details>\n\n"
