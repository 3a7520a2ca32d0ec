"""A backtest as one page: everything is inside, nothing runs, and a strict policy says so to the browser."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from generator.backtest.model import Backtest, Backtested, Course
from generator.report.backtest_plot import Lane, plot
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
from generator.report.html import prose
from generator.report.visible import LONGEST_VALUE, short, visible

_MOST_ALERTS = 100
_ROWS_OF_A_PAGE = 1500
_STYLE = """\
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --red: light-dark(#c5221f, #f28b82);
  --amber: light-dark(#b06000, #fdd663); --blue: light-dark(#1a5fb4, #8ab4f8); --grey: light-dark(#5f6368, #9aa0a6); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1rem 1.2rem 3rem; font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.4rem; margin: .5rem 0; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .2rem; overflow-wrap: anywhere; }
h3 { font-size: .95rem; font-weight: 600; margin: 1rem 0 .2rem; overflow-wrap: anywhere; }
p { margin: .3rem 0; overflow-wrap: anywhere; }
.faint, footer, caption { color: var(--grey); }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .6rem; font-size: .9rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .6rem 0; }
caption { text-align: left; font-size: .9rem; }
th, td { text-align: left; padding: .15rem 1.2rem .15rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.added td { background: light-dark(#e6f4ea, #0d3a1c); }
.gone td { color: var(--grey); }
.alerts td { white-space: nowrap; }
code { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; }
svg text { font: 11px system-ui, sans-serif; fill: var(--grey); }
.value, .other { fill: none; stroke: var(--blue); stroke-width: 1.3; stroke-linecap: round; stroke-linejoin: round; }
.other { stroke: var(--grey); stroke-width: 1; }
.axis { stroke: var(--grey); } .tick { stroke: var(--line); }
.limit { stroke-dasharray: 5 4; } .limit.alert { stroke: var(--red); } .limit.warn { stroke: var(--amber); }
rect.lane { fill: var(--soft); } rect.alert { fill: var(--red); } rect.warn { fill: var(--amber); }
rect.nodata { fill: var(--grey); }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"


def backtest_html(found: Backtest) -> str:
    return "".join(_page(found))


def _page(found: Backtest) -> Iterator[str]:
    title = f"Backtest: {summary(found)}"
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n"
    )
    if found.monitors:
        where = f"{span_words(found, found.monitors[0].hours.zone)}, from {short(found.source, LONGEST_VALUE)}"
        yield f"<p>{prose(where)}</p>\n"
    most = max(5, min(_MOST_ALERTS, _ROWS_OF_A_PAGE // max(1, len(found.run))))
    for each in found.run:
        yield from _monitor(each, found, most)
    yield from _not_run(found)
    yield "<footer>\n"
    yield from (f"<p>{prose(visible(each))}</p>\n" for each in found.assumptions)
    yield "</footer>\n</body>\n</html>\n"


def _monitor(of: Backtested, found: Backtest, most: int) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(short(of.tracking_id, LONGEST_VALUE))}</h2>\n"
    place = f"{short(of.path, LONGEST_VALUE)}:{of.line}"
    yield f'<p>{prose(short(of.title, LONGEST_VALUE))} <span class="faint">{escape(place)}</span></p>\n'
    yield from _table(of, found)
    outside = told_outside(of)
    if outside:
        yield f"<p>Told outside business hours, {prose(hours_words(of.hours))}: {prose(outside)}</p>\n"
    yield from (f"<p>Note: {prose(each)}</p>\n" for each in remarks(of, found))
    yield from _plots(of, found)
    yield from _alerts(of, found, most)
    yield "</section>\n"


def _table(of: Backtested, found: Backtest) -> Iterator[str]:
    before, now = columns(found)
    yield '<table class="counts">\n'
    if before:
        head = "".join(f'<th scope="col" class="number">{escape(each)}</th>' for each in (before, now))
        yield f"<tr><td></td>{head}</tr>\n"
    for row in rows(of, found):
        cells = (row.now,) if row.before is None else (row.before, row.now)
        numbers = "".join(f'<td class="number">{escape(cell)}</td>' for cell in cells)
        yield f'<tr><th scope="row">{escape(row.name)}</th>{numbers}</tr>\n'
    yield "</table>\n"


def _plots(of: Backtested, found: Backtest) -> Iterator[str]:
    versions = [each for each in (of.proposed, of.base) if isinstance(each, Course)]
    main, others = versions[0], versions[1:]
    earlier = {curve.group: curve for version in others for curve in version.curves}
    for curve in main.curves:
        other = earlier.get(curve.group)
        is_other = other is not None and (other.lows, other.highs) != (curve.lows, curve.highs)
        lanes = [_lane(version, name, curve.group) for version, name in _named(of, found)]
        drawn = plot(curve, main, lanes, of.hours.zone, other if is_other else None)
        group = short(", ".join(curve.group), LONGEST_VALUE)
        yield f"<h3>{escape(group)}</h3>\n" if group else ""
        yield f'<div class="scroll">{drawn}</div>\n'
    if others:
        yield f'<p class="faint">Grey behind the values: those at {escape(columns(found)[0])}, where they differ.</p>\n'
    left_out = main.groups - len(main.curves)
    if left_out > 0 and main.curves:
        yield f'<p class="faint">{left_out:,} more groups are not drawn; those that changed most are.</p>\n'


def _named(of: Backtested, found: Backtest) -> Iterator[tuple[Course, str]]:
    for version, name in zip((of.base, of.proposed), columns(found), strict=True):
        if isinstance(version, Course):
            yield version, name


def _lane(version: Course, name: str, group: tuple[str, ...]) -> Lane:
    return Lane(name, tuple(each for each in version.episodes if each.group == group))


def _alerts(of: Backtested, found: Backtest, most: int) -> Iterator[str]:
    alerts = listed(of, found)
    if not alerts:
        return
    yield f'<div class="scroll"><table class="alerts">\n<caption>Alerts, in {escape(of.hours.zone.key)}</caption>\n<tr>'
    where = [] if found.base is None else ["in"]
    yield "".join(f'<th scope="col">{each}</th>' for each in (*where, "when", "for", "group", "value", ""))
    yield "</tr>\n"
    words = {"+": ("added", "proposed only"), "-": ("gone", f"{columns(found)[0]} only"), " ": ("same", "both")}
    for each in alerts[:most]:
        kind, version = words[each.sign]
        when, group, value = alert_words(each.episode, of.hours)
        outside = "" if of.hours.are_at(each.episode.start) else "outside business hours"
        cells = (when, duration(each.seconds), short(group, 200), value, outside)
        shown = (version, *cells) if found.base is not None else cells
        yield f'<tr class="{kind}">{"".join(f"<td>{escape(cell)}</td>" for cell in shown)}</tr>\n'
    yield "</table></div>\n"
    if len(alerts) > most:
        yield f'<p class="faint">… and {len(alerts) - most:,} more alerts</p>\n'


def _not_run(found: Backtest) -> Iterator[str]:
    if found.not_run:
        yield "<section>\n<h2>Not back-tested</h2>\n<ul>\n"
        for each in found.not_run:
            yield f"<li>{escape(short(each.tracking_id, LONGEST_VALUE))}: {prose(why_not(each))}</li>\n"
        yield "</ul>\n</section>\n"
